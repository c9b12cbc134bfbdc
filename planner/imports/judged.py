"""What the things that were tried came to: each against the best before it, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from planner.domain.goal import Direction, Goal
from planner.domain.verdict import Verdict
from planner.imports.cells import as_utc
from planner.imports.past import Past
from planner.rules.wording import numbers

MILLISECOND = timedelta(milliseconds=1)
"""What keeps two things apart that happened at the same time."""
NOTE_LIMIT = 600
"""Characters of a note that are kept with the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One thing that was tried, and what it came to."""

    past: Past
    """What was written down."""
    at: str
    """When, UTC, ISO 8601; made up where nobody said, so that the order is kept."""
    timed: bool
    """Whether somebody had said when."""
    verdict: Verdict
    """What it came to."""
    gain: float | None
    """What it gained in MEI; None when nobody knows, or another metric was measured."""
    best: float | None
    """The best value before it, in the metric's own unit."""


def judged(
    pasts: Iterable[Past], goal: Goal, *, since: str, now: str, guess: Callable[[str], str]
) -> tuple[Judged, ...]:
    """What was tried, oldest first; baselines and what was not tried left out.

    What has no time stands right after what was written before it; where nothing has one, from `since` on.
    `guess` answers the likely good direction of a metric, by its name.
    """
    judge = _Judge(goal, guess)
    told = [
        judge.of(past, at, timed)
        for past, at, timed in _in_time(list(pasts), since, now)
        if past.tried or past.baseline
    ]
    return tuple(one for one in told if one is not None)


class _Judge:
    """Remembers the best so far of every series."""

    def __init__(self, goal: Goal, guess: Callable[[str], str]) -> None:
        self._goal, self._guess = goal, guess
        self._best: dict[tuple[str, str | None], float] = {}

    def of(self, past: Past, at: str, timed: bool) -> Judged | None:
        """What one thing came to; None of a baseline."""
        series = (past.group, past.metric)
        best = self._best.get(series) if past.best_before is None else past.best_before
        gain = self._gain(past, best)
        mei = self._in_mei(past, gain)
        verdict = _verdict(past, gain, mei)
        if past.value is not None and (past.baseline or verdict == "improved" or best is None):
            self._best[series] = self._better(past, self._best.get(series))
        if past.baseline:
            return None
        return Judged(past=past, at=at, timed=timed, verdict=verdict, gain=mei, best=best)

    def _gain(self, past: Past, best: float | None) -> float | None:
        """What it gained in the metric's own unit."""
        if past.gain is not None or past.value is None or best is None:
            return past.gain
        return self._sign(past) * (past.value - best)

    def _in_mei(self, past: Past, gain: float | None) -> float | None:
        if past.gain_mei is not None:
            return past.gain_mei
        return gain / self._goal.minimum_effect if gain is not None and self._of_goal(past) else None

    def _of_goal(self, past: Past) -> bool:
        """Whether it was measured by what the project is after; where nobody says by what, it was."""
        own = past.metric is None or past.metric.strip().lower() == self._goal.metric.lower()
        return own and past.direction in (None, self._goal.direction)

    def _sign(self, past: Past) -> int:
        return 1 if self._direction(past) == "max" else -1

    def _direction(self, past: Past) -> Direction | str:
        if past.direction is not None:
            return past.direction
        return self._goal.direction if self._of_goal(past) else self._guess(past.metric or "")

    def _better(self, past: Past, best: float | None) -> float:
        assert past.value is not None
        if best is None:
            return past.value
        return max(best, past.value) if self._sign(past) > 0 else min(best, past.value)


def _verdict(past: Past, gain: float | None, mei: float | None) -> Verdict:
    """What somebody said; else what the numbers say, by the minimum effect where it applies."""
    if past.verdict is not None:
        return "worse" if past.verdict == "no gain" and mei is not None and mei <= -1 else past.verdict
    if mei is not None:
        return "improved" if mei >= 1 else "worse" if mei <= -1 else "no gain"
    if gain is not None:
        return "improved" if gain > 0 else "no gain"
    return "inconclusive"


def sentence(one: Judged, source: str) -> str:
    """The verdict in one sentence, with what the source says."""
    past = one.past
    parts = [f"as {source} says" + (f" (“{past.said}”)" if past.said else "")]
    if past.value is not None:
        before = "" if one.best is None else f" after {numbers.metric(one.best)}"
        parts.append(f"{past.metric or 'value'} {numbers.metric(past.value)}{before}")
    if one.verdict == "inconclusive" and one.best is None and past.verdict is None:
        parts.append("nothing came before it to compare it with")
    if past.notes:
        parts.append(" ".join(past.notes.split())[:NOTE_LIMIT])
    return f"{one.verdict}: {'; '.join(parts)}"


# -- time -----------------------------------------------------------------------------------------


def _in_time(pasts: Sequence[Past], since: str, now: str) -> list[tuple[Past, str, bool]]:
    """Everything in the order of time, no two at once, none in the future."""
    ordered = sorted(zip(pasts, _times(pasts, since), strict=True), key=lambda pair: pair[1])
    latest = datetime.fromisoformat(now)
    placed: list[tuple[Past, str, bool]] = []
    earlier = datetime.min.replace(tzinfo=UTC)
    for past, time in ordered:
        at = max(min(datetime.fromisoformat(time), latest), earlier + MILLISECOND if placed else earlier)
        placed.append((past, as_utc(at), past.at is not None and past.at <= now))
        earlier = at
    return placed


def _times(pasts: Sequence[Past], since: str) -> list[str]:
    """A time for each: its own, else that of what stands before it, else of the first that has one."""
    time = next((past.at for past in pasts if past.at), since)
    times = []
    for past in pasts:
        time = past.at or time
        times.append(time)
    return times
