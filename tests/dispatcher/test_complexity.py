"""The complexity an idea added, measured as it comes to its outcome."""

from pathlib import Path
from threading import Event

import pytest

from planner.dispatcher import measuring
from planner.dispatcher.complexity import Between
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.outcome import Outcome
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import TOML, commit, git, make_project


def judged(work: Workspace, dispatcher: Dispatcher, idea: int = 1) -> Outcome:
    """The outcome that an idea comes to."""
    work.queue.dispatch([idea])
    run_dry(dispatcher)
    return next(outcome for outcome in work.view().ledger.outcomes if outcome.idea == idea)


def lines(count: int) -> str:
    return "".join(f"unused_{number} = {number}\n" for number in range(count))


@pytest.fixture
def project(work: Workspace) -> Path:
    return work.layout.project


def test_params_alone_tell_nothing_of_the_code_that_reads_them(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    work.ideas.add("lift", complexity="3", params=["lift=0.02"])
    verdict = judged(work, dispatcher)
    assert (verdict.verdict, verdict.complexity) == ("improved", None)
    assert "complexity 3 costs" in verdict.reason
    assert work.view().ledger.calibration.kept_complexity == 3


def test_a_branch_adds_the_lines_it_touches(work: Workspace, dispatcher: Dispatcher, project: Path) -> None:
    git(project, "checkout", "-q", "-b", "focal")
    (project / "focal.py").write_text(lines(120))
    (project / "uv.lock").write_text(lines(5000))
    commit(project, "focal loss")
    git(project, "checkout", "-q", "main")
    work.ideas.add("focal loss", complexity="1", ref="focal")
    assert judged(work, dispatcher).complexity == 3


def test_code_in_the_work_tree_adds_what_differs_from_the_baselines(
    work: Workspace, dispatcher: Dispatcher, project: Path
) -> None:
    work.ideas.add("lift", params=["lift=0.0"])
    judged(work, dispatcher)
    (project / "experiment.py").write_text((project / "experiment.py").read_text() + lines(20))
    work.ideas.add("a new head", implemented=True)
    assert judged(work, dispatcher, 2).complexity == 2


def test_code_that_the_baseline_ran_on_too_can_not_be_measured(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    work.ideas.add("a head that is there already", implemented=True)
    assert judged(work, dispatcher).complexity is None


def test_where_git_can_not_say_the_idea_is_settled_all_the_same(
    work: Workspace, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(work.layout.project, "branch", "same")
    work.ideas.add("the same again", complexity="2", ref="same")
    monkeypatch.setattr("planner.executors.diff.LONGER", 0.0)
    verdict = judged(work, dispatcher)
    assert (verdict.verdict, verdict.complexity) == ("no gain", None)


def test_while_git_takes_its_time_over_one_idea_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Workspace(make_project(tmp_path / "alone", toml=TOML.replace("seeds = 3", "seeds = 1")), who="ana")
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    asked, told = Event(), Event()

    def slow(_project: Path, _between: Between) -> float:
        asked.set()
        told.wait()
        return 1.5

    monkeypatch.setattr(measuring, "complexity_between", slow)
    monkeypatch.setattr(measuring, "SOON", 0.0)
    git(work.layout.project, "branch", "same")
    work.ideas.add("the same again", complexity="2", ref="same")
    work.queue.dispatch([1])
    tick_until(dispatcher, asked.is_set)
    work.ideas.add("lift", params=["lift=0.02"])
    work.queue.dispatch([2])
    tick_until(dispatcher, lambda: work.view().ledger.outcomes)
    assert [one.idea for one in work.view().ledger.outcomes] == [2]
    told.set()
    run_dry(dispatcher)
    assert [one.complexity for one in work.view().ledger.outcomes if one.idea == 1] == [1.5]
