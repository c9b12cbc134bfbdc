"""What is learned in a real store: the same whichever way it came about, and only from outcomes."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.freeze import freeze
from planner.rules.scoring.score import score
from planner.store.layout import Layout
from planner.store.store import Store
from planner.store.tables import Tables
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.rules.programmes import Programme, some_programme
from tests.rules.scoring_facts import MONDAY, SETTINGS, TUESDAY


def taught(calibration: Calibration) -> Calibration:
    """The calibration without its number, its time and its cause."""
    return replace(calibration, number=0, at="", because="")


def land(tables: Tables, outcome: Outcome) -> None:
    """Dispatch an idea, write down what became of it, and learn, as the dispatcher does."""
    idea, calibration = tables.get(Idea, outcome.idea), tables.calibration()
    assert idea is not None
    frozen = freeze(idea, score(idea, calibration, SETTINGS), calibration, at=MONDAY)
    tables.put(replace(idea, frozen=frozen))
    tables.put(outcome)
    learn(tables, SETTINGS, at=TUESDAY, because="an outcome", outcome_of=outcome.idea)


def landed_one_by_one(folder: Path, programme: Programme) -> Store:
    store = Store(Layout(folder))
    store.create()
    with store.transaction("the ideas", by="ana") as tables:
        for idea in programme.start.ideas.values():
            tables.put(idea)
        learn(tables, SETTINGS, at=MONDAY, because="first calibration")
    for outcome in programme.outcomes:
        with store.transaction("an outcome", by="dispatcher", undoable=False) as tables:
            land(tables, outcome)
    return store


@settings(max_examples=8, deadline=None)
@given(some_programme(most=10, least_tried=3))
def test_outcomes_landing_one_by_one_teach_what_the_final_ledger_teaches_at_once(
    programme: Programme,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = landed_one_by_one(Path(folder), programme)
        ledger = Store(store.layout).read()
    assert ledger.calibration.number == 1 + len(programme.outcomes)
    anew = calibrate(replace(ledger, calibration=Calibration()), SETTINGS, at="", because="")
    assert taught(anew) == taught(ledger.calibration)
    assert taught(programme.end().calibration) == taught(ledger.calibration)


# -- between calibrations -------------------------------------------------------------------------

VERBS = ("add", "retitle", "estimate", "nudge", "park", "drop", "restore", "undo")


def do_something(work: Workspace, luck: Random) -> None:
    """One thing a person may do with ideas; what can't be done now is refused."""
    ideas = work.view().ledger.ideas
    number, verb = luck.choice(list(ideas)), luck.choice(VERBS)
    category = luck.choice(["augmentation", "loss"])
    if verb == "add":
        work.ideas.add("mixup again", likelihood="90%", hours="1h", category=category)
    elif verb == "retitle":
        work.ideas.edit(number, title=f"cutmix {luck.random():.3f}", category=category)
    elif verb == "estimate":
        work.ideas.estimate(number, by=luck.choice(["ana", "bo"]), likelihood=f"{luck.randint(0, 100)}%")
    elif verb == "nudge":
        work.ideas.nudge(number, luck.choice(["hours", "impact"]), luck.choice([-1, 1]))
    elif verb == "undo":
        work.undo()
    else:
        getattr(work.ideas, verb)(number)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_a_person_does_with_one_idea_moves_the_score_of_another(work: Workspace, seed: int) -> None:
    for number in range(1, 7):
        work.ideas.add(
            f"mixup {'cutmix' * (number % 2)}", likelihood=f"{number}0%", hours="2h", category="augmentation"
        )
    with work.project.store.transaction("outcomes", by="dispatcher", undoable=False) as tables:
        for number, verdict in ((1, "improved"), (2, "no gain")):
            tables.put(_reported(number, kept=verdict == "improved"))
        learn(tables, work.settings, at=TUESDAY, because="two outcomes")
    luck = Random(seed)
    for _ in range(25):
        before = {row.idea.id: row for row in work.view().ranked}
        with suppress(Mistake):
            do_something(work, luck)
        after = {row.idea.id: row for row in work.view().ranked}
        same = [key for key in before.keys() & after.keys() if before[key].idea == after[key].idea]
        assert len(same) >= len(before) - 1
        assert {key: after[key].score for key in same} == {key: before[key].score for key in same}
    assert work.view().ledger.calibration.number == 1


def _reported(number: int, *, kept: bool) -> Outcome:
    return Outcome(
        idea=number,
        at=TUESDAY,
        verdict="improved" if kept else "no gain",
        reason="as it was reported",
        rung="full",
        baseline=1,
        kept=kept,
        reported_gain=2.0 if kept else None,
        hours=3.0,
    )
