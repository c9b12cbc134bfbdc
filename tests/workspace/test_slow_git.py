"""A git that does not answer in time is no word on the code: what can't be told is said, and tried again."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.mistake import Failed
from planner.workspace.replay import recorded_code
from planner.workspace.workspace import Workspace
from tests.projects import git
from tests.slow_git import whichever_is_slow
from tests.workspace.judged_once import add, committed, copied, kinds, repeats


@pytest.fixture
def work(judged: Path, tmp_path: Path) -> Workspace:
    return copied(judged, tmp_path)


def test_what_an_idea_would_repeat_is_told_as_it_is_or_not_at_all(work: Workspace) -> None:
    folder = work.layout.project
    recipe = folder / "experiment.py"
    recipe.write_text(recipe.read_text() + "\n# a word of it\n")
    committed(folder)
    slow, calm = whichever_is_slow(lambda: kinds(work, 1))
    assert calm == ["changed", "code"], "head.py is another one"
    assert len(slow) > 3
    assert {str(one) for one in slow} == {"['unknown']"}


def test_git_is_given_up_once_and_not_for_every_idea(work: Workspace) -> None:
    ideas = [1, add(work, "the same", "lift=0.01"), add(work, "something else", "lift=0.5")]
    slow, _ = whichever_is_slow(lambda: repeats(work, *ideas))
    for told in slow:
        assert isinstance(told, tuple)
        unknown = [one for one in told if one.kind == "unknown"]
        assert [one.idea for one in unknown] == ideas[-len(unknown) :]
        assert "would run what ran before is not known (git took longer than" in unknown[0].says


def test_a_branch_is_not_taken_for_gone(work: Workspace) -> None:
    git(work.layout.project, "branch", "better")
    number = add(work, "a better loop", ref="better")
    slow, calm = whichever_is_slow(lambda: [row.idea.id for row in work.queue.ready()])
    assert calm == [number]
    assert {type(one) for one in slow} == {Failed}


def test_a_recorded_commit_is_not_taken_for_lost(work: Workspace) -> None:
    run = next(run for run in work.view().ledger.runs.values() if run.idea == 1)
    slow, calm = whichever_is_slow(lambda: recorded_code(work.project, work.layout.run(run.id)))
    assert not isinstance(calm, Failed)
    assert {type(one) for one in slow} == {Failed}
    assert not any("not there any more" in str(one) for one in slow)
