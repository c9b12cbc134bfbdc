"""A sweep whose best configuration brings nothing ends by its own runs, without a further seed."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Settle, Start, Step
from planner.rules.judging.striking import struck_anew
from planner.rules.notation.sweeping import sweep
from tests.rules.ledgers import NOW, a_run, with_runs
from tests.rules.one_sweep import SETTINGS, WITH_SMALL, a_config, ledger_of, step, sweeping

AS_SMALL = {"rung": "small", "fraction": 0.2}


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
    assert (seen.effect, seen.low, seen.high, seen.q, seen.gain) == (0, 0, 0, 0, 0)


def test_code_of_its_own_is_not_the_baseline_whatever_its_params():
    idea = sweeping(change=Change(implemented=True, sweep=sweep(["lr=0.05,0.1,0.2"])))
    configs = [a_config(n, 76.0 + n, params={"lr": lr}) for n, lr in enumerate((0.05, 0.2, 0.1))]
    assert last_step(*configs, idea=idea) == Start(1, "full", 1)


def test_a_best_one_that_is_behind_on_the_very_seed_that_chose_it_ends_the_sweep():
    found = last_step(a_config(0, 74.0), a_config(1, 75.0), a_config(2, 74.5))
    assert isinstance(found, Settle)
    assert (found.outcome.verdict, found.outcome.rung) == ("worse", "full")
    assert found.outcome.reason.startswith("worse: -5.5 MEI (val_accuracy -1.10, ")
    assert found.outcome.reason.endswith(
        ", on the very seed that chose it; w 2: the best of 3 configurations at full, seed 0"
    )
    assert last_step(a_config(0, 76.0), a_config(1, 76.2), a_config(2, 76.1)) == Start(1, "full", 1)


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


def test_who_dispatches_it_once_more_wants_its_seeds():
    configs = [a_config(0, 74.0), a_config(1, 75.0), a_config(2, 74.5)]
    ended = last_step(*configs)
    assert isinstance(ended, Settle)
    later = sweeping(dispatch=Dispatch(at=NOW, by="ana", chosen=ended.outcome.chosen))
    cheap = [a_run(f"n-{rung}", 1, rung=rung, queued_at=NOW) for rung in ("check", "tiny")]
    ledger = replace(ledger_of(later, *configs, *cheap), outcomes=(ended.outcome,))
    assert next_step(later, ledger, SETTINGS, now=NOW) == Start(1, "full", 1)


def test_a_seed_of_the_baseline_that_is_struck_out_leaves_the_seed_that_chose():
    configs = [a_config(0, 74.0), a_config(1, 75.0), a_config(2, 74.5)]
    ended = last_step(*configs)
    assert isinstance(ended, Settle)
    ledger = replace(ledger_of(sweeping(), *configs), outcomes=(ended.outcome,))
    struck = replace(ledger.runs["b1-1"], struck="the disk was full")
    ledger = with_runs(ledger, struck)
    anew = struck_anew({1: ended.outcome}, struck, ledger, SETTINGS)[1]
    assert (anew.verdict, anew.withdrawn) == ("worse", False)
    assert anew.evidence is not None
    assert (anew.evidence.seeds, anew.evidence.baseline_seeds) == (1, 2)
