"""The configurations that an idea's sweep has tried, read from its runs."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.run import Run, Rung
from planner.domain.settings import Settings
from planner.domain.sweep import State, Sweep, Tried
from planner.rules.judging import verdict
from planner.rules.judging.comparison import expected_code, is_of

SEED = 0
"""The seed of every configuration; it chose the best one, and so is no evidence of it."""


def choosing_rung(idea: Idea, settings: Settings) -> Rung:
    """The rung that configurations are compared on: `small` where it makes them cheaper, else `full`.

    A rung that sets one of the sweep's own params says nothing of them.
    """
    small, sweep = settings.rung("small"), idea.change.sweep
    overridden = sweep is not None and any(name in small.params for name in sweep.names)
    return "small" if small.simplifies and not overridden else "full"


def tried(idea: Idea, ledger: Ledger, settings: Settings) -> tuple[Tried, ...]:
    """What became of each configuration, against the baseline in force and with what else it would run now.

    Configurations of earlier rounds are among them, also where the axes have been narrowed since.
    """
    sweep = idea.change.sweep
    if sweep is None:
        return ()
    found = attempts(idea, ledger, settings)
    return tuple(_tried(number, sweep, runs[-1]) for number, runs in found.items())


def attempts(idea: Idea, ledger: Ledger, settings: Settings) -> dict[int, list[Run]]:
    """The runs of each configuration, oldest first, by number; the last one is what counts."""
    baseline = ledger.baselines[-1] if ledger.baselines else None
    if idea.change.sweep is None or baseline is None:
        return {}
    since = idea.dispatch.counts_since if idea.dispatch else ""
    mended = _mended(idea, ledger)
    found: dict[int, list[Run]] = {}
    for run in ledger.runs.values():
        if run.idea != idea.id or run.config is None or run.queued_at < since:
            continue
        if comparable(run, idea, baseline, settings):
            found.setdefault(run.config, []).append(run)
    return {
        number: runs
        for number, runs in sorted(found.items())
        if runs[-1].status != "failed" or runs[-1].queued_at >= mended
    }


def comparable(run: Run, idea: Idea, baseline: Baseline, settings: Settings) -> bool:
    """Whether a run differs from what the idea would run now in nothing but the sweep's own params."""
    sweep, rung = idea.change.sweep, choosing_rung(idea, settings)
    if sweep is None or run.baseline != baseline.version or run.rung != rung or run.replay_of:
        return False
    simpler = settings.rung(rung)
    given = run.rung_params, run.fraction
    if run.rung_params is not None and given != (simpler.params, simpler.fraction):
        return False  # a run that came back from its folder alone does not say
    if not is_of(run, expected_code(idea, baseline)):
        return False
    rest, names = {**baseline.params, **idea.change.params}, set(sweep.names)
    return names <= run.params.keys() and _without(run.params, names) == _without(rest, names)


def next_number(runs: Iterable[Run], idea: int) -> int:
    """The number of the next configuration of an idea: none is ever given twice."""
    return 1 + max((one.config for one in runs if one.idea == idea and one.config is not None), default=-1)


def _tried(number: int, sweep: Sweep, run: Run) -> Tried:
    return Tried(
        number=number,
        values={name: run.params[name] for name in sweep.names},
        state=_state(run),
        run=run.id,
        value=run.value if _state(run) == "finished" else None,
        cause=run.cause,
    )


def _state(run: Run) -> State:
    return "diverged" if run.status == "finished" and not verdict.counts(run.value) else run.status


def _mended(idea: Idea, ledger: Ledger) -> str:
    """When the idea last came out invalid: what failed before then may have been mended since."""
    return max(
        (one.at for one in ledger.outcomes if one.idea == idea.id and one.verdict == "invalid"), default=""
    )


def _without(params: dict[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in names}
