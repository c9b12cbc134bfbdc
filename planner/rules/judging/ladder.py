"""The next step of a dispatched idea, from what the ledger holds and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.clock import after
from planner.domain.exhausted import OUT_OF_MEMORY
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Outcome
from planner.domain.run import LIVE, Run, Rung
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.rules.judging import verdict
from planner.rules.judging.comparison import (
    baseline_values,
    current_baseline,
    evidence_so_far,
    idea_values,
    since_dispatch,
)
from planner.rules.learning.measured import whole_hours
from planner.rules.learning.settled import newest_outcomes

CLIMB: tuple[Rung, ...] = ("check", "full")
"""The rungs in force: each but the last is climbed once, with seed 0; the last one decides."""


@dataclass(frozen=True, slots=True)
class Start:
    """Queue this run."""

    idea: int | None
    """The idea; None for a run of the baseline."""
    rung: Rung
    """The step of the ladder."""
    seed: int
    """The seed of every random generator."""
    retry_of: str | None = None
    """The crashed run it repeats."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Write down what became of the idea."""

    outcome: Outcome
    """The verdict with its numbers; `worth` is left open."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before something else has happened."""

    reason: str
    """What it waits for, in a few words."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The idea climbs no further until a person acts."""

    reason: str
    """Why, in a sentence."""


Step = Start | Settle | Wait | Halt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Climb:
    """One dispatched idea and the facts its next step depends on."""

    idea: Idea
    ledger: Ledger
    settings: Settings
    version: int
    """Of the baseline in force."""
    now: str
    own: tuple[Run, ...]
    """Every run of the idea, oldest first."""
    beside: tuple[Run, ...]
    """Every full run of the baseline in force, oldest first, but for those struck out."""


def next_step(idea: Idea, ledger: Ledger, settings: Settings, *, now: str) -> Step:
    """What the idea needs next; `now` is UTC, ISO 8601, and dates the outcome.

    Asking twice of the same ledger gives the same answer, so a step must be in the ledger
    before the next idea is asked: two ideas may need the same run of the baseline.
    """
    if idea.dispatch is None:
        return Wait("it has not been dispatched")
    if idea.dispatch.halted:
        return Wait(idea.dispatch.halted)
    baseline = current_baseline(ledger)
    if baseline is None:
        return Halt("there is no baseline to compare it with")
    climb = _climb(idea, ledger, settings, baseline.version, now)
    return _own_run(climb) or _cheap_rungs(climb) or _baseline_seeds(climb) or _own_seeds(climb)


def outlook(idea: Idea, ledger: Ledger, settings: Settings) -> str | None:
    """How many more seeds would decide and what they cost; None without evidence or with enough of it."""
    evidence = evidence_so_far(idea, ledger, settings)
    if evidence is None:
        return None
    further = verdict.more_seeds(evidence, settings.goal, ledger.calibration.base)
    if further is None:
        return f"more than {verdict.FARTHEST} further seeds would be needed to decide"
    if further == 0:
        return None
    seeds = "seed" if further == 1 else "seeds"
    hours = further * _hours_per_seed(idea, ledger, settings)
    return f"about {further} more {seeds} would decide, about {_in_words(hours)} GPU hours"


def describe(run: Run) -> str:
    """The run as a reason names it, such as `run r5 of the baseline (full, seed 2)`."""
    whose = " of the baseline" if run.idea is None else ""
    return f"run {run.id}{whose} ({run.rung}, seed {run.seed})"


def _climb(idea: Idea, ledger: Ledger, settings: Settings, version: int, now: str) -> _Climb:
    runs = ledger.runs.values()
    return _Climb(
        idea=idea,
        ledger=ledger,
        settings=settings,
        version=version,
        now=now,
        own=tuple(run for run in runs if run.idea == idea.id),
        beside=tuple(run for run in runs if _of_baseline(run, version) and not run.struck),
    )


