"""The scores that a new calibration moves, each with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.score import Score
from planner.domain.settings import Settings
from planner.rules.defaults import MOVED
from planner.rules.learning.movement import Movement, Shift
from planner.rules.learning.settled import newest_outcomes
from planner.rules.scoring.ranking import place_in_order, undecided
from planner.rules.scoring.score import Scorer, scorer


def revisions(
    ledger: Ledger,
    before: Calibration,
    after: Calibration,
    settings: Settings,
    *,
    at: str,
    outcome_of: int | None,
    first_id: int,
) -> tuple[Revision, ...]:
    """One revision for each undecided idea whose score moved by more than 5 % or whose rank changed.

    Both ranks are among the ideas that are undecided now, so an idea that merely moves up into the place of
    a finished one is not revised. In the order of the new ranks, numbered from `first_id`.
    """
    was, now = scorer(before, settings), scorer(after, settings)
    open_ideas = [idea.id for idea in undecided(ledger)]
    old, new = _scores(was, ledger, open_ideas), _scores(now, ledger, open_ideas)
    old_ranks, new_ranks = _ranks(old), _ranks(new)
    cause, shift = _Cause(ledger, before, after, outcome_of), Shift(before, after)
    per_hour = settings.score.bottleneck == "hours"

    def movement(idea: Idea) -> Movement:
        return Movement(idea, was.parts(idea), now.parts(idea), shift, per_hour)

    moved = [idea for idea in new_ranks if has_moved(old[idea], new[idea], old_ranks[idea], new_ranks[idea])]
    return tuple(
        Revision(
            id=number,
            at=at,
            idea=idea,
            before=old[idea].value,
            after=new[idea].value,
            rank_before=old_ranks[idea],
            rank_after=new_ranks[idea],
            because=cause.of(movement(ledger.ideas[idea])),
            calibration=after.number,
            outcome_of=outcome_of,
        )
        for number, idea in enumerate(moved, start=first_id)
    )


def has_moved(before: Score, after: Score, rank_before: int, rank_after: int) -> bool:
    """Whether a person should hear of it: more than 5 % of the earlier score, or another rank."""
    return rank_before != rank_after or abs(after.value - before.value) > MOVED * abs(before.value)


def _scores(score: Scorer, ledger: Ledger, ideas: Iterable[int]) -> dict[int, Score]:
    """The scores of these ideas; all are scored, since the ranking will ask for the same ones."""
    scores = score.all(ledger.ideas.values())
    return {idea: scores[idea] for idea in ideas}


def _ranks(scores: Mapping[int, Score]) -> dict[int, int]:
    """Rank from 1 by idea, best first, ties by number."""
    ordered = sorted(scores.values(), key=place_in_order)
    return {score.idea: place for place, score in enumerate(ordered, start=1)}


class _Cause:
    """Says in one line why a score moved: what happened, and the factors it moved."""

    def __init__(
        self, ledger: Ledger, before: Calibration, after: Calibration, outcome_of: int | None
    ) -> None:
        known = {each.idea: each for calibration in (before, after) for each in calibration.finished}
        self._outcome = newest_outcomes(ledger).get(outcome_of) if outcome_of is not None else None
        self._idea = ledger.ideas.get(outcome_of) if outcome_of is not None else None
        self._finished = known.get(outcome_of) if outcome_of is not None else None
        self._because = after.because
        # An outcome that landed earlier was only corrected now: what was done is the news, not what it is.
        self._landed = self._outcome is not None and self._outcome.at == after.at

    def of(self, movement: Movement) -> str:
        """The line for one idea, such as `relative "mixup" won (×1.09), overlap ×0.88`."""
        if self._idea is None or self._outcome is None or not self._landed:
            return f"{_brief(self._because)}: {', '.join(movement.factors())}"
        happened = f'"{_brief(self._idea.title)}" {_came_to(self._outcome)}'
        if self._finished is not None and movement.is_relative(self._finished):
            kin = [f"relative {happened} (×{movement.relatives:.2f})", *movement.overlap_factor()]
            return ", ".join([*kin, *movement.factors(besides_relatives=True)])
        return f"{happened}: {', '.join(movement.factors())}"


def _came_to(outcome: Outcome) -> str:
    """What became of an idea, as a verb."""
    if outcome.given_up:
        return "was given up"
    verbs = {
        "improved": "won",
        "no gain": "brought no gain",
        "worse": "made it worse",
        "inconclusive": "stayed inconclusive",
        "invalid": "turned out invalid",
    }
    return verbs[outcome.verdict]


def _brief(text: str) -> str:
    """Short enough to be stored with every score that moved."""
    return text if len(text) <= 60 else text[:59] + "…"
