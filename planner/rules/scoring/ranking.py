"""The ranking: ideas still to decide by score, best first, then the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import inf, isfinite
from typing import NamedTuple

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.score import Score
from planner.domain.settings import Settings
from planner.domain.view import IdeaStatus, RankedIdea
from planner.rules.defaults import ALIKE
from planner.rules.learning.settled import newest_outcomes
from planner.rules.scoring.score import scorer
from planner.rules.status import status


def rank(
    ledger: Ledger, settings: Settings, scores: Mapping[int, Score] | None = None
) -> tuple[RankedIdea, ...]:
    """Every idea: those to decide by score, then the finished, newest first, the parked, the dropped.

    `scores` by idea's number saves computing them; those missing are computed.
    """
    known = dict(scores or {})
    unknown = [idea for idea in ledger.ideas.values() if idea.id not in known]
    known |= scorer(ledger.calibration, settings).all(unknown)
    outcomes = newest_outcomes(ledger)
    running = _running(ledger.runs.values())
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for idea in ledger.ideas.values():
        outcome = outcomes.get(idea.id)
        stands = status(idea, running.get(idea.id, ()), outcome)
        rows[_SECTION.get(stands, "undecided")].append(_Row(known[idea.id], idea, stands, outcome))
    landed = {number: place for place, number in enumerate(outcomes)}
    finished = sorted(rows["finished"], key=lambda row: -landed[row.idea.id])
    others = [*finished, *_best_first(rows["parked"]), *_best_first(rows["dropped"])]
    ranked = [_as_ranked(row, place) for place, row in enumerate(_best_first(rows["undecided"]), start=1)]
    return (*ranked, *[_as_ranked(row, None) for row in others])


def undecided(ledger: Ledger) -> list[Idea]:
    """The ideas that have a rank, in no order."""
    outcomes, running = newest_outcomes(ledger), _running(ledger.runs.values())
    return [
        idea
        for idea in ledger.ideas.values()
        if status(idea, running.get(idea.id, ()), outcomes.get(idea.id)) not in _SECTION
    ]


def place_in_order(score: Score) -> tuple[float, int]:
    """What scores are sorted by: best first, ties by the idea's number, a score that is no number last."""
    return (-score.value if isfinite(score.value) else inf, score.idea)


def alike(one: float, other: float) -> bool:
    """Whether two scores are within 10 % of each other, so that their order is noise."""
    return abs(one - other) <= ALIKE * max(abs(one), abs(other))


_SECTION = {"done": "finished", "invalid": "finished", "parked": "parked", "dropped": "dropped"}
"""Where the ideas without a rank stand."""


class _Row(NamedTuple):
    """An idea before it has its place."""

    score: Score
    idea: Idea
    status: IdeaStatus
    outcome: Outcome | None


def _best_first(rows: list[_Row]) -> list[_Row]:
    return sorted(rows, key=lambda row: place_in_order(row.score))


def _as_ranked(row: _Row, place: int | None) -> RankedIdea:
    return RankedIdea(idea=row.idea, status=row.status, score=row.score, rank=place, outcome=row.outcome)


def _running(runs: Iterable[Run]) -> dict[int, list[Run]]:
    """The running runs by idea."""
    by_idea: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        if run.status == "running" and run.idea is not None:
            by_idea[run.idea].append(run)
    return by_idea
