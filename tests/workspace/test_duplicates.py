"""What a dispatch would do over again, looked up beside runs that real workers have made."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.domain.idea import Idea
from planner.domain.run import Run
from planner.provenance import fingerprint
from planner.workspace.workspace import Workspace
from tests.projects import commit
from tests.workspace.judged_once import RECIPE, add, committed, copied, kinds, remarks, repeats, run_again


@pytest.fixture
def work(judged: Path, tmp_path: Path) -> Workspace:
    return copied(judged, tmp_path)


# -- exact ----------------------------------------------------------------------------------------


def test_the_same_thing_again_is_told_with_the_first_result(work: Workspace) -> None:
    (one,) = repeats(work, 1)
    run = next(run for run in work.view().ledger.runs.values() if run.idea == 1 and run.rung == "full")
    assert (one.kind, one.of, one.seeds, one.runs) == ("same", 1, (0,), (run.id,))
    assert (one.verdict, one.value, one.at) == ("improved", pytest.approx(0.91), run.ended_at)
    assert one.says.startswith("#1 “lift it” has run exactly this: improved, +5.0 MEI (")
    assert f"val_accuracy 0.9100 over seed 0 ({run.id}, {run.ended_at[:10]})" in one.says  # type: ignore[index]
    assert one.reading == "it gets a further seed, 1"


def test_what_failed_on_exactly_this_code_is_told_until_the_code_is_edited(work: Workspace) -> None:
    (one,) = repeats(work, 2)
    assert (one.kind, one.of, one.verdict, one.own) == ("same", 2, "invalid", False)
    assert "ended invalid on exactly this" in one.says
    assert "ten outputs and seven classes" in one.says
    (work.layout.project / "experiment.py").write_text(RECIPE.replace("raise", "return  # raise"))
    assert kinds(work, 2) == ["code"]


def test_another_idea_with_the_same_params_is_told_of_the_first(work: Workspace) -> None:
    (one,) = repeats(work, add(work, "something else", "lift=0.01"))
    assert (one.kind, one.of, one.verdict) == ("same", 1, "improved")


def test_an_idea_that_changes_nothing_is_the_baseline(work: Workspace) -> None:
    (one,) = repeats(work, add(work, "no change at all", "lift=0.0"))
    assert (one.kind, one.of, one.value) == ("baseline", None, pytest.approx(0.9))
    assert "changes nothing: it is the baseline, val_accuracy 0.9000" in one.says


def test_what_is_there_of_other_seeds_alone_is_a_replicate(work: Workspace) -> None:
    with work.project.store.transaction("as if seed 4 had run", by="test", undoable=False) as tables:
        for run in tables.all(Run):
            if run.idea == 1 and run.rung == "full":
                tables.put(replace(run, seed=4))
    (one,) = repeats(work, add(work, "something else", "lift=0.01"))
    assert (one.kind, one.seeds) == ("replicate", (4,))
    assert one.says.endswith("seed 0 is a new one")


def test_two_ideas_of_one_dispatch_that_are_the_same_are_told(work: Workspace) -> None:
    first, second = add(work, "up", "lift=0.5"), add(work, "onwards", "lift=0.5")
    (one,) = repeats(work, first, second)
    assert (one.idea, one.kind, one.of) == (second, "same", first)
    work.queue.dispatch([first])
    assert kinds(work, second) == ["same"]


@pytest.mark.parametrize(("params", "says"), [(("lift=0.01", "other=1"), []), (("lift=0.5",), [])])
def test_other_params_are_nothing_to_tell(work: Workspace, params: tuple[str, ...], says: list[str]) -> None:
    assert kinds(work, add(work, "quite another thing", *params)) == says


def test_a_struck_run_and_a_replay_are_nobodys_result(work: Workspace) -> None:
    twin = add(work, "something else", "lift=0.01")
    with work.project.store.transaction("strike and replay", by="test", undoable=False) as tables:
        for run in tables.all(Run):
            if run.idea == 1 and run.rung == "full":
                tables.put(replace(run, replay_of="r1"))
    assert "same" not in kinds(work, twin)


# -- what has changed since -----------------------------------------------------------------------


def edit(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def config(folder: Path) -> None:
    (folder / "config.yaml").write_text("depth: 3\n")


CHANGES = {
    "the recipe": edit("experiment.py", RECIPE.replace("0.9 +", "0.91 +")),
    "a module it imports": edit("head.py", "width = 2\n"),
    "a commit": committed,
    "an untracked file of settings": config,
}
"""Edits after which it is not the same code any more."""


@pytest.mark.parametrize("change", CHANGES)
def test_edited_code_is_another_thing(work: Workspace, change: str) -> None:
    CHANGES[change](work.layout.project)
    other = add(work, "something else", "lift=0.01")
    assert not any(one.exact for one in (*repeats(work, 1), *repeats(work, other)))
    (own,) = [one for one in repeats(work, 1) if one.kind == "changed"]
    assert "the code has changed" in own.says


NO_CHANGES = {
    "a remark in the recipe": edit("experiment.py", RECIPE + "\n# other\n"),
    "remarks that are committed": remarks,
    "notes": edit("README.md", "more of ours\n"),
    "a module nobody imports": edit("unused.py", "x = 1\n"),
    "what a script wrote": edit("results.json", "{}"),
    "a touch": lambda folder: os.utime(folder / "head.py"),
    "the same data once more": lambda folder: edit("data.csv", (folder / "data.csv").read_text())(folder),
}
"""Edits after which it is still the same."""


@pytest.mark.parametrize("change", NO_CHANGES)
def test_what_training_does_not_read_changes_nothing(work: Workspace, change: str) -> None:
    NO_CHANGES[change](work.layout.project)
    assert kinds(work, 1) == ["same"]


def test_code_that_was_uncommitted_and_is_committed_by_now_is_the_same(work: Workspace) -> None:
    folder = work.layout.project
    (folder / "head.py").write_text("width = 1  # one\n")
    run_again(work, 1)
    commit(folder, "with a remark")
    assert kinds(work, 1) == ["same"]


def test_a_remark_on_code_that_was_not_committed_changes_nothing(work: Workspace) -> None:
    """What it was is in no commit, but in the patch that the run has kept."""
    head = work.layout.project / "head.py"
    head.write_text("width = 1\nheight = 7\n")
    run_again(work, 1)
    head.write_text("# ours\nwidth = 1\nheight = 7\n")
    assert kinds(work, 1) == ["same"]
    head.write_text("width = 1\nheight = 8\n")
    assert "same" not in kinds(work, 1)


def test_a_tracked_table_counts_unless_the_data_are_named(work: Workspace) -> None:
    folder = work.layout.project
    toml = folder / "planner.toml"
    toml.write_text(toml.read_text().replace('data = ["*.csv"]', ""))
    assert kinds(work, 1) == ["same"]
    (folder / "data.csv").write_text("1,2,4\n")
    assert kinds(work, 1) == ["changed", "code"]


def test_a_changed_data_file_is_another_thing(work: Workspace) -> None:
    (work.layout.project / "data.csv").write_text("1,2,4\n")
    other = add(work, "something else", "lift=0.01")
    assert not any(one.exact for one in (*repeats(work, 1), *repeats(work, other)))
    (own,) = [one for one in repeats(work, 1) if one.kind == "changed"]
    assert own.says == "the data have changed since #1 “lift it” ran"


def test_an_idea_beside_a_baseline_of_other_code_is_told_so(work: Workspace) -> None:
    other = add(work, "quite another thing", "lift=0.5")
    (work.layout.project / "head.py").write_text("width = 2\n")
    (one,) = repeats(work, other)
    assert (one.kind, one.says) == ("code", "the code has changed (head.py) since baseline 1 ran")
    work.queue.dispatch([other], new_baseline="the code changed")
    newest = work.view().ledger.baselines[-1]
    assert (newest.version, newest.params, newest.because) == (2, {"lift": 0.0}, "the code changed")


def test_an_idea_beside_a_baseline_of_other_data_is_told_so(work: Workspace) -> None:
    other = add(work, "quite another thing", "lift=0.5")
    (work.layout.project / "data.csv").write_text("1,2,4\n")
    (one,) = repeats(work, other)
    assert (one.kind, one.says) == ("code", "the data have changed since baseline 1 ran")


# -- near -----------------------------------------------------------------------------------------


def test_a_step_of_one_param_is_told_once(work: Workspace) -> None:
    number = add(work, "quite another thing", "lift=0.012")
    (one,) = repeats(work, number)
    assert (one.kind, one.of) == ("near", 1)
    assert one.says.startswith("#1 “lift it” had lift = 0.01, a step from 0.012: improved, +5.0 MEI (")
    work.queue.dispatch([number])
    with work.project.store.transaction("halt", by="test", undoable=False) as tables:
        idea = tables.get(Idea, number)
        assert idea is not None
        tables.put(replace(idea, dispatch=None))
    assert kinds(work, number) == []


def test_words_like_those_of_a_finished_idea_are_told(work: Workspace) -> None:
    (one,) = repeats(work, add(work, "lift", "height=3"))
    assert (one.kind, one.of) == ("near", 1)


# -- cost -----------------------------------------------------------------------------------------


def test_the_data_are_read_where_they_were_touched_and_once(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, ...]] = []
    of_files, touched = fingerprint.of_files, fingerprint.touched

    def counted(project: Path, patterns: tuple[str, ...]) -> dict[str, object]:
        read.append(patterns)
        return of_files(project, patterns)

    def long_ago(project: Path, patterns: tuple[str, ...]) -> tuple[int, int, float]:
        return (*touched(project, patterns)[:2], 0.0)

    monkeypatch.setattr(fingerprint, "of_files", counted)
    ideas = [add(work, f"thing number {n}", f"lift={n}") for n in range(1, 8)]
    ideas += [add(work, f"what {n} is", "lift=0.01") for n in ("this", "that")]
    assert kinds(work, *ideas) == ["same", "same"]
    assert len(read) == 1, "whoever copies a project touches its files"
    read.clear()
    monkeypatch.setattr(fingerprint, "touched", long_ago)
    assert kinds(work, *ideas) == ["same", "same"]
    assert read == []
