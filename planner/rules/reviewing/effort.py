"""What a stretch of time took, and whether effort and gain came from few places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.remark import Concentration
from planner.domain.review import Cost
from planner.domain.run import Run
from planner.rules.learning.settled import newest_outcomes

MOST = 0.5
"""A category that takes more than this share of the hours takes most of them."""
ENOUGH_JUDGED = 3
"""Judged ideas without a win from which a category is one in which nothing was ever won."""
ENOUGH_KEPT = 5
"""Kept gains of which the best is a fifth."""
BEST_FIFTH = 0.73
"""Share of all kept gain that the best fifth of wins gave in 63 public logs."""


def cost(past: Ledger, start: str) -> Cost:
    """What was spent from a moment on, and how many ideas came to a win then."""
    runs = _runs_since(past, start)
    energies = [run.energy_wh for run in runs if run.energy_wh is not None]
    newest = newest_outcomes(past).values()
    return Cost(
        human_hours=sum(human_hours(past.outcomes, start).values()),
        gpu_hours=sum(run.hours for run in runs),
        energy_wh=sum(energies) if energies else None,
        wins=sum(one.verdict == "improved" and one.at >= start for one in newest),
    )


def human_hours(outcomes: Iterable[Outcome], start: str) -> dict[int, float]:
    """Implementation hours by idea, of the outcomes from a moment on; one judged again adds what is new."""
    found: defaultdict[int, float] = defaultdict(float)
    counted: dict[int, float] = {}
    for outcome in outcomes:
        hours, before = outcome.hours or 0.0, counted.get(outcome.idea, 0.0)
        if outcome.at >= start:
            found[outcome.idea] += max(0.0, hours - before)
        counted[outcome.idea] = max(hours, before)
    return dict(found)


def concentration(past: Ledger, start: str, gpu_hour: float) -> Concentration:
    """Where the effort went from a moment on; `gpu_hour` is an hour of GPU in hours of a person."""
    newest = newest_outcomes(past)
    efforts = _efforts(past, newest, start)
    total = _total(efforts.values())
    top = max(efforts, key=lambda name: efforts[name].hours(gpu_hour), default=None)
    most = efforts[top] if top is not None else _Effort()
    kept = [gain for one in newest.values() if one.kept and (gain := one.gain) is not None and gain > 0]
    share = _share(most.hours(gpu_hour), total.hours(gpu_hour))
    return Concentration(
        category=top if share else None,
        hours=share,
        human_hours=_share(most.human, total.human),
        gpu_hours=_share(most.gpu, total.gpu),
        ideas=_share(most.ideas, total.ideas),
        kept=len(kept),
        best_fifth=best_fifth(kept),
        remark=_remark(top, share, past, newest) if top is not None else "",
    )


def best_fifth(gains: Sequence[float]) -> float | None:
    """Share of the sum that the largest fifth of the gains gives; None below five of them.

    Where a fifth of them is no whole number, the next one counts in part.
    """
    if len(gains) < ENOUGH_KEPT or sum(gains) <= 0:
        return None
    ordered, fifth = sorted(gains, reverse=True), len(gains) / 5
    whole = int(fifth)
    part = (fifth - whole) * ordered[whole] if fifth > whole else 0.0
    return (sum(ordered[:whole]) + part) / sum(ordered)


@dataclass
class _Effort:
    """What went into one category."""

    human: float = 0.0
    gpu: float = 0.0
    ideas: int = 0

    def hours(self, gpu_hour: float) -> float:
        """Both currencies in hours of a person."""
        return self.human + gpu_hour * self.gpu


def _efforts(past: Ledger, newest: Mapping[int, Outcome], start: str) -> dict[str, _Effort]:
    """By category, in the order of their names; the baseline's runs are nobody's."""
    found: defaultdict[str, _Effort] = defaultdict(_Effort)
    category = _category_of(past)
    for idea, hours in human_hours(past.outcomes, start).items():
        found[category(idea)].human += hours
    for run in _runs_since(past, start):
        if run.idea is not None:
            found[category(run.idea)].gpu += run.hours
    for one in newest.values():
        if one.at >= start:
            found[category(one.idea)].ideas += 1
    return dict(sorted(found.items()))


def _category_of(past: Ledger) -> Callable[[int], str]:
    return lambda idea: past.ideas[idea].category if idea in past.ideas else "other"


def _total(efforts: Iterable[_Effort]) -> _Effort:
    total = _Effort()
    for one in efforts:
        total.human, total.gpu, total.ideas = (
            total.human + one.human,
            total.gpu + one.gpu,
            total.ideas + one.ideas,
        )
    return total


def _remark(top: str, share: float, past: Ledger, newest: Mapping[int, Outcome]) -> str:
    """Said where most of the hours went into a category that has never won; `other` is no one place."""
    category = _category_of(past)
    judged = [one for one in newest.values() if one.verdict != "invalid"]
    own = [one for one in judged if category(one.idea) == top]
    won = sum(one.verdict == "improved" for one in own)
    if share <= MOST or won or len(own) < ENOUGH_JUDGED or top == "other":
        return ""
    elsewhere = sum(one.verdict == "improved" for one in judged)
    beside = f"; elsewhere {elsewhere} of {len(judged) - len(own)} improved" if elsewhere else ""
    return (
        f"{share:.0%} of the hours went into {top}, ".replace("%", " %")
        + f"where none of {len(own)} ideas has improved so far{beside}"
    )


def _runs_since(past: Ledger, start: str) -> list[Run]:
    return [run for run in past.runs.values() if run.ended_at and run.ended_at >= start]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
