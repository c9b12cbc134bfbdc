"""Which finished runs are compared with which, and how far apart seeds lie."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging import verdict


def current_baseline(ledger: Ledger) -> Baseline | None:
    """The baseline in force; None before there is one."""
    return ledger.baselines[-1] if ledger.baselines else None


def expected_params(idea: Idea, baseline: Baseline) -> dict[str, object]:
    """What the recipe is given for the idea: the baseline's params with the idea's over them.

    Those that its sweep has chosen are among them.
    """
    chosen = idea.dispatch.chosen if idea.dispatch else None
    return {**baseline.params, **idea.change.params, **(chosen.params if chosen else {})}


def expected_code(idea: Idea, baseline: Baseline) -> tuple[str | None, str | None]:
    """The ref and the commit whose code the idea would run; None for the work tree, or where nobody says."""
    if idea.change.ref is not None:
        return idea.change.ref, idea.dispatch.commit if idea.dispatch else None
    return (None, None) if idea.change.implemented else code_of(baseline)


def code_of(baseline: Baseline) -> tuple[str | None, str | None]:
    """The same of the baseline itself: the work tree, but for one that was adopted with its branch."""
    return baseline.ref, baseline.commit if baseline.ref else None


def since_dispatch(idea: Idea, runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs queued since the idea's newest dispatch; none of an idea that has not been dispatched."""
    if idea.dispatch is None:
        return ()
    asked_at = idea.dispatch.at
    return tuple(run for run in runs if run.queued_at >= asked_at)


def baseline_values(ledger: Ledger, version: int) -> dict[int, float]:
    """The goal's metric of one baseline version by seed, with the seeds of the idea adopted into it."""
    return _values(baseline_runs(ledger, version))


def baseline_runs(ledger: Ledger, version: int) -> list[Run]:
    """The full runs that count for one baseline version, those of the idea adopted into it first."""
    return [*_adopted_runs(ledger, version), *_full_runs(ledger, None, version)]


def idea_values(idea: Idea, ledger: Ledger) -> dict[int, float]:
    """The goal's metric of the idea by seed, against the baseline in force.

    Full runs since its dispatch count, and older ones that ran exactly what it would run now.
    """
    baseline = current_baseline(ledger)
    if baseline is None:
        return {}
    return _values(as_it_is(idea, baseline, _full_runs(ledger, idea.id, baseline.version)))


def as_it_is(idea: Idea, baseline: Baseline, runs: Iterable[Run]) -> list[Run]:
    """Those of the idea's runs that speak of what it would run now, oldest first as they came.

    They are the runs since its dispatch, and older ones of the same params and code, unless a person who knew
    of those wanted it run anyway.
    """
    since = idea.dispatch.counts_since if idea.dispatch else ""
    runs = [run for run in runs if run.queued_at >= since]
    recent = {run.id for run in since_dispatch(idea, runs)}
    params, code = expected_params(idea, baseline), expected_code(idea, baseline)
    found = [
        run for run in runs if run.id in recent or (run.params == params and _same_code(_code(run), code))
    ]
    return [run for run in found if run.id in recent or _same_code(_code(run), _code(found[-1]))]


def newest_values(ledger: Ledger, idea: int, version: int) -> dict[int, float]:
    """The goal's metric by seed of what the idea last ran in full against one baseline version."""
    runs = _full_runs(ledger, idea, version)
    return _values(run for run in runs if alike(run, runs[-1]))


def seed_groups(ledger: Ledger) -> list[list[float]]:
    """The goal's metric of every configuration that ran in full, one list each."""
    return [list(_values(runs).values()) for runs in _configurations(ledger)]


def pair_groups(ledger: Ledger) -> list[list[float]]:
    """Differences to the baseline on the same seeds, one list for each configuration that ran in full."""
    by_version = {one.version: baseline_values(ledger, one.version) for one in ledger.baselines}
    return [
        [value - theirs[seed] for seed, value in _values(runs).items() if seed in theirs]
        for runs in _configurations(ledger)
        if runs[0].idea is not None and (theirs := by_version.get(runs[0].baseline, {}))
    ]


