"""The configurations that an idea's sweep has tried, read from its runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.run import Run, Rung
from planner.domain.settings import Settings
from planner.domain.sweep import State, Sweep, Tried
from planner.rules.judging import verdict
from planner.rules.sweeping.values import canonical

SEED = 0
"""The seed of every configuration; it chose the best one, and so is no evidence of it."""


def choosing_rung(settings: Settings) -> Rung:
    """The rung that configurations are compared on: `small` where it makes anything cheaper, else `full`."""
    return "small" if settings.rung("small").simplifies else "full"


def tried(idea: Idea, ledger: Ledger, settings: Settings) -> tuple[Tried, ...]:
    """What became of each configuration, against the baseline in force and with what else it would run now.

    Configurations of earlier rounds are among them, also where the axes have been narrowed since.
    """
    sweep, baseline = idea.change.sweep, ledger.baselines[-1] if ledger.baselines else None
    if sweep is None or baseline is None:
        return ()
    void = _mended(idea, ledger)
    rung = choosing_rung(settings)
    attempts: dict[int, list[Run]] = {}
    for run in ledger.runs.values():
        if run.idea == idea.id and run.config is not None and run.rung == rung and not run.replay_of:
            attempts.setdefault(run.config, []).append(run)
    return tuple(
        _tried(number, sweep, runs[-1])
        for number, runs in sorted(attempts.items())
        if comparable(runs[-1], idea, baseline) and not (runs[-1].status == "failed" and _before(runs, void))
    )


def comparable(run: Run, idea: Idea, baseline: Baseline) -> bool:
    """Whether a run differs from what the idea would run now in nothing but the sweep's own params."""
    sweep = idea.change.sweep
    if sweep is None or run.baseline != baseline.version or run.ref != idea.change.ref:
        return False
    rest = {**baseline.params, **idea.change.params}
    names = set(sweep.names)
    return names <= run.params.keys() and _without(run.params, names) == _without(rest, names)


def next_number(runs: Iterable[Run], idea: int) -> int:
    """The number of the next configuration of an idea: none is ever given twice."""
    return 1 + max((one.config for one in runs if one.idea == idea and one.config is not None), default=-1)


def live(configurations: Sequence[Tried]) -> list[Tried]:
    """Those whose run has not ended."""
    return [one for one in configurations if one.state in ("queued", "running")]


def same_values(run: Run, values: dict[str, object]) -> bool:
    """Whether a run was given just these values of an axis each."""
    return all(
        name in run.params and canonical(run.params[name]) == canonical(value)
        for name, value in values.items()
    )


def _tried(number: int, sweep: Sweep, run: Run) -> Tried:
    return Tried(
        number=number,
        values={name: run.params[name] for name in sweep.names},
        state=_state(run),
        run=run.id,
        value=run.value if _state(run) == "finished" else None,
        cause=run.struck or run.cause,
    )


def _state(run: Run) -> State:
    if run.struck:
        return "struck"
    return "diverged" if run.status == "finished" and not verdict.counts(run.value) else run.status


def _mended(idea: Idea, ledger: Ledger) -> str:
    """When the idea last came out invalid: what failed before then may have been mended since."""
    return max(
        (one.at for one in ledger.outcomes if one.idea == idea.id and one.verdict == "invalid"), default=""
    )


def _before(runs: Sequence[Run], moment: str) -> bool:
    return runs[-1].queued_at < moment


def _without(params: dict[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in names}
