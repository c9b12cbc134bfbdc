"""Undo and redo of every verb, over restarts, with words that name what moved."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.projects import make_project, workspace
from tests.workspace.corrected import scores
from tests.workspace.undo_steps import (
    VERBS,
    Do,
    again,
    full_run,
    now,
)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_undone_and_redone_exactly_over_restarts_in_words_that_name_it(
    verb: str, busy: Workspace
) -> None:
    do, says = VERBS[verb]
    expected = says.format(run=full_run(busy))
    before, score = now(busy), scores(busy)
    do(busy)
    after = now(busy)
    assert after != before
    assert again(busy).undo() == [expected]
    assert (now(again(busy)), scores(busy)) == (before, score)
    assert again(busy).redo() == [expected]
    assert now(again(busy)) == after
    again(busy).undo()
    assert now(again(busy)) == before


BACK: dict[str, tuple[Do, Do]] = {
    "overrule": (
        lambda w: w.corrections.overrule(1, "worse", "it leaked"),
        lambda w: w.corrections.overrule_back(1),
    ),
    "decline": (lambda w: w.corrections.decline(1, "memory"), lambda w: w.corrections.decline_back(1)),
    "give up": (lambda w: w.corrections.give_up(3, "no data"), lambda w: w.corrections.give_up_back(3)),
    "strike": (
        lambda w: w.corrections.strike(full_run(w), "full disk"),
        lambda w: w.corrections.strike_back(full_run(w)),
    ),
}


@pytest.mark.parametrize("verb", BACK)
def test_taking_a_correction_back_is_itself_undone_and_redone(verb: str, busy: Workspace) -> None:
    do, back = BACK[verb]
    before, score = now(busy), scores(busy)
    do(busy)
    corrected = now(busy)
    back(busy)
    assert scores(busy) == score
    taken = now(busy)
    busy.undo()
    assert now(busy) == corrected
    busy.redo()
    assert now(busy) == taken
    busy.undo(2)
    assert now(busy) == before


def random_verbs(work: Workspace, chance: random.Random, count: int) -> int:
    """Do verbs at random, those that apply; answers how many changed something."""
    done = 0
    for _ in range(count):
        do, _says = VERBS[chance.choice(sorted(VERBS))]
        before = work.project.store.read().generation
        try:
            do(work)
        except Mistake:
            continue
        done += work.project.store.read().generation > before
    return done


def test_any_mixture_of_verbs_is_walked_back_to_the_first_ledger_and_forth_again(
    busy: Workspace, publish: Callable[[Figure], None]
) -> None:
    tried = held = 0
    for seed in range(5):
        chance = random.Random(seed)
        first = now(busy)
        states = [first]
        for _ in range(12):
            if random_verbs(busy, chance, 1):
                states.append(now(busy))
        work, place = again(busy), len(states) - 1
        while place:
            step = min(place, chance.choice([1, 1, 2, 3]))
            place -= len(work.undo(step))
            tried, held = tried + 1, held + (now(work) == states[place])
            if chance.random() < 0.3 and place < len(states) - 1:
                place += len(work.redo())
                tried, held = tried + 1, held + (now(work) == states[place])
        work.redo(len(states))
        tried, held = tried + 1, held + (now(again(busy)) == states[-1])
        work.undo(len(states) - 1)
        assert now(again(busy)) == first
    publish(Figure(what="undo and redo of random verbs, exact ledger", tried=tried, held=held))


def test_a_change_of_somebody_else_is_named_as_theirs_and_ones_own_comes_after_it(work: Workspace) -> None:
    bo = Workspace(work.layout, now=work.project.now, who="bo")
    work.ideas.add("mixup", hours="2h")
    work.ideas.estimate(1, hours="4h")
    bo.ideas.estimate(1, likelihood="20%")
    assert work.undo() == ["estimate #1 “mixup”: likelihood 20% (by bo)"]
    assert work.undo() == ["estimate #1 “mixup”: hours 2h → 4h"]
    assert list(now(work).ideas[1].estimates) == ["ana"]
    assert bo.redo(2) == [
        "estimate #1 “mixup”: hours 2h → 4h (by ana)",
        "estimate #1 “mixup”: likelihood 20%",
    ]


def test_hostile_titles_and_values_are_named_without_control_characters(work: Workspace) -> None:
    work.ideas.add("a\x1b[2J\u202eb [/] " + "x" * 200, params=["lr=0.1"])
    work.ideas.edit(1, params=["lr=\x1b]0;owned\x07" + "y" * 500], ref="\u202emain")
    (said,) = work.undo()
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert len(said) < 400
    assert "lr 0.1 → " in said


def test_nothing_is_undone_in_a_new_project() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = workspace(make_project(Path(folder) / "project"))
        for verb in (work.undo, work.redo):
            with pytest.raises(NothingToDo, match="there is nothing to"):
                verb()
