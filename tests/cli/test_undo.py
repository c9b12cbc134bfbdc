"""`planner undo` and `planner redo` as typed: what was undone, what stays, and the exit status."""

from __future__ import annotations

from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.rules.scoring_facts import outcome


def judge(shell: Shell, idea: int) -> None:
    """Let an outcome land as the dispatcher does."""
    work = Workspace(Layout(shell.folder))
    with Store(work.layout).transaction("verdict", by="dispatcher", undoable=False) as tables:
        tables.put(outcome(idea, "improved", q=0.9))
        learn(tables, work.settings, at=work.project.now(), because="it landed", outcome_of=idea)


def test_undo_names_the_idea_and_what_moved(shell: Shell) -> None:
    shell("add", "label smoothing", "-t", "2h")
    shell("estimate", 1, "-t", "4h")
    assert shell("undo").out == "undone: estimate #1 “label smoothing”: hours 2h → 4h\n"
    assert shell("redo").out == "redone: estimate #1 “label smoothing”: hours 2h → 4h\n"
    assert shell("undo", 2).out.splitlines() == [
        "undone: estimate #1 “label smoothing”: hours 2h → 4h",
        "undone: add #1 “label smoothing”",
    ]
    assert "there is nothing to undo" in shell("undo", status=3).err


def test_undo_after_a_verdict_tells_the_command_that_takes_it_back(shell: Shell) -> None:
    shell("add", "mixup", "--set", "lift=0.1")
    shell("add", "cutmix", "-t", "2h")
    judge(shell, 1)
    answer = shell("undo")
    assert answer.out == "undone: add #2 “cutmix”\n"
    assert answer.err == (
        "the verdict on #1 “mixup” stays: improved; "
        "`planner overrule 1 invalid` takes back what it did to the scores\n"
    )
    shell("redo")
    assert len(shell("undo", "--json").json["stays"]) == 1
    assert "the verdict on #1 “mixup” stays" in shell("undo", status=3).err
    shell("overrule", 1, "invalid", "--because", "the split leaked")
    assert shell("undo").out == "undone: overrule the verdict on #1 “mixup”: improved → invalid\n"