def measured_noise(ledger: Ledger, goal: Goal) -> float:
    """Seed-to-seed standard deviation in the metric's own unit; about an MEI before seeds have spoken."""
    return verdict.noise(seed_groups(ledger), goal.minimum_effect)


def evidence_so_far(idea: Idea, ledger: Ledger, settings: Settings) -> Evidence | None:
    """What the idea's seeds say against the baseline in force; None before both sides have one."""
    baseline = current_baseline(ledger)
    ours = idea_values(idea, ledger)
    theirs = baseline_values(ledger, baseline.version) if baseline else {}
    if not ours or not theirs:
        return None
    noise = measured_noise(ledger, settings.goal)
    spread = verdict.pair_noise(pair_groups(ledger), noise)
    return verdict.evidence(ours, theirs, settings.goal, noise, base_for(idea, ledger), spread)


def base_for(idea: Idea, ledger: Ledger) -> float:
    """The base rate an idea is judged with: the one in force when it was first judged.

    Its own outcome has moved the one in force now, and must not help its verdict.
    """
    judged = [one.evidence for one in ledger.outcomes if one.idea == idea.id and one.evidence is not None]
    return judged[0].base if judged else ledger.calibration.base


def _adopted_runs(ledger: Ledger, version: int) -> list[Run]:
    """Full runs of the idea that became this version, where they ran exactly what it now is.

    An idea adopted after another one ran without it: its runs are those of a different configuration.
    """
    for baseline in ledger.baselines:
        if baseline.version == version and baseline.adopted is not None:
            runs = _full_runs(ledger, baseline.adopted, version - 1)
            return [run for run in runs if run.params == baseline.params and alike(run, runs[-1])]
    return []


def _full_runs(ledger: Ledger, idea: int | None, version: int) -> list[Run]:
    """Finished full runs with a value, oldest first."""
    runs = ledger.runs.values()
    return [run for run in runs if run.idea == idea and run.baseline == version and _counts(run)]


def has_value(run: Run) -> bool:
    """Whether it finished with a value of the goal's metric that may be compared with others."""
    return run.status == "finished" and run.comparable and verdict.counts(run.value)


def newest_value(runs: Iterable[Run]) -> float | None:
    """The value of the last of the runs that has one; None when none has."""
    values = [run.value for run in runs if has_value(run)]
    return values[-1] if values else None


def alike(one: Run, other: Run) -> bool:
    """Whether two runs of an idea ran the same params and the same code, as far as the records say."""
    return one.params == other.params and _same_code(_code(one), _code(other))


def _counts(run: Run) -> bool:
    return run.rung == "full" and has_value(run)


def _configurations(ledger: Ledger) -> list[list[Run]]:
    """The full runs that count, those of one configuration together."""
    found: dict[tuple[int | None, int, str | None], list[list[Run]]] = {}
    for run in ledger.runs.values():
        if _counts(run):
            _join(found.setdefault((run.idea, run.baseline, run.ref), []), run)
    return [runs for alike in found.values() for runs in alike]


def is_of(run: Run, code: tuple[str | None, str | None]) -> bool:
    """Whether a run is of the code of this ref and commit."""
    return _same_code(_code(run), code)


def _code(run: Run) -> tuple[str | None, str | None]:
    return run.ref, run.commit


def _same_code(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """By ref, and by commit where both records name one: a branch moves."""
    return one[0] == other[0] and (one[1] == other[1] or None in (one[1], other[1]))


def _join(configurations: list[list[Run]], run: Run) -> None:
    """Puts the run with those of its params and code; comparing is quicker than hashing, and few differ."""
    for runs in configurations:
        if alike(runs[0], run):
            runs.append(run)
            return
    configurations.append([run])


def _values(runs: Iterable[Run]) -> dict[int, float]:
    """Values by seed; a seed that ran twice counts once, as it ran last."""
    return {run.seed: run.value for run in runs if run.value is not None}
