"""A sweep whose best configuration brings nothing ends by its own runs, without a further seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Settle, Start, Step
from planner.rules.judging.striking import struck_anew
from planner.rules.notation.sweeping import sweep
from tests.rules.ledgers import ASKED, NOW, WRITTEN, a_run, with_runs
from tests.rules.one_sweep import SETTINGS, WITH_SMALL, a_config, ledger_of, step, sweeping

AS_SMALL = {"rung": "small", "fraction": 0.2}
BEHIND = (a_config(0, 74.0), a_config(1, 75.0), a_config(2, 74.5))
"""The best of them is behind the baseline, on the seed that chose it."""


def last_step(*configs: Run, idea: Idea | None = None, settings: Settings = SETTINGS) -> Step:
    """What comes once the best of these configurations is chosen."""
    idea = idea or sweeping()
    chosen = step(*configs, idea=idea, settings=settings)
    assert isinstance(chosen, Choose)
    assert idea.dispatch is not None
    return step(
        *configs, idea=replace(idea, dispatch=replace(idea.dispatch, chosen=chosen.chosen)), settings=settings
    )


def test_a_sweep_that_finds_the_baseline_ends_without_a_further_seed():
    idea = sweeping(change=Change(sweep=sweep(["lr=0.05,0.1,0.2"])))
    configs = [
        a_config(n, value, params={"lr": lr})
        for n, (lr, value) in enumerate({0.05: 75, 0.1: 76, 0.2: 74}.items())
    ]
    found = last_step(*configs, idea=idea)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.rung) == ("no gain", "full")
    assert found.outcome.reason == (
        "no gain: the best configuration is the baseline itself, so that nothing is left to run against it; "
        "lr 0.1: the best of 3 configurations at full, seed 0"
    )
    seen = found.outcome.evidence
    assert seen is not None
    assert (seen.effect, seen.error, seen.low, seen.high, seen.q, seen.gain) == (0, 0, 0, 0, 0, 0)


def test_a_sweep_that_finds_the_baseline_at_small_ends_there():
    idea = sweeping(change=Change(sweep=sweep(["lr=0.1,0.2"])))
    configs = [a_config(n, 76.0 - n, params={"lr": lr}, **AS_SMALL) for n, lr in enumerate((0.1, 0.2))]
    found = last_step(*configs, idea=idea, settings=WITH_SMALL)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.rung) == ("no gain", "small")


@pytest.mark.parametrize("code", [{"implemented": True}, {"ref": "better"}])
def test_code_of_its_own_is_not_the_baseline_whatever_its_params(code: dict[str, Any]):
    idea = sweeping(change=Change(sweep=sweep(["lr=0.05,0.1,0.2"]), **code))
    configs = [
        a_config(n, 76.0 + n, params={"lr": lr}, ref=code.get("ref")) for n, lr in enumerate((0.05, 0.2, 0.1))
    ]
    assert last_step(*configs, idea=idea) == Start(1, "full", 1)


def test_a_best_one_that_is_behind_on_the_very_seed_that_chose_it_ends_the_sweep():
    found = last_step(*BEHIND)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.rung) == ("worse", "full")
    assert found.outcome.reason.startswith("worse: -5.5 MEI (val_accuracy -1.10, ")
    assert found.outcome.reason.endswith(
        ", on the very seed that chose it; w 2: the best of 3 configurations at full, seed 0"
    )
    assert last_step(a_config(0, 76.0), a_config(1, 76.2), a_config(2, 76.1)) == Start(1, "full", 1)


def test_it_is_held_against_all_seeds_of_the_baseline():
    idea = sweeping()
    ledger = ledger_of(idea, *BEHIND)
    missing = replace(ledger, runs={name: run for name, run in ledger.runs.items() if name != "b1-2"})
    chosen = next_step(idea, missing, SETTINGS, now=NOW)
    assert isinstance(chosen, Choose)
    idea = sweeping(dispatch=Dispatch(at=ASKED, by="ana", chosen=chosen.chosen))
    assert next_step(idea, missing, SETTINGS, now=NOW) == Start(None, "full", 2)


def test_at_small_it_is_held_against_one_run_of_the_baseline_there():
    configs = [a_config(n, value, **AS_SMALL) for n, value in enumerate((60.0, 70.0, 65.0))]
    assert last_step(*configs, settings=WITH_SMALL) == Start(None, "small", 0)

    def beside(value: float) -> Step:
        return last_step(
            *configs, a_run("bs", None, value=value, rung_params={}, **AS_SMALL), settings=WITH_SMALL
        )

    found = beside(75.0)
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.rung) == ("worse", "small")
    assert found.outcome.reason.endswith("; w 2: the best of 3 configurations at small, seed 0")
    assert beside(70.0) == Start(1, "full", 1)


def dispatched_again(outcome: Outcome, configs: Sequence[Run], **fields: Any) -> Step:
    """What comes once a person dispatches the sweep again after this outcome."""
    dispatch = Dispatch(at=NOW, by="ana", chosen=ended_behind(configs).chosen)
    later = sweeping(dispatch=dispatch, **fields)
    cheap = [a_run(f"n-{rung}", 1, rung=rung, queued_at=NOW) for rung in ("check", "tiny")]
    ledger = replace(ledger_of(later, *configs, *cheap), outcomes=(outcome,))
    return next_step(later, ledger, SETTINGS, now=NOW)


def ended_behind(configs: Sequence[Run]) -> Outcome:
    ended = last_step(*configs)
    assert isinstance(ended, Settle)
    return ended.outcome


def test_who_dispatches_it_once_more_wants_its_seeds():
    assert dispatched_again(ended_behind(BEHIND), BEHIND) == Start(1, "full", 1)


@pytest.mark.parametrize("other", [{"evidence": None}, {"baseline": 0}, {"chosen": None}])
def test_another_judgement_than_of_this_very_configuration_is_no_reason_for_seeds(other: dict[str, Any]):
    before = replace(ended_behind(BEHIND), **other)
    assert isinstance(dispatched_again(before, BEHIND), Settle)


def test_a_judgement_of_another_configuration_or_of_an_idea_since_edited_is_none_either():
    before = ended_behind(BEHIND)
    assert before.chosen is not None
    other = replace(before, chosen=replace(before.chosen, params={"w": 3}))
    assert isinstance(dispatched_again(other, BEHIND), Settle)
    assert isinstance(dispatched_again(before, BEHIND, edited_at="2026-11-04T09:00:00.000Z"), Settle)
    assert dispatched_again(before, BEHIND, edited_at=WRITTEN) == Start(1, "full", 1)


def test_who_wants_a_win_confirmed_wants_its_seeds_too():
    confirm = sweeping(dispatch=Dispatch(at=ASKED, by="ana", confirm=True))
    assert last_step(*BEHIND, idea=confirm) == Start(1, "full", 1)


def test_once_a_fresh_seed_has_run_the_fresh_seeds_decide():
    fresh = a_run("i1", 1, seed=1, value=76.4, params={"lr": 0.1, "idea": 1, "w": 2})
    assert last_step(*BEHIND, fresh) == Start(1, "full", 2)


def test_a_seed_of_the_baseline_that_is_struck_out_leaves_the_seed_that_chose():
    ended = ended_behind(BEHIND)
    ledger = replace(ledger_of(sweeping(), *BEHIND), outcomes=(ended,))
    struck = replace(ledger.runs["b1-1"], struck="the disk was full")
    ledger = with_runs(ledger, struck)
    anew = struck_anew({1: ended}, struck, ledger, SETTINGS)[1]
    assert (anew.verdict, anew.withdrawn) == ("worse", False)
    assert anew.evidence is not None
    assert (anew.evidence.seeds, anew.evidence.baseline_seeds) == (1, 2)


def test_fresh_seeds_of_an_earlier_dispatch_count_more_than_the_one_that_chose_it():
    chosen = ended_behind(BEHIND).chosen
    again = sweeping(dispatch=Dispatch(at=NOW, by="ana", chosen=chosen))
    cheap = [a_run(f"n-{rung}", 1, rung=rung, queued_at=NOW) for rung in ("check", "tiny")]
    fresh = a_run("fresh", 1, seed=1, value=76.2, params={"lr": 0.1, "idea": 1, "w": 2})
    ledger = ledger_of(again, *BEHIND, *cheap, fresh)
    assert next_step(again, ledger, SETTINGS, now=NOW) == Start(1, "full", 2)
    struck = replace(ledger, runs={**ledger.runs, "fresh": replace(fresh, struck="wrong data")})
    assert isinstance(next_step(again, struck, SETTINGS, now=NOW), Settle)


@pytest.mark.parametrize(("rung", "settings"), [({}, SETTINGS), (AS_SMALL, WITH_SMALL)])
def test_that_the_best_is_the_baseline_itself_rests_on_no_seed_of_the_baseline(
    rung: dict[str, Any], settings: Settings
):
    idea = sweeping(change=Change(sweep=sweep(["lr=0.1,0.2"])))
    configs = [a_config(n, 79.0 - n, params={"lr": lr}, **rung) for n, lr in enumerate((0.1, 0.2))]
    beside = a_run("bs", None, value=76.0, rung_params={}, **AS_SMALL)
    ended = last_step(*configs, beside, idea=idea, settings=settings)
    assert isinstance(ended, Settle)
    ledger = replace(ledger_of(idea, *configs, beside), outcomes=(ended.outcome,))

    def struck(run: Run) -> dict[int, Outcome]:
        run = replace(run, struck="the disk was full")
        return struck_anew({1: ended.outcome}, run, with_runs(ledger, run), settings)

    assert struck(beside if rung else ledger.runs["b1-1"]) == {}
    assert struck(configs[0])[1].withdrawn, "without what chose it, another may be the best"