def _of_baseline(run: Run, version: int) -> bool:
    return run.idea is None and run.rung == CLIMB[-1] and run.baseline == version


def _own_run(climb: _Climb) -> Step | None:
    """Waits for a run of the idea that has not ended, whichever dispatch queued it."""
    return next((Wait(f"waits for {describe(run)}") for run in climb.own if run.status in LIVE), None)


def _cheap_rungs(climb: _Climb) -> Step | None:
    """The cheap rungs, each once; None when all of them have passed since the dispatch."""
    recent = since_dispatch(climb.idea, climb.own)
    for rung in CLIMB[:-1]:
        attempts = _attempts(recent, rung, 0)
        if not attempts:
            return Start(climb.idea.id, rung, 0)
        if trouble := _own_trouble(climb, attempts):
            return trouble
    return None


def _baseline_seeds(climb: _Climb) -> Step | None:
    """The baseline's missing seeds, one after another; None when it has them all."""
    values = baseline_values(climb.ledger, climb.version)
    missing = [seed for seed in range(_full_seeds(climb.settings)) if seed not in values]
    if not missing:
        return None
    for run in climb.beside:
        if run.status in LIVE:
            return Wait(f"waits for {describe(run)}")
    attempts = _attempts(since_dispatch(climb.idea, climb.beside), CLIMB[-1], missing[0])
    return _baseline_trouble(climb, attempts) or Start(None, CLIMB[-1], missing[0])


def _own_seeds(climb: _Climb) -> Step:
    """The idea's own seeds, one at a time, until they decide or there are to be no more."""
    most = (climb.idea.dispatch and climb.idea.dispatch.seeds) or _full_seeds(climb.settings)
    recent = [run for run in since_dispatch(climb.idea, climb.own) if run.baseline == climb.version]
    for seed in sorted({run.seed for run in recent if run.rung == CLIMB[-1]}):
        if trouble := _own_trouble(climb, _attempts(recent, CLIMB[-1], seed)):
            return trouble
    evidence = evidence_so_far(climb.idea, climb.ledger, climb.settings)
    have = idea_values(climb.idea, climb.ledger)
    confirming = climb.idea.dispatch is not None and climb.idea.dispatch.confirm
    enough = len(have) >= most if confirming else not _wants_another(climb, recent)
    decided = evidence and verdict.judge(evidence, most, confirming=confirming)
    if evidence and decided and enough:
        return Settle(_judged(climb, evidence, decided))
    return Start(climb.idea.id, CLIMB[-1], next(seed for seed in range(len(have) + 1) if seed not in have))


def _wants_another(climb: _Climb, recent: Iterable[Run]) -> bool:
    """Whether it was judged before and no seed has been added since: who dispatches it again wants one."""
    judged = newest_outcomes(climb.ledger).get(climb.idea.id)
    if judged is None or judged.evidence is None or judged.baseline != climb.version:
        return False
    return not any(run.rung == CLIMB[-1] for run in recent)


def _attempts(runs: Iterable[Run], rung: Rung, seed: int) -> list[Run]:
    """The runs of one rung and seed, oldest first; the last one is what counts."""
    return [run for run in runs if run.rung == rung and run.seed == seed]


def _own_trouble(climb: _Climb, attempts: Sequence[Run]) -> Step | None:
    """What to do about a run of the idea that did not simply finish; None when it did."""
    run = attempts[-1]
    if short := _short_of_memory(run):
        return short
    if run.status == "failed":
        return Settle(_invalid(climb, run, run.cause or f"{describe(run)} failed"))
    if run.status == "finished":
        if run.rung == CLIMB[-1] and not verdict.counts(run.value):
            return Settle(_invalid(climb, run, f"{_no_number(climb)} in run {run.id}"))
        return None
    return _interrupted(attempts)


