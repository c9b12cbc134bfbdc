"""Adopting a win: it is what later ideas are compared with, in the store and in planner.toml alike."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from planner.dispatcher.climb import climb
from planner.dispatcher.measuring import Measurements
from planner.dispatcher.searching import Searches
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Baseline
from planner.rules.judging.comparison import baseline_values
from planner.workspace.adoption import without_adopted
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.projects import commit, git
from tests.workspace.undo_steps import again, begin, finish, now, queued, tick, to_verdict


def in_the_file(work: Workspace) -> dict[str, object]:
    document = tomllib.loads(work.layout.toml.read_text())
    return dict(document["baseline"]["params"])


def in_force(work: Workspace) -> Baseline:
    return now(work).baselines[-1]


def next_run_of(work: Workspace, idea: int | None) -> dict[str, object]:
    """Which code and params the next run of an idea, or of the baseline, has."""
    tick(work)
    run = next(run for run in queued(work) if run.idea == idea)
    return {"baseline": run.baseline, "ref": run.ref, "commit": run.commit, **run.params}


def test_its_params_are_the_baselines_in_the_store_and_in_the_file(busy: Workspace) -> None:
    before = busy.layout.toml.read_text()
    done = busy.corrections.adopt(1)
    assert done.says == "adopted “mixup”: it is baseline 2"
    assert done.also[0] == "wrote lift = 0.02 into [baseline] of planner.toml"
    assert busy.layout.toml.read_text() == before.replace("lift = 0.0", "lift = 0.02")
    made = in_force(busy)
    assert (made.version, made.params, made.adopted, made.because) == (
        2,
        {"lift": 0.02},
        1,
        "adopted #1 “mixup”",
    )
    assert now(busy).calibration.because == "“mixup” adopted by ana"


def test_nothing_drifts_at_the_next_dispatch(busy: Workspace) -> None:
    busy.corrections.adopt(1)
    busy.queue.dispatch([2])
    assert in_force(busy).version == 2
    assert next_run_of(busy, 2) == {"baseline": 2, "ref": None, "commit": None, "lift": 0.03}


def test_its_seeds_become_the_baselines_and_only_the_missing_ones_run(busy: Workspace) -> None:
    own = {run.seed for run in now(busy).runs.values() if run.idea == 1 and run.rung == "full"}
    done = busy.corrections.adopt(1)
    assert f"it begins with {len(own)} of 3 seeds; the others run with the next dispatch" in done.also
    assert baseline_values(now(busy), 2).keys() == own
    busy.queue.dispatch([2])
    to_verdict(busy)
    ran = {run.seed for run in now(busy).runs.values() if run.idea is None and run.baseline == 2}
    assert ran == {0, 1, 2} - own


def test_an_unconfirmed_win_says_how_sure_it_is(busy: Workspace) -> None:
    told = [line for line in busy.corrections.adopt(1).also if "% sure" in line]
    assert len(told) == 1
    assert told[0].startswith("1 of 3 seeds say that it is better, over 99 % sure; ")
    assert told[0].endswith("`planner dispatch 1 --confirm`")


@pytest.mark.parametrize("verdict", ["no gain", "worse", "inconclusive", "invalid"])
def test_only_a_win_can_be_adopted(busy: Workspace, verdict: str) -> None:
    busy.corrections.overrule(1, verdict, "I saw it")
    with pytest.raises(Mistake, match=f"idea 1 is no win but {verdict}"):
        busy.corrections.adopt(1)
    with pytest.raises(NothingToDo, match="idea 2 has no verdict yet"):
        busy.corrections.adopt(2)
    assert in_force(busy).version == 1


def test_an_idea_is_adopted_once_and_can_not_be_declined_then(busy: Workspace) -> None:
    busy.corrections.adopt(1)
    with pytest.raises(NothingToDo, match="adopted already: it became baseline 2"):
        busy.corrections.adopt(1)
    with pytest.raises(Mistake, match="idea 1 became baseline 2, which later runs build on"):
        busy.corrections.decline(1, "memory")


def test_what_was_declined_is_kept_again_when_it_is_adopted(busy: Workspace) -> None:
    busy.corrections.decline(1, "memory")
    busy.corrections.adopt(1)
    outcome = now(busy).outcomes[-1]
    assert (outcome.kept, outcome.declined) == (True, None)
    assert [one.kept for one in now(busy).calibration.finished] == [True]


def test_what_is_not_worth_its_complexity_needs_a_second_word(busy: Workspace) -> None:
    busy.ideas.estimate(1, complexity="5", by="bo")
    busy.ideas.estimate(1, complexity="5")
    busy.ideas.estimate(2, impact="+90pp", likelihood="90%", hours="0.5h")
    busy.ideas.estimate(3, impact="+90pp", likelihood="90%", hours="0.5h")
    with pytest.raises(Mistake, match=r"idea 1 is not adopted: not worth its complexity: .* MEI gained"):
        busy.corrections.adopt(1)
    assert in_the_file(busy) == {"lift": 0.0}
    busy.corrections.adopt(1, anyway=True)
    assert in_force(busy).because.startswith("adopted #1 “mixup”; although not worth its complexity")


def test_what_was_judged_against_another_baseline_needs_one_too(busy: Workspace) -> None:
    busy.layout.toml.write_text(busy.layout.toml.read_text().replace("lift = 0.0", "lift = 0.0, depth = 2"))
    with pytest.raises(Mistake, match=r"params under \[baseline\] in planner.toml are others"):
        busy.corrections.adopt(1)
    busy.queue.dispatch([3])
    with pytest.raises(
        Mistake, match="judged against baseline 1, and what it would make of baseline 2 has never"
    ):
        busy.corrections.adopt(1)
    busy.corrections.adopt(1, anyway=True)
    assert in_the_file(busy) == in_force(busy).params == {"lift": 0.02, "depth": 2}
    assert baseline_values(now(busy), in_force(busy).version) == {}


def test_undone_and_redone_it_moves_the_file_too(busy: Workspace) -> None:
    before, text = now(busy), busy.layout.toml.read_text()
    busy.corrections.adopt(1)
    adopted, written = now(busy), busy.layout.toml.read_text()
    assert again(busy).undo() == ["adopt #1 “mixup”"]
    assert (now(busy), busy.layout.toml.read_text()) == (before, text)
    busy.redo()
    assert (now(busy), busy.layout.toml.read_text()) == (adopted, written)


def test_undone_it_leaves_a_file_that_was_edited_since(busy: Workspace) -> None:
    busy.corrections.adopt(1)
    edited = busy.layout.toml.read_text().replace("0.02", "0.04")
    busy.layout.toml.write_text(edited)
    busy.undo()
    assert busy.layout.toml.read_text() == edited


def test_once_a_run_has_used_it_undo_passes_it_over_and_says_so(
    busy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.workspace.history.NAMED", 9)
    busy.corrections.adopt(1)
    busy.queue.dispatch([2])
    tick(busy)
    begin(busy, queued(busy)[0])
    finish(busy, next(run for run in now(busy).runs.values() if run.status == "running"), 0.9)
    to_verdict(busy)
    turned = busy.history.undo(1)
    assert any(
        "stays: adopt #1 “mixup” (run " in told and "has used baseline 2" in told for told in turned.stays
    )
    assert in_force(busy).version == 2
    assert in_the_file(busy) == {"lift": 0.02}


def test_what_waits_for_the_old_version_leaves_the_queue_and_climbs_anew(busy: Workspace) -> None:
    busy.queue.dispatch([2])
    tick(busy)
    old = queued(busy)
    assert [run.baseline for run in old] == [1]
    done = busy.corrections.adopt(1)
    assert "under way, and measured anew against baseline 2: #2" in done.also
    assert not queued(busy)
    to_verdict(busy, lift=0.05)
    assert {run.baseline for run in now(busy).runs.values() if run.idea == 2} == {2}
    assert [one.baseline for one in now(busy).outcomes] == [1, 2]


def test_a_file_that_can_not_be_edited_says_what_to_write_and_then_it_goes_on(busy: Workspace) -> None:
    odd = busy.layout.toml.read_text().replace("[baseline]\nparams = { lift = 0.0 }", "")
    busy.layout.toml.write_text(odd + '\n[baseline]\nparams = { "li\\u0066t" = 0.0 }\n')
    with pytest.raises(Mistake, match=r"write params = \{ lift = 0.02 \} under \[baseline\] yourself"):
        busy.corrections.adopt(1)
    assert in_force(busy).version == 1
    busy.layout.toml.write_text(odd + '\n[baseline]\nparams = { "li\\u0066t" = 0.02 }\n')
    busy.corrections.adopt(1)
    assert in_force(busy).params == {"lift": 0.02}


def test_where_the_store_refuses_the_file_is_as_it_was(
    busy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = busy.layout.toml.read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.store.store.Store._replace", full)
    with pytest.raises(Mistake, match="is full, nothing was changed"):
        busy.corrections.adopt(1)
    assert busy.layout.toml.read_text() == before


# -- code on a branch -------------------------------------------------------------------------------


@pytest.fixture
def branched(work: Workspace) -> Workspace:
    """A win that is code on a branch."""
    project = work.layout.project
    git(project, "checkout", "-q", "-b", "focal")
    (project / "focal.py").write_text("gamma = 2\n")
    commit(project, "focal loss")
    git(project, "checkout", "-q", "main")
    work.ideas.add("focal loss", ref="focal")
    work.ideas.add("wider", params=["width=2"])
    work.ideas.add("in the work tree", implemented=True)
    work.queue.dispatch([1])
    to_verdict(work)
    return work


def test_adopted_code_runs_from_its_branch_until_it_is_merged(branched: Workspace) -> None:
    project = branched.layout.project
    focal = git(project, "rev-parse", "focal")
    done = branched.corrections.adopt(1)
    assert any("(`git merge focal`)" in told for told in done.also)
    assert baseline_values(now(branched), 2)
    branched.queue.dispatch([2])
    assert next_run_of(branched, 2) == {
        "baseline": 2,
        "ref": "focal",
        "commit": focal,
        "lift": 0.0,
        "width": 2,
    }
    to_verdict(branched)
    assert {run.commit for run in now(branched).runs.values() if run.idea is None and run.baseline == 2} == {
        focal
    }
    assert without_adopted(branched.project, [2, 3]) == [
        "#3 runs without the code of baseline 2, which is on focal and not merged, and is compared with it"
    ]
    branched.queue.dispatch([3])
    assert next_run_of(branched, 3)["ref"] is None
    to_verdict(branched)
    git(project, "-c", "user.name=A", "-c", "user.email=a@b", "merge", "-q", "--squash", "focal")
    commit(project, "focal loss, squashed")
    branched.queue.dispatch([2])
    assert (in_force(branched).version, in_force(branched).ref) == (2, None)
    assert without_adopted(branched.project, [3]) == []
    assert next_run_of(branched, 2)["ref"] is None


def test_a_new_version_of_params_keeps_code_that_is_not_merged(branched: Workspace) -> None:
    branched.corrections.adopt(1)
    text = branched.layout.toml.read_text()
    branched.layout.toml.write_text(text.replace("lift = 0.0", "lift = 0.01"))
    branched.queue.dispatch([2])
    assert (in_force(branched).version, in_force(branched).ref) == (3, "focal")


def test_a_branch_without_the_code_adopted_before_is_no_whole_baseline(
    branched: Workspace, tmp_path: Path
) -> None:
    project = branched.layout.project
    branched.corrections.adopt(1)
    git(project, "checkout", "-q", "-b", "other")
    (project / "other.py").write_text("x = 1\n")
    commit(project, "other")
    git(project, "checkout", "-q", "main")
    branched.ideas.add("other", ref="other")
    branched.queue.dispatch([4])
    to_verdict(branched, lift=0.1)
    with pytest.raises(
        Mistake, match="other has not got the code of baseline 2, which is on focal: merge that"
    ):
        branched.corrections.adopt(4)


def test_the_verb_is_one_of_the_dispatchers_world_too(busy: Workspace) -> None:
    """A dispatcher that looks again after the adoption asks for nothing against the old version."""
    busy.corrections.adopt(1)
    climb(Project(busy.layout, busy.project.now, "dispatcher"), Searches(), Measurements(busy.layout.project))
    assert not queued(busy)
