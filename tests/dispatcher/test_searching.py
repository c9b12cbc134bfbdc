"""The searcher is asked beside the loop: nobody waits for it, and no answer counts for another question."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.dispatcher.searching import Searches
from planner.domain.run import Run
from planner.rules.sweeping.proposing import Numbers, Question
from planner.searcher import ask as asking
from planner.searcher.ask import NoSearcher
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import come_to_rest, tick_until
from tests.executors.waiting import until
from tests.projects import TOML, make_project

ALONE = TOML.replace("seeds = 3", "seeds = 1") + "\n[dispatch]\nstandby = false\n"
GATED = """
import json, os, pathlib, sys, time
question = json.load(sys.stdin)
folder = pathlib.Path({folder!r})
(folder / "asked").write_text(str(os.getpid()))
while not (folder / "gate").exists():
    time.sleep(0.01)
print(json.dumps({{"lift": question["seed"] / 1000}}))
"""
"""A searcher that answers once a gate stands open, and by the question's seed."""


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(asking, "SEARCHER", (sys.executable, "-c", GATED.format(folder=str(tmp_path))))
    return tmp_path / "gate"


def a_question(seed: int = 3) -> Question:
    return Question(dimensions={"lift": {"kind": "range"}}, past=(), direction="max", seed=seed)


def runs(work: Workspace) -> list[Run]:
    return list(work.view().ledger.runs.values())


def configurations(work: Workspace) -> list[Run]:
    return [run for run in runs(work) if run.config is not None]


def answered(searches: Searches, question: Question) -> Numbers:
    found: list[Numbers] = []

    def comes() -> bool:
        answer = searches.answer(1, question)
        found.extend([] if answer is None else [answer])
        return bool(found)

    until(comes)
    return found[0]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def asked(gate: Path) -> int:
    """The process that is asked."""
    note = gate.with_name("asked")
    until(lambda: note.exists() and note.read_text())
    return int(note.read_text())


def test_while_it_is_asked_everything_else_goes_on(tmp_path: Path, gate: Path) -> None:
    work = Workspace(make_project(tmp_path / "project", toml=ALONE), who="ana")
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    work.ideas.add("tune", sweep=["lift=0.0..0.02"], method="tpe", configs="3")
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: gate.with_name("asked").exists())
    work.ideas.add("lift", params=["lift=0.05"])
    work.queue.dispatch([2])
    tick_until(dispatcher, lambda: any(run.idea == 2 and run.ended_at for run in runs(work)))
    assert len(configurations(work)) == 1
    gate.touch()
    tick_until(dispatcher, lambda: len(configurations(work)) == 2)
    assert configurations(work)[1].params["lift"] == 0.001, "the searcher's answer"
    come_to_rest(work, dispatcher)


def test_a_question_that_has_become_another_is_asked_anew(gate: Path) -> None:
    searches = Searches()
    assert searches.answer(1, a_question(3)) is None
    first = asked(gate)
    gate.with_name("asked").unlink()
    assert searches.answer(1, a_question(4)) is None
    assert not lives(first)
    asked(gate)
    gate.touch()
    assert answered(searches, a_question(4)) == {"lift": 0.004}


def test_a_question_that_could_not_be_answered_is_asked_anew(
    gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = Searches()
    with monkeypatch.context() as broken:
        broken.setattr(asking, "SEARCHER", (sys.executable, "-c", "raise SystemExit('no luck')"))
        with pytest.raises(NoSearcher, match="no luck"):
            answered(searches, a_question())
    gate.touch()
    assert answered(searches, a_question()) == {"lift": 0.003}


def test_an_answer_is_given_once(gate: Path) -> None:
    gate.touch()
    searches = Searches()
    answered(searches, a_question())
    gate.unlink()
    assert searches.answer(1, a_question()) is None
    searches.keep(())


def test_nobody_is_asked_for_an_idea_that_wants_nothing_any_more(gate: Path) -> None:
    searches = Searches()
    searches.answer(1, a_question())
    process = asked(gate)
    searches.keep({1})
    assert lives(process)
    searches.keep(())
    assert not lives(process)


def test_an_answer_that_came_too_late_is_not_taken_for_another_question(
    tmp_path: Path, gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration ends between the answer and the transaction that would act on it."""
    gate.touch()
    work = Workspace(make_project(tmp_path / "project", toml=ALONE), who="ana")
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    work.ideas.add("tune", sweep=["lift=0.0..0.02"], method="tpe", configs="3")
    work.queue.dispatch([1])
    answer = Searches.answer
    seen: list[Question] = []

    def late(self: Searches, idea: int, question: Question) -> Numbers | None:
        found = answer(self, idea, question)
        if found is not None and not seen:
            seen.append(question)
            with work.project.store.transaction("a value", by="dispatcher", undoable=False) as tables:
                for run in tables.ledger().runs.values():
                    if run.config is not None:
                        tables.put(replace(run, value=0.5))
        return found

    monkeypatch.setattr(Searches, "answer", late)
    tick_until(dispatcher, lambda: seen)
    assert len(configurations(work)) == 1
    tick_until(dispatcher, lambda: len(configurations(work)) == 2)
    come_to_rest(work, dispatcher)
