"""A screen on which a person may say something over the verdict of an idea."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.domain.outcome import Outcome
from planner.domain.view import RankedIdea
from screens.page import Page

if TYPE_CHECKING:
    from planner.domain.review import Tried


class Judged(NamedTuple):
    """An idea that has its verdict."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    outcome: Outcome | Tried
    """What it came to."""


class JudgingPage(Page):
    """A screen that says which idea is highlighted, and lets its verdict be judged."""

    @property
    def judged(self) -> Judged | None:
        """The highlighted idea with its verdict; None without one."""
        raise NotImplementedError

    def can_judge(self, action: str) -> bool:
        """Whether the verdict can be overruled, and a win adopted or declined."""
        judged = self.judged
        return judged is not None and (action == "overrule" or judged.outcome.verdict == "improved")

    def action_overrule(self) -> None:
        """Say another verdict than the seeds, with the reason, or take that back."""
        from screens.correcting import overrule

        if (judged := self.judged) is not None:
            overrule(self.planner, *judged)

    def action_adopt(self) -> None:
        """Make a win the next version of the baseline."""
        from screens.correcting import adopt

        if (judged := self.judged) is not None:
            adopt(self.planner, *judged)

    def action_decline(self) -> None:
        """Do not adopt a win, with the reason, or keep it after all."""
        from screens.correcting import decline

        if (judged := self.judged) is not None:
            decline(self.planner, *judged)


def judged_row(row: RankedIdea | None) -> Judged | None:
    """A row of the backlog that has its verdict; None of one whose verdict is still to come."""
    if row is None or row.outcome is None or row.outcome.given_up or row.idea.dispatch:
        return None
    return Judged(row.idea.id, row.idea.title, row.outcome)


def can_give_up(row: RankedIdea | None) -> bool:
    """Whether the idea can be given up as unworkable, or taken up again."""
    if row is None or row.status in ("queued", "running", "parked", "dropped"):
        return False
    return row.status != "done" or bool(row.outcome and row.outcome.given_up)
