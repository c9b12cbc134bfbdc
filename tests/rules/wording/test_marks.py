"""What sets a run apart is said in a few words, and a usual run has none."""

from __future__ import annotations

from dataclasses import replace

from planner.cli.rows import retold
from planner.domain.goal import Goal
from planner.domain.idea import Change
from planner.domain.settings import Settings
from planner.domain.view import RunView, View
from planner.rules.notation.sweeping import sweep
from planner.rules.wording.marks import mark
from tests.rules.ledgers import a_ledger, a_run, an_idea

GOAL = Goal(metric="val_accuracy")
IDEA = an_idea(1, change=Change(sweep=sweep(["lr=1e-4..1e-1", "width=32,64"])))
USUAL = a_run("r1", 1, value=0.9)
TRIED = replace(a_run("r2", 1, value=0.9, config=3), params={"lr": 0.01, "width": 64, "epochs": 3})
AGAIN = replace(USUAL, id="r3", replay_of="r1")
RATE = replace(a_run("r4", 1, value=None), rung="lr", rate=0.00316, hours=0.01)
LEDGER = a_ledger([IDEA], [USUAL, TRIED, AGAIN, RATE])


def test_a_configuration_names_its_values_and_a_replay_the_run_it_repeats() -> None:
    assert mark(USUAL, LEDGER, GOAL) == ""
    assert mark(TRIED, LEDGER, GOAL) == "configuration 3 (lr 0.01, width 64)"
    assert mark(AGAIN, LEDGER, GOAL).startswith("replay of r1: reproduced exactly")
    assert mark(replace(AGAIN, status="running"), LEDGER, GOAL) == "replay of r1"


def test_after_the_sweep_was_edited_away_its_configurations_are_still_marked() -> None:
    assert mark(TRIED, replace(LEDGER, ideas={1: an_idea(1)}), GOAL) == "configuration 3"


def test_a_line_about_a_run_tells_the_same_and_a_search_its_rate() -> None:
    view = View(settings=Settings(goal=GOAL), ledger=LEDGER)

    def told(run) -> str:
        return retold(RunView(run=run, title="tune"), view)

    assert told(TRIED).startswith("configuration 3 (lr 0.01, width 64): val_accuracy 0.9")
    assert told(RATE) == "learning rate: try 0.0032 in 36s"
    assert told(replace(RATE, rate=None)) == "no learning rate found in 36s"
    assert told(replace(USUAL, rung="check", value=None, hours=0.01)) == "passed in 36s"
    assert told(AGAIN) == mark(AGAIN, LEDGER, GOAL)
