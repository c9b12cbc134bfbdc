"""A sweep comes to its end by any course of events, and tries nothing twice."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.run import Run
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Halt, Search, Settle, Start
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.values import key_of
from tests.rules.ledgers import ASKED, NOW, a_ledger, baseline_runs
from tests.rules.one_sweep import BASE, SETTINGS, WITH_SMALL, sweeping

SWEEPS = (
    sweep(["lr2=1e-4..1e-1", "w=1..9", "act=a,b"], method="grid", configs="12"),
    sweep(["lr2=1e-4..1e-1", "w=1..9", "act=a,b"], method="random", configs="9"),
    sweep(["w=1..9"], method="tpe", configs="12"),
)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(SWEEPS), st.integers(0, 10_000), st.booleans())
def test_whatever_happens_no_configuration_is_tried_twice_and_the_sweep_ends(found, luck, small):
    chance = random.Random(luck)
    idea, rules = sweeping(found), WITH_SMALL if small else SETTINGS
    ledger = a_ledger([idea], baseline_runs(BASE))
    for number in range(200):
        asked = next_step(idea, ledger, rules, now=NOW)
        if isinstance(asked, Search):
            answer = {"w": chance.randint(1, 9)}
            asked = next_step(idea, ledger, rules, now=NOW, answer=answer)
        live = [run for run in ledger.runs.values() if run.status == "queued"]
        if isinstance(asked, Choose):
            idea = replace(idea, dispatch=replace(idea.dispatch, chosen=asked.chosen))
            ledger = replace(ledger, ideas={1: idea})
        elif isinstance(asked, Start):
            params = {"lr": 0.1, "idea": 1, **(asked.params or {})}
            simpler = rules.rung(asked.rung)
            run = Run(
                id=f"r{number}",
                idea=asked.idea,
                baseline=1,
                rung=asked.rung,
                seed=asked.seed,
                params=params,
                queued_at=ASKED,
                order=0.0,
                config=asked.config,
                retry_of=asked.retry_of,
                rung_params=simpler.params,
                fraction=simpler.fraction,
            )
            ledger = replace(ledger, runs=ledger.runs | {run.id: run})
        elif live:
            run = ended(chance.choice(live), chance)
            ledger = replace(ledger, runs=ledger.runs | {run.id: run})
        else:
            break
    assert isinstance(asked, Settle | Halt), asked
    configs = [run for run in ledger.runs.values() if run.config is not None]
    first = [run for run in configs if run.retry_of is None]
    keys = [key_of({name: run.params[name] for name in found.names}) for run in first]
    assert len(set(keys)) == len(keys) <= found.configs
    assert {run.config for run in configs} == set(range(len(first)))


def ended(run: Run, chance: random.Random) -> Run:
    """How a run may end; the cheap rungs pass."""
    if run.config is None:
        return replace(run, status="finished", value=76.0 + chance.random())
    how = chance.choice(["finished", "finished", "finished", "failed", "crashed", "diverged"])
    if how == "finished":
        return replace(run, status="finished", value=75 + 2 * chance.random())
    if how == "diverged":
        return replace(run, status="finished")
    return replace(run, status=how, cause=how)  # type: ignore[arg-type]  # a state it can end in
