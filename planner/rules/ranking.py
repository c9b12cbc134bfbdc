"""The ranking: ideas still to decide by score, best first, then the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf, isfinite

from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.domain.score import Score
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea
from planner.rules.defaults import ALIKE
from planner.rules.score import scorer
from planner.rules.settled import newest_outcomes
from planner.rules.status import status


def rank(
    ledger: Ledger, settings: Settings, scores: Mapping[int, Score] | None = None
) -> tuple[RankedIdea, ...]:
    """Every idea: those to decide by score, then the finished, newest first, the parked, the dropped.

    `scores` by idea's number saves computing them; those missing are computed.
    """
    score_of, known = scorer(ledger.calibration, settings), scores or {}
    outcomes = newest_outcomes(ledger)
    running = _running(ledger.runs.values())
    rows: defaultdict[str, list[RankedIdea]] = defaultdict(list)
    for idea in ledger.ideas.values():
        outcome = outcomes.get(idea.id)
        stands = status(idea, running.get(idea.id, ()), outcome)
        score = known.get(idea.id) or score_of(idea)
        row = RankedIdea(idea=idea, status=stands, score=score, outcome=outcome)
        rows[_SECTION.get(stands, "undecided")].append(row)
    landed = {number: place for place, number in enumerate(outcomes)}
    finished = sorted(rows["finished"], key=lambda row: -landed[row.idea.id])
    return (*_ranked(rows["undecided"]), *finished, *best_first(rows["parked"]), *best_first(rows["dropped"]))


def best_first(rows: Iterable[RankedIdea]) -> list[RankedIdea]:
    """By score, ties by number; a score that is no number comes last."""
    return sorted(rows, key=lambda row: (-_finite(row.score.value), row.idea.id))


def alike(one: float, other: float) -> bool:
    """Whether two scores are within 10 % of each other, so that their order is noise."""
    return abs(one - other) <= ALIKE * max(abs(one), abs(other))


_SECTION = {"done": "finished", "invalid": "finished", "parked": "parked", "dropped": "dropped"}
"""Where the ideas without a rank stand."""


def _ranked(rows: Iterable[RankedIdea]) -> list[RankedIdea]:
    return [replace(row, rank=place) for place, row in enumerate(best_first(rows), start=1)]


def _running(runs: Iterable[Run]) -> dict[int, list[Run]]:
    """The running runs by idea."""
    by_idea: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        if run.status == "running" and run.idea is not None:
            by_idea[run.idea].append(run)
    return by_idea


def _finite(value: float) -> float:
    return value if isfinite(value) else -inf
