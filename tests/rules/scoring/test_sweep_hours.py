"""What a sweep is to try counts among its hours, and makes it worth as much less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.calibration import Calibration
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.run import Run
from planner.domain.settings import RungSettings
from planner.domain.sweep import Chosen, Sweep
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.movement import Movement, Shift
from planner.rules.notation.sweeping import sweep
from planner.rules.scoring.hours import HoursRule
from planner.rules.scoring.score import Scorer, score
from planner.rules.scoring.tipping import chance_at
from tests.rules.ledgers import a_ledger, a_run
from tests.rules.scoring_facts import MONDAY, SETTINGS, TUESDAY, idea

THIRTY = sweep(["lr=1e-4..1e-1", "width=16..512"], method="tpe", configs="30")
SMALL = replace(SETTINGS, rungs={"small": RungSettings(fraction=0.2)})


def sweeping(found: Sweep = THIRTY, number: int = 1, **fields: object) -> Idea:
    return idea(number, change=Change(sweep=found), **fields)


def test_each_configuration_costs_a_run_of_the_rung_that_tries_it():
    learned = Calibration(run_hours=2.0, small_hours=0.25)
    plain = score(idea(1, change=Change(params={"lr": 0.1})), learned, SETTINGS).hours
    in_full, on_small = (score(sweeping(), learned, one).hours for one in (SETTINGS, SMALL))
    assert (in_full.configs, in_full.search) == (30, 60.0)
    assert (on_small.configs, on_small.search) == (30, 7.5)
    assert on_small.gpu == pytest.approx(plain.gpu + 7.5)
    assert on_small.used == pytest.approx(plain.used + 0.25 * 7.5)
    sets_lr = replace(SETTINGS, rungs={"small": RungSettings(params={"lr": 0.1})})
    assert score(sweeping(), learned, sets_lr).hours.search == 60.0, "small would hide what is swept"


def test_before_small_was_measured_its_hours_or_its_share_of_the_data_stand_for_it():
    learned = Calibration(run_hours=2.0)
    assert score(sweeping(), learned, SMALL).hours.search == pytest.approx(30 * 2.0 * 0.2)
    said = replace(SETTINGS, rungs={"small": RungSettings(fraction=0.2, hours=0.1)})
    assert score(sweeping(), learned, said).hours.search == pytest.approx(30 * 2.0 * 0.1)


@pytest.mark.parametrize(
    ("found", "configs"),
    [
        (sweep(["w=1,2,3"]), 3),
        (sweep(["w=1,2,3"], method="random", configs="20"), 3),
        (sweep(["w=1..3", "d=1,2"], method="grid", configs="100"), 6),
        (sweep(["lr=0.1..0.2", "d=1,2"], method="grid", configs="30"), 30),
        (sweep(["lr=0.1..0.2", "d=1,2"], method="grid", configs="31"), 30),
        (sweep(["lr=0.1..0.2"], configs="7"), 7),
    ],
)
def test_a_space_that_is_smaller_than_what_was_asked_for_costs_what_it_has(found: Sweep, configs: int):
    assert score(sweeping(found), Calibration(), SETTINGS).hours.configs == configs


def test_once_a_configuration_is_chosen_only_its_seeds_are_left():
    chosen = Chosen(config=3, params={"lr": 0.1}, value=0.9, rung="full", tried=30)
    wish = Dispatch(at=MONDAY, by="ana", chosen=chosen)
    found = score(sweeping(dispatch=wish), Calibration(), SETTINGS).hours
    assert (found.configs, found.search) == (0, 0.0)


def test_sweeps_of_every_kind_score_side_by_side_as_alone():
    learned = Calibration(run_hours=0.5, small_hours=0.1)
    kinds = (THIRTY, sweep(["w=1,2,3"]), sweep(["layers=[64],[64,64]"]), sweep(["lr=0.1..0.2"], configs="9"))
    ideas = [
        sweeping(kind, number, run_hours=hours)
        for number, kind in enumerate(kinds, 1)
        for hours in (None, 3.0)
    ]
    ideas += [idea(77), replace(ideas[0], id=78, run_hours=9.0)]
    assert Scorer(learned, SMALL).values(ideas) == [Scorer(learned, SMALL)(one).value for one in ideas]


def test_what_small_has_taken_is_measured_with_all_its_simplifications_alone():
    def run(name: str, hours: float, **fields: object) -> Run:
        return replace(a_run(name, 1, rung="small"), hours=hours, **fields)  # type: ignore[arg-type]  # any field

    runs = [run("r1", 0.2), run("r2", 0.4, config=3), run("r3", 9.0, step=1), run("r4", 9.0, status="failed")]
    found = calibrate(a_ledger([idea(1)], runs), SETTINGS, at=TUESDAY, because="runs")
    assert found.small_hours == pytest.approx(0.3)


def test_the_chance_that_would_change_a_rank_leaves_the_search_as_it_is():
    found = score(sweeping(), Calibration(), SETTINGS)
    chance = chance_at(found, 1.3 * found.value)
    assert chance is not None
    hours = HoursRule(Calibration(), SETTINGS).used(sweeping(), chance)
    assert chance * found.gain.used / hours == pytest.approx(1.3 * found.value)


def test_a_score_that_moves_because_a_configuration_takes_longer_says_so():
    old = Calibration(run_hours=2.0, small_hours=0.2)
    new = replace(old, number=1, small_hours=1.0)
    before, after = (Scorer(one, SMALL).parts(sweeping()) for one in (old, new))
    told = Movement(sweeping(), before, after, Shift(old, new), per_hour=True).factors()
    assert told == ["a configuration's share of a full run ×5.00"]
