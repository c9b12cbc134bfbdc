"""Which runs were given exactly what an idea would be given now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.rules.judging import verdict


def tried(params: Mapping[str, object], rung: RungSettings, ledger: Ledger) -> list[Run]:
    """The finished runs of the rung `full` with these params, oldest first; replays are nobody's result."""
    return [run for run in ledger.runs.values() if _finished(run) and _given(run, params, rung)]


def failures(idea: Idea, params: Mapping[str, object], ledger: Ledger) -> list[Run]:
    """The runs of an idea with these params that failed, on whatever rung, oldest first."""
    own = (run for run in ledger.runs.values() if run.idea == idea.id and run.status == "failed")
    return [run for run in own if run.comparable and alike(run.params, params)]


def alike(one: object, other: object) -> bool:
    """Whether two values of a param are the same: `1` is `1.0`, and is not `true`."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def seeds_of(runs: Iterable[Run]) -> tuple[int, ...]:
    """The seeds that ran, in order."""
    return tuple(sorted({run.seed for run in runs}))


def _finished(run: Run) -> bool:
    good = run.rung == "full" and run.status == "finished" and not run.struck and run.replay_of is None
    return good and verdict.counts(run.value)


def _given(run: Run, params: Mapping[str, object], rung: RungSettings) -> bool:
    if run.params != params or not alike(run.params, params):  # the quick answer first: most runs differ
        return False
    if run.rung_params is None:
        return True
    return alike(run.rung_params, rung.params) and (run.fraction or 1.0) == (rung.fraction or 1.0)
