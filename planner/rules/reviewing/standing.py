"""How far the project is on its way to the goal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from statistics import fmean

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.review import Standing
from planner.domain.run import Run
from planner.rules.judging.comparison import baseline_values, newest_values
from planner.rules.learning.settled import newest_outcomes


def standing(ledger: Ledger, goal: Goal) -> Standing:
    """How far the project is: the best mean of the newest baseline or an idea that improved.

    An idea that only had a lucky seed is no progress.
    """
    runs = _by_idea(ledger)
    baselines = _baseline_means(ledger, runs)
    means = [*baselines[-1:], *_improved_means(ledger, runs)]
    best, holder = max(means, key=lambda mean: goal.sign * mean[0], default=(None, ""))
    first = baselines[0][0] if baselines else None
    return Standing(
        best=best,
        holder=holder,
        first=first,
        reached=best is not None and goal.reached(best),
        share=_share(goal, first, best),
    )


Runs = dict[int | None, dict[str, Run]]
"""The runs of each idea by id; those of the baseline under None."""


def _by_idea(ledger: Ledger) -> Runs:
    """So that looking at one idea costs what it ran, not what everybody ran."""
    found: defaultdict[int | None, dict[str, Run]] = defaultdict(dict)
    for run in ledger.runs.values():
        found[run.idea][run.id] = run
    return dict(found)


def _baseline_means(ledger: Ledger, runs: Runs) -> list[tuple[float, str]]:
    """Mean and name of every baseline that ran, oldest first."""
    means = []
    for baseline in ledger.baselines:
        own = replace(ledger, runs={**runs.get(None, {}), **_adopted(runs, baseline.adopted)})
        values = baseline_values(own, baseline.version)
        means += [(fmean(values.values()), f"baseline {baseline.version}")] if values else []
    return means


def _adopted(runs: Runs, idea: int | None) -> dict[str, Run]:
    return {} if idea is None else runs.get(idea, {})


def _improved_means(ledger: Ledger, runs: Runs) -> list[tuple[float, str]]:
    """Mean and title of every idea that improved and ran here."""
    means = []
    for outcome in newest_outcomes(ledger).values():
        if outcome.verdict == "improved" and outcome.idea in runs:
            own = replace(ledger, runs=runs[outcome.idea])
            values = newest_values(own, outcome.idea, outcome.baseline)
            means += [(fmean(values.values()), title_of(ledger, outcome.idea))] if values else []
    return means


def title_of(ledger: Ledger, idea: int) -> str:
    """The title of an idea, or its number where it is not known."""
    return ledger.ideas[idea].title if idea in ledger.ideas else f"idea {idea}"


def _share(goal: Goal, first: float | None, best: float | None) -> float | None:
    """Share of the way from the first baseline to the target; None where there is none to go."""
    if first is None or best is None or goal.target is None:
        return None
    way = goal.sign * (goal.target - first)
    return goal.sign * (best - first) / way if way > 0 else None