def _baseline_trouble(climb: _Climb, attempts: Sequence[Run]) -> Step | None:
    """What to do about the baseline's newest run of a seed that still has no value; None when none ran."""
    if not attempts:
        return None
    run = attempts[-1]
    if short := _short_of_memory(run):
        return short
    if run.status == "failed":
        return Halt(f"baseline run {run.id} failed: {run.cause or 'it did not say why'}")
    if run.status == "finished":
        return Halt(f"{_no_number(climb)} in baseline run {run.id}")
    return _interrupted(attempts)


def _interrupted(attempts: Sequence[Run]) -> Step | None:
    """A crash is nobody's evidence: once it is repeated, then a person must look. So it is with a stop."""
    run = attempts[-1]
    if run.status == "stopped":
        who = "by a person" if run.stop_requested or not run.cause else f"early: {run.cause}"
        return Halt(f"{describe(run)} was stopped {who}")
    if sum(attempt.status == "crashed" for attempt in attempts) > 1:
        return Halt(f"{describe(run)} crashed again: {run.cause or 'nobody knows why'}")
    return Start(run.idea, run.rung, run.seed, retry_of=run.id)


def _short_of_memory(run: Run) -> Step | None:
    """What asked for more memory than there is would ask for it again: it is never repeated unchanged."""
    if run.status not in ("failed", "crashed") or OUT_OF_MEMORY not in run.cause.lower():
        return None
    if run.cause.startswith(OUT_OF_MEMORY):
        advice = "" if "smaller" in run.cause else "; a smaller batch may fit"
        return Halt(f"{describe(run)} ran {run.cause}{advice}")
    return Halt(f"{describe(run)} ran out of memory; a smaller batch may fit: {run.cause}")


def _no_number(climb: _Climb) -> str:
    return f"{climb.settings.goal.metric} was missing or not finite"


def _full_seeds(settings: Settings) -> int:
    return max(1, settings.rung(CLIMB[-1]).seeds)


def _judged(climb: _Climb, evidence: Evidence, decided: Verdict) -> Outcome:
    """The outcome of an idea whose seeds have spoken."""
    reason = verdict.sentence(evidence, decided, climb.settings.goal)
    if decided == "inconclusive" and (more := outlook(climb.idea, climb.ledger, climb.settings)):
        reason += f"; {more}"
    return _outcome(climb, CLIMB[-1], decided, reason, evidence)


def _invalid(climb: _Climb, run: Run, reason: str) -> Outcome:
    """The outcome of an idea that could not be tried as it stands: never evidence against it."""
    return _outcome(climb, run.rung, "invalid", reason, None)


def _outcome(climb: _Climb, rung: Rung, decided: Verdict, reason: str, evidence: Evidence | None) -> Outcome:
    energies = [run.energy_wh for run in climb.own if run.energy_wh is not None]
    return Outcome(
        idea=climb.idea.id,
        # Wherever the clock stands now, the runs that it rests on ended before it.
        at=after(climb.now, *(run.ended_at or "" for run in (*climb.own, *climb.beside))),
        verdict=decided,
        reason=reason,
        rung=rung,
        baseline=climb.version,
        evidence=evidence,
        kept=decided == "improved",
        hours=climb.idea.spent_hours or None,
        run_hours=sum(run.hours for run in climb.own),
        energy_wh=sum(energies) if energies else None,
    )


def _hours_per_seed(idea: Idea, ledger: Ledger, settings: Settings) -> float:
    """Hours of one more full run: of the idea's own so far, else as measured, else as the project says."""
    runs = ledger.runs
    own = [r for r in runs.values() if r.idea == idea.id and r.rung == CLIMB[-1] and r.status == "finished"]
    if own:
        return sum(whole_hours(run, runs) for run in own) / len(own)
    return ledger.calibration.run_hours or settings.rung(CLIMB[-1]).hours


def _in_words(hours: float) -> str:
    """Two figures, without an exponent."""
    if hours < 0.01:
        return "0.01"
    return f"{hours:.2g}" if hours < 10 else f"{hours:.0f}"
