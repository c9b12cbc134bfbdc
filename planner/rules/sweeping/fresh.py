"""The fresh seeds of a sweep's configurations: runs in full, on which no choice rests."""

from __future__ import annotations

from collections import defaultdict

from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.rules.sweeping.swept import Swept
from planner.rules.sweeping.values import canonical


def fresh_seeds(found: Swept, ledger: Ledger) -> dict[int, tuple[Run, ...]]:
    """The full runs of each configuration beside the one that tried it, by its number, in order of seeds.

    Of a seed that ran more than once, the newest. Configurations that have none are left out.
    """
    by_values: defaultdict[tuple[str, ...], dict[int, Run]] = defaultdict(dict)
    for run in ledger.runs.values():
        if run.idea == found.idea.id and _counts(run, found):
            by_values[_values(run.params, found)][run.seed] = run
    seeds = {one.number: by_values.get(_values(one.values, found), {}) for one in found.tried}
    return {number: tuple(runs[seed] for seed in sorted(runs)) for number, runs in seeds.items() if runs}


def _counts(run: Run, found: Swept) -> bool:
    return run.rung == "full" and run.comparable and run.baseline == found.baseline


def _values(params: dict[str, object], found: Swept) -> tuple[str, ...]:
    return tuple(canonical(params.get(name)) for name in found.sweep.names)
