"""What a sweep has tried, and the baseline that it is told against."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.rules.sweeping.swept import Swept, last_swept, swept_of
from tests.rules.ledgers import LATER, NOW, WRITTEN
from tests.rules.one_sweep import SETTINGS, THREE, WITH_SMALL, a_config, ledger_of, sweeping

TRIED = (a_config(0, 76.0), a_config(1, 77.0), a_config(2, 77.0))


def of(ledger: Ledger, idea: Idea) -> Swept:
    return swept_of(idea, THREE, ledger, SETTINGS)


def last(ledger: Ledger, idea: Idea) -> Swept:
    return last_swept(idea, THREE, ledger, SETTINGS)


def adopted(idea: Idea, *runs: Run, settings: tuple[int, ...] = (1, 2)) -> Ledger:
    """What the idea has tried before its win made a baseline of its own."""
    won = Outcome(
        idea=1, at=LATER, verdict="improved", reason="", rung="full", baseline=settings[0], kept=True
    )
    base = tuple(Baseline(version=one, params={"lr": 0.1}, at=WRITTEN) for one in settings)
    return replace(ledger_of(idea, *runs), baselines=base, outcomes=(won,))


def test_all_that_was_tried_against_the_baseline_in_force_is_there_with_the_best_of_it():
    found = of(ledger_of(sweeping(), *TRIED), sweeping())
    assert [one.number for one in found.tried] == [0, 1, 2]
    assert (found.rung, found.metric, found.baseline, found.past) == ("full", "val_accuracy", 1, False)
    assert found.best == found.tried[1]
    assert [part.tried for part in found.parts] == [1, 1, 1]
    assert swept_of(sweeping(), THREE, ledger_of(sweeping()), WITH_SMALL).rung == "small"


def test_of_equally_good_ones_the_best_is_what_changes_the_baseline_least():
    ledger = ledger_of(sweeping(), *TRIED)
    third = Baseline(version=1, params={"lr": 0.1, "w": 3}, at=WRITTEN)
    found = of(replace(ledger, baselines=(third,)), sweeping())
    assert found.best == found.tried[2]


def test_before_there_is_a_baseline_nothing_was_tried():
    found = of(replace(ledger_of(sweeping(), *TRIED), baselines=()), sweeping())
    assert (found.tried, found.best, found.baseline) == ((), None, None)
    none = last(replace(ledger_of(sweeping(), *TRIED), baselines=()), sweeping(dispatch=None))
    assert (none.tried, none.past) == ((), False)


def test_a_settled_sweep_is_told_as_it_was_judged_once_its_own_win_is_the_baseline():
    idea = sweeping(dispatch=None)
    found = last(adopted(idea, *TRIED), idea)
    assert (len(found.tried), found.baseline, found.past) == (3, 1, True)
    assert of(adopted(idea, *TRIED), idea).tried == ()


def test_a_sweep_that_is_wanted_is_told_against_the_baseline_in_force():
    found = last(adopted(sweeping(), *TRIED), sweeping())
    assert (found.tried, found.baseline, found.past) == ((), 2, False)


def test_what_it_has_tried_against_the_baseline_in_force_comes_first():
    idea, again = sweeping(dispatch=None), a_config(0, 70.0, "again", baseline=2)
    found = last(adopted(idea, *TRIED, again), idea)
    assert ([one.run for one in found.tried], found.baseline, found.past) == (["again"], 2, False)


def test_it_is_told_as_its_newest_verdict_has_it():
    idea, second = sweeping(dispatch=None), a_config(0, 70.0, "second", baseline=2)
    ledger = adopted(idea, *TRIED, second, settings=(1, 2, 3))
    newest = replace(ledger.outcomes[0], at=NOW, baseline=2)
    others = replace(ledger.outcomes[0], idea=9, baseline=1)
    found = last(replace(ledger, outcomes=(*ledger.outcomes, newest, others)), idea)
    assert ([one.run for one in found.tried], found.baseline, found.past) == (["second"], 2, True)


def test_a_settled_sweep_that_nothing_is_left_of_is_told_as_it_stands():
    idea = sweeping(dispatch=None)
    never = last(replace(adopted(idea), outcomes=()), idea)
    assert (never.tried, never.baseline, never.past) == ((), 2, False)
    found = last(adopted(idea), idea)
    assert (found.tried, found.baseline, found.past) == ((), 2, False)
