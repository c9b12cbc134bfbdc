"""The configurations of a sweep: each is tried once, then the best of them goes on to its seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.domain.exhausted import OUT_OF_MEMORY
from planner.domain.idea import Idea
from planner.domain.run import LIVE, Run
from planner.domain.settings import Settings
from planner.domain.sweep import Chosen, Configuration, Sweep, Tried
from planner.rules.judging.cheap import CHEAP
from planner.rules.judging.climb import Climb
from planner.rules.judging.comparison import since_dispatch
from planner.rules.judging.steps import Choose, Halt, Search, Settle, Start, Step, Wait, describe
from planner.rules.sweeping.best import best, edges, told
from planner.rules.sweeping.probing import probe
from planner.rules.sweeping.proposing import Numbers, Question, proposed
from planner.rules.sweeping.tried import SEED, attempts, choosing_rung, next_number, tried

MOST_CRASHES = 2
"""A configuration that crashed so often since the dispatch is given up: it may be what crashes it."""


def first_seed(idea: Idea) -> int:
    """The first of an idea's own seeds: the one that chose a configuration is no evidence of it."""
    return SEED + 1 if idea.dispatch and idea.dispatch.chosen else 0


def probing(climb: Climb, step: Step | None) -> Step | None:
    """A step of the cheap rungs, which look at one configuration for all of them.

    What fails there may be that configuration: only where another one fails too is the idea invalid.
    """
    sweep = climb.idea.change.sweep
    if sweep is None:
        return step
    first, second = (probe(sweep, climb.baseline.params, second=one) for one in (False, True))
    failed = [run for run in climb.recent if run.rung in CHEAP and run.status == "failed"]
    if isinstance(step, Settle) and first != second and not any(_has(run, second) for run in failed):
        rung = step.outcome.rung
        return Start(climb.idea.id, "tiny" if rung == "tiny" else "check", 0, params=second)
    if not isinstance(step, Start):
        return step
    return replace(step, params=second if failed else first)


def _has(run: Run, values: Configuration) -> bool:
    return all(run.params.get(name) == value for name, value in values.items())


def swept(climb: Climb, answer: Numbers | None) -> Step | None:
    """What the sweep needs next; None once the best configuration is chosen."""
    sweep, wish = climb.idea.change.sweep, climb.idea.dispatch
    if sweep is None or wish is None or wish.chosen is not None:
        return None
    if trouble := _trouble(climb):
        return trouble
    known = tried(climb.idea, climb.ledger, climb.settings)
    live = [run for run in climb.every if run.config is not None and run.status in LIVE]
    if _room(sweep, live, climb.settings):
        found = proposed(sweep, known, climb.settings.goal, answer)
        if isinstance(found, Question):
            return Search(found)
        if found is not None:
            number = next_number(climb.every, climb.idea.id)
            rung = choosing_rung(climb.idea, climb.settings)
            return Start(climb.idea.id, rung, SEED, params=found, config=number)
    if live:
        return Wait(f"waits for {describe(live[0])}, one of {len(known)} configurations so far")
    return _chosen(climb, known)


def chosen_in_words(chosen: Chosen) -> str:
    """What was chosen from what, such as `lr 0.01, width 64: the best of 30 configurations at small`."""
    params = ", ".join(f"{name} {told(value)}" for name, value in chosen.params.items())
    configurations = "configuration" if chosen.tried == 1 else "configurations"
    failed = f", of which {chosen.failed} failed" if chosen.failed else ""
    ends = "".join(f"; {name} is the {end} tried" for name, end in chosen.edges.items())
    return (
        f"{params}: the best of {chosen.tried} {configurations} at {chosen.rung}, seed {SEED}{failed}{ends}"
    )


def _room(sweep: Sweep, live: Sequence[Run], settings: Settings) -> bool:
    """Whether another configuration may be queued: one that waits shows that every slot is taken.

    What TPE proposes rests on what ended before, so it never proposes more than can run at once.
    """
    if any(run.status == "queued" for run in live):
        return False
    if sweep.method != "tpe" or not live:
        return True
    slots = settings.dispatch.slots
    return all(run.device for run in live) if slots == "auto" else len(live) < slots


def _trouble(climb: Climb) -> Step | None:
    """What to do about configurations that neither ended by themselves nor run; None when there are none."""
    for number, runs in attempts(climb.idea, climb.ledger, climb.settings).items():
        run, recent = runs[-1], since_dispatch(climb.idea, runs)
        if run.status not in ("stopped", "crashed") or _short_of_memory(run):
            continue
        if run.status == "stopped" and recent:
            who = "by a person" if run.stop_requested or not run.cause else f"early: {run.cause}"
            return Halt(f"{describe(run)} was stopped {who}")
        if sum(one.status == "crashed" for one in recent) < MOST_CRASHES:
            names = climb.idea.change.sweep.names if climb.idea.change.sweep else ()
            params = {name: run.params[name] for name in names}
            return Start(climb.idea.id, run.rung, SEED, retry_of=run.id, params=params, config=number)
    return None


def _chosen(climb: Climb, known: Sequence[Tried]) -> Step:
    """The best configuration, or the end of a sweep of which none came to anything."""
    top = best(known, climb.settings.goal, climb.baseline.params)
    if top is None or top.value is None:
        return _none(climb, known)
    return Choose(
        Chosen(
            config=top.number,
            params=top.values,
            value=top.value,
            rung=choosing_rung(climb.idea, climb.settings),
            tried=len(known),
            failed=sum(one.value is None for one in known),
            edges=edges(top, known),
        )
    )


def _none(climb: Climb, known: Sequence[Tried]) -> Step:
    """Invalid where the configurations themselves failed; else a person must look at the machine."""
    runs = climb.ledger.runs
    failed = [
        one for one in known if one.state in ("failed", "diverged") and not _short_of_memory(runs[one.run])
    ]
    metric = climb.settings.goal.metric
    none = f"none of {len(known)} configurations came to a value of {metric}"
    if not failed:
        first = f"; the first, {known[0].run}: {known[0].cause or known[0].state}" if known else ""
        return Halt(f"{none}{first}")
    first_run = runs[failed[0].run]
    cause = first_run.cause or f"{metric} was missing or not finite"
    return Settle(climb.invalid(first_run, f"{none}; the first, {first_run.id}: {cause}"))


def _short_of_memory(run: Run) -> bool:
    """Whether it asked for more memory than there is: it would ask for it again."""
    return OUT_OF_MEMORY in run.cause.lower()
