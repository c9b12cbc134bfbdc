"""What a person should know without being asked: a forgotten timer, a reason to stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.ledger import Ledger
from planner.domain.view import View

STOP = {
    "goal": "the goal is reached",
    "noise": "time to stop? what is left is too small to be told from noise",
    "drought": "time to stop? nothing has won for long, and little is promised",
}
"""A reason to stop, in short, by its kind."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know."""

    about: str
    """What makes it the same notice as before, though its words have changed."""
    text: str
    """All of it, in a sentence."""
    short: str
    """The same where there is little room."""


class Noticing:
    """Looks, in a thread, for what there is to know; remembers what only another ledger would change."""

    def __init__(self) -> None:
        self._ledger: Ledger | None = None
        self._stop: tuple[Notice, ...] = ()
        self._hidden: set[str] = set()

    def look(self, view: View, now: str) -> tuple[Notice, ...]:
        """Everything a person should know now."""
        if view.ledger is not self._ledger:
            self._ledger, self._stop = view.ledger, tuple(_stop(view))
        return (*_timers(view.ledger, now), *self._stop)

    def hide(self, notice: Notice) -> None:
        """Don't show it again."""
        self._hidden.add(notice.about)

    def left(self, notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
        """Those that were not hidden."""
        return tuple(one for one in notices if one.about not in self._hidden)


# The rules are loaded by the first look, which comes after the first paint.


def _timers(ledger: Ledger, now: str) -> Iterator[Notice]:
    from planner.rules.reviewing.attention import forgotten
    from planner.rules.reviewing.timers import has_run

    for one in forgotten(ledger, now=now):
        told = f"◔ #{one.idea}: {has_run(ledger.ideas[one.idea], now)}"
        yield Notice(f"timer {one.idea} {one.since}", f"{told}: s on it asks what the work took", told)


def _stop(view: View) -> Iterator[Notice]:
    from planner.rules.reviewing.standing import standing
    from planner.rules.reviewing.stop import stop

    told = stop(view.ledger, view.settings, view.ranked, standing(view.ledger, view.settings.goal))
    if told is not None:
        short = f"■ {STOP[told.kind]} · v says more"
        yield Notice(f"stop {told.kind}", f"■ {told.sentence}", short)
