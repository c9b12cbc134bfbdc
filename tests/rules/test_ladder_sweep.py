"""A sweep on the ladder: each configuration once, the best confirmed on fresh seeds, one verdict."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run, Rung
from planner.domain.settings import DispatchSettings, RungSettings, Settings
from planner.domain.sweep import Tried
from planner.rules.judging.comparison import expected_params, seed_groups
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Halt, Search, Settle, Start, Step, Wait
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.best import edges
from planner.rules.sweeping.tried import choosing_rung, tried
from planner.rules.sweeping.values import key_of
from tests.rules.ledgers import ASKED, NOW, WRITTEN, a_ledger, a_run, an_idea, baseline_runs

SETTINGS = Settings(
    goal=Goal(metric="val_accuracy", minimum_effect=0.2), rungs={"full": RungSettings(seeds=3)}
)
WITH_SMALL = replace(SETTINGS, rungs={**SETTINGS.rungs, "small": RungSettings(fraction=0.2)})
BASE = (76.1, 76.3, 75.9)
THREE = sweep(["w=1,2,3"])


def sweeping(found=THREE, **fields: Any) -> Idea:
    """A dispatched idea that sweeps and sets one param besides."""
    return an_idea(1, **({"change": Change(params={"idea": 1}, sweep=found)} | fields))


def ledger_of(idea: Idea, *runs: Run) -> Ledger:
    cheap = [a_run(f"c-{rung}", 1, rung=rung, queued_at=ASKED) for rung in ("check", "tiny")]
    return a_ledger([idea], [*cheap, *baseline_runs(BASE), *runs])


def a_config(number: int, value: float | None, name: str = "", **fields: Any) -> Run:
    """A configuration of THREE that was tried in full."""
    usual = {"config": number, "params": {"lr": 0.1, "idea": 1, "w": number + 1}, "rung_params": {}}
    return a_run(name or f"s{number}", 1, value=value, **(usual | fields))


def step(*runs: Run, idea: Idea | None = None, settings: Settings = SETTINGS, **more: Any) -> Step:
    idea = idea or sweeping()
    return next_step(idea, ledger_of(idea, *runs), settings, now=NOW, **more)


# -- the order of things --------------------------------------------------------------------------


def test_the_cheap_rungs_look_at_one_configuration_near_the_baseline():
    idea = sweeping()
    ledger = a_ledger([idea], baselines=(Baseline(version=1, params={"lr": 0.1, "w": 3}, at=WRITTEN),))
    assert next_step(idea, ledger, SETTINGS, now=NOW) == Start(1, "check", 0, params={"w": 2})


@pytest.mark.parametrize("rung", ["check", "tiny"])
def test_what_fails_there_is_looked_at_in_another_configuration_before_the_idea_is_invalid(rung: Rung):
    idea, before = sweeping(), Baseline(version=1, params={"lr": 0.1, "w": 3}, at=WRITTEN)
    passed = [a_run("c0", 1, rung="check", params={"lr": 0.1, "idea": 1, "w": 2})] if rung == "tiny" else []

    def after(*runs: Run) -> Step:
        return next_step(idea, a_ledger([idea], [*passed, *runs], baselines=(before,)), SETTINGS, now=NOW)

    failed = a_run("c1", 1, rung=rung, status="failed", cause="no such width", params={"idea": 1, "w": 2})
    assert after(failed) == Start(1, rung, 0, params={"w": 1})
    again = replace(failed, id="c2", params={"idea": 1, "w": 1})
    found = after(failed, again)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.reason) == ("invalid", "no such width")
    passes = after(failed, replace(again, status="finished", covers=("tiny",)))
    assert passes == Start(1, "full", 0, params={"w": 1}, config=0)


def test_each_configuration_is_tried_with_seed_0_and_then_the_best_is_chosen():
    assert step() == Start(1, "full", 0, params={"w": 1}, config=0)
    assert step(a_config(0, 76.0)) == Start(1, "full", 0, params={"w": 2}, config=1)
    found = step(a_config(0, 76.0), a_config(1, 77.0), a_config(2, 76.5))
    assert isinstance(found, Choose)
    assert (found.chosen.config, found.chosen.params, found.chosen.tried) == (1, {"w": 2}, 3)
    assert (found.chosen.rung, found.chosen.value) == ("full", 77.0)


def test_configurations_run_on_small_where_it_is_in_force_unless_it_sets_their_params():
    assert step(settings=WITH_SMALL) == Start(1, "small", 0, params={"w": 1}, config=0)
    sets_w = replace(SETTINGS, rungs={"small": RungSettings(params={"w": 1})})
    assert choosing_rung(sweeping(), sets_w) == "full"
    assert choosing_rung(sweeping(), WITH_SMALL) == "small"


def test_that_the_best_one_lies_at_an_end_of_what_was_tried_is_told():
    found = step(a_config(0, 76.0), a_config(1, 76.5), a_config(2, 77.0))
    assert isinstance(found, Choose)
    assert found.chosen.edges == {"w": "highest"}
    assert chosen_in_words(found.chosen).endswith("at full, seed 0; w is the highest tried")
    lowest = step(a_config(0, 77.0), a_config(1, 76.5), a_config(2, 76.0))
    assert isinstance(lowest, Choose)
    assert lowest.chosen.edges == {"w": "lowest"}
    middle = step(a_config(0, 76.0), a_config(1, 77.0), a_config(2, None, status="failed", cause="no"))
    assert isinstance(middle, Choose)
    assert middle.chosen.edges == {}, "what failed was tried as well"


def test_words_and_a_single_number_have_no_end():
    def one(number: int, **values: object) -> Tried:
        return Tried(number=number, values=values, state="finished", run="r", value=1.0)

    assert edges(one(0, act="relu", n=3, flag=True), [one(0, act="relu", n=3, flag=True)]) == {}
    several = [one(0, act="relu", n=3, flag=True), one(1, act="gelu", n=2.5, flag=False)]
    assert edges(several[0], several) == {"n": "highest"}


def chosen_idea(params: dict[str, object] | None = None) -> Idea:
    """The idea once its second configuration was chosen."""
    found = step(a_config(0, 76.0), a_config(1, 77.0), a_config(2, None, status="failed", cause="no"))
    assert isinstance(found, Choose)
    return sweeping(dispatch=Dispatch(at=ASKED, by="ana", chosen=found.chosen))


def test_the_seed_that_chose_it_is_no_evidence_of_it():
    idea = chosen_idea()
    assert expected_params(idea, Baseline(version=1, params={"lr": 0.1}, at=WRITTEN))["w"] == 2
    configs = [a_config(0, 76.0), a_config(1, 77.0), a_config(2, None, status="failed", cause="no")]
    assert step(*configs, idea=idea) == Start(1, "full", 1)
    first = a_run("i1", 1, seed=1, value=77.2, params={"lr": 0.1, "idea": 1, "w": 2})
    second = replace(first, id="i2", seed=2, value=77.0)
    found = step(*configs, first, second, idea=idea)
    assert isinstance(found, Settle)
    assert found.outcome.evidence is not None
    assert [pair.seed for pair in found.outcome.evidence.pairs] == [1, 2]
    assert found.outcome.verdict == "improved"
    assert found.outcome.chosen == idea.dispatch.chosen  # type: ignore[union-attr]
    assert found.outcome.reason.endswith(
        "w 2: the best of 3 configurations at full, seed 0, of which 1 failed"
    )
    assert seed_groups(ledger_of(idea, *configs)) == [list(BASE)]


# -- trouble --------------------------------------------------------------------------------------


def test_a_configuration_that_fails_counts_as_tried():
    failed = a_config(0, None, status="failed", cause="ValueError: no such width")
    assert step(failed) == Start(1, "full", 0, params={"w": 2}, config=1)
    diverged = a_config(1, None)
    found = step(failed, diverged, a_config(2, 75.0))
    assert isinstance(found, Choose)
    assert (found.chosen.config, found.chosen.failed) == (2, 2)


def test_only_where_all_of_them_fail_is_the_idea_invalid():
    failed = [a_config(number, None, status="failed", cause="ValueError: no") for number in range(3)]
    found = step(*failed)
    assert isinstance(found, Settle)
    assert found.outcome.verdict == "invalid"
    assert found.outcome.reason == (
        "none of 3 configurations came to a value of val_accuracy; the first, s0: ValueError: no"
    )


def test_a_machine_that_cannot_run_any_of_them_is_no_fault_of_the_idea():
    short = "out of memory on the host: it was; a smaller batch may fit"
    found = step(*[a_config(number, None, status="failed", cause=short) for number in range(3)])
    assert isinstance(found, Halt)
    assert "out of memory" in found.reason


def test_a_crashed_configuration_is_tried_once_more_and_then_given_up():
    crashed = a_config(0, None, status="crashed", cause="killed")
    assert step(crashed) == Start(1, "full", 0, retry_of="s0", params={"w": 1}, config=0)
    again = a_config(0, None, "s0b", status="crashed", cause="killed")
    assert step(crashed, again) == Start(1, "full", 0, params={"w": 2}, config=1)


def test_a_stopped_configuration_halts_the_idea_and_the_next_dispatch_tries_it_again():
    stopped = a_config(0, None, status="stopped", stop_requested=True)
    found = step(stopped)
    assert isinstance(found, Halt)
    assert found.reason == "run s0 (full, seed 0, configuration 0) was stopped by a person"
    later = sweeping(dispatch=Dispatch(at="2026-11-02T13:00:00.000Z", by="ana"))
    cheap = [a_run("c9", 1, rung=rung, queued_at="2026-11-02T14:00:00.000Z") for rung in ("check", "tiny")]
    assert step(stopped, *[replace(one, id=one.rung) for one in cheap], idea=later) == Start(
        1, "full", 0, retry_of="s0", params={"w": 1}, config=0
    )


def test_what_failed_before_the_idea_came_out_invalid_is_tried_again():
    failed = [a_config(number, None, status="failed", cause="ValueError: no") for number in range(3)]
    idea = sweeping()
    outcome = Outcome(
        idea=1, at="2026-11-02T12:30:00.000Z", verdict="invalid", reason="", rung="full", baseline=1
    )
    ledger = replace(ledger_of(idea, *failed), outcomes=(outcome,))
    assert tried(idea, ledger, SETTINGS) == ()
    assert next_step(idea, ledger, SETTINGS, now=NOW) == Start(1, "full", 0, params={"w": 1}, config=3)


# -- how many at once -----------------------------------------------------------------------------


def test_a_grid_fills_every_slot_and_keeps_one_waiting():
    running = a_config(0, None, status="running")
    assert step(running) == Start(1, "full", 0, params={"w": 2}, config=1)
    assert isinstance(step(running, a_config(1, None, status="queued")), Wait)


def test_tpe_proposes_no_more_than_can_run_at_once():
    idea = sweeping(sweep(["w=1..30"], method="tpe", configs="20"))
    running = a_config(0, None, status="running")
    assert isinstance(step(running, idea=idea), Wait)
    two = replace(SETTINGS, dispatch=DispatchSettings(slots=2))
    assert isinstance(step(running, idea=idea, settings=two), Start)
    on_gpu = replace(running, device="GPU-1")
    assert isinstance(step(on_gpu, idea=idea), Start)


def test_tpe_asks_the_searcher_once_it_has_something_to_go_by():
    idea = sweeping(sweep(["w=1..30"], method="tpe", configs="6"))
    configs = [a_config(number, 70.0 + number) for number in range(2)]
    found = step(*configs, idea=idea)
    assert isinstance(found, Search)
    assert step(*configs, idea=idea, answer={"w": 17}) == Start(1, "full", 0, params={"w": 17}, config=2)
    known = step(*configs, idea=idea, answer={"w": 2})
    assert isinstance(known, Start)
    assert known.params not in ({"w": 1}, {"w": 2})


# -- what is known --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"params": {"lr": 0.2, "idea": 1, "w": 1}},
        {"baseline": 2},
        {"rung": "small"},
        {"rung_params": {"epochs": 1}},
        {"fraction": 0.5},
        {"ref": "other"},
        {"replay_of": "r1"},
        {"config": None},
    ],
)
def test_only_what_differs_in_nothing_but_the_sweeps_params_is_known(other: dict[str, Any]):
    idea = sweeping()
    assert len(tried(idea, ledger_of(idea, a_config(0, 76.0)), SETTINGS)) == 1
    assert tried(idea, ledger_of(idea, a_config(0, 76.0, **other)), SETTINGS) == ()


# -- any course of events -------------------------------------------------------------------------

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
