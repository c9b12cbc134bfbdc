"""A sweep on the ladder: each configuration once, the best confirmed on fresh seeds, one verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.idea import Dispatch, Idea
from planner.domain.outcome import Baseline
from planner.domain.settings import DispatchSettings, RungSettings
from planner.domain.sweep import Tried
from planner.rules.judging.comparison import expected_params, seed_groups
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Search, Settle, Start, Wait
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.best import edges
from planner.rules.sweeping.tried import choosing_rung, tried
from tests.rules.ledgers import ASKED, NOW, WRITTEN, a_ledger, a_run, with_runs
from tests.rules.one_sweep import BASE, SETTINGS, WITH_SMALL, a_config, ledger_of, step, sweeping

# -- the order of things --------------------------------------------------------------------------


def test_the_cheap_rungs_look_at_one_configuration_near_the_baseline():
    idea = sweeping()
    ledger = a_ledger([idea], baselines=(Baseline(version=1, params={"lr": 0.1, "w": 3}, at=WRITTEN),))
    assert next_step(idea, ledger, SETTINGS, now=NOW) == Start(1, "check", 0, params={"w": 2})
    passed = a_run("c0", 1, rung="check", params={"lr": 0.1, "idea": 1, "w": 2})
    assert next_step(idea, with_runs(ledger, passed), SETTINGS, now=NOW) == Start(
        1, "tiny", 0, params={"w": 2}
    )


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


def test_a_run_of_an_earlier_dispatch_that_goes_on_is_waited_for():
    earlier = a_config(7, None, "earlier", status="running", queued_at=WRITTEN, config=None, seed=1)
    assert isinstance(step(earlier), Wait)


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
