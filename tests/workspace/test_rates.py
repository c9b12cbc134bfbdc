"""Searches for the learning rate, as a person asks for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.rates import Rates
from planner.domain.run import Run
from planner.rules.wording import rates as wording
from planner.store import encoding
from planner.workspace.rates import found, search
from tests.projects import TOML, make_project, workspace


def test_a_search_is_queued_once_with_what_the_idea_is_given(tmp_path: Path) -> None:
    work = workspace(make_project(tmp_path))
    idea = work.ideas.add("lift", params=["lift=0.5"])
    run = search(work.project, idea.id)
    assert (run.rung, run.idea, run.params) == ("lr", idea.id, {"lift": 0.5})
    assert search(work.project, idea.id) == run
    baseline = search(work.project, None)
    assert (baseline.idea, baseline.params) == (None, {"lift": 0.0})


def test_a_search_moves_no_score_and_settles_nothing(tmp_path: Path) -> None:
    work = workspace(make_project(tmp_path))
    idea = work.ideas.add("lift", params=["lift=0.5"])
    before = work.view().ranked[0].score
    search(work.project, idea.id)
    after = work.view()
    assert after.ranked[0].score == before
    assert after.ledger.outcomes == ()


def test_a_command_has_no_rate_that_the_planner_could_look_for(tmp_path: Path) -> None:
    toml = TOML.replace('entry = "experiment:train"', 'command = ["true"]')
    work = workspace(make_project(tmp_path, toml=toml))
    with pytest.raises(Mistake, match="the learning rate of a command is its own"):
        search(work.project, None)


def test_what_was_found_is_read_from_the_folder_and_drawn(tmp_path: Path) -> None:
    work = workspace(make_project(tmp_path))
    run = search(work.project, None)
    assert found(work.project, run) is None
    points = tuple(
        (10.0**power, 1.0, loss) for power, loss in zip(range(-4, 1), (4, 4, 2, 1, 9), strict=True)
    )
    rates = Rates(points=points, rate=0.01, says="try 0.01")
    folder = work.layout.run(run.id)
    folder.path.mkdir(parents=True)
    folder.rates.write_bytes(encoding.encode(encoding.plain(rates)))
    assert found(work.project, run) == rates
    *curve, axis, says = wording.lines(rates, wide=5, high=2)
    assert curve == ["▇▇  █", "██▅▁█"]
    assert axis.startswith("1")
    assert says == "try 0.01"


def test_a_search_can_be_taken_back_until_it_begins(tmp_path: Path) -> None:
    work = workspace(make_project(tmp_path))
    run = search(work.project, None)
    work.history.undo()
    assert run.id not in work.view().ledger.runs
    run = search(work.project, None)
    with work.project.store.transaction("begin", by="dispatcher", undoable=False) as tables:
        tables.put(replace(run, status="finished"))
    with pytest.raises(NothingToDo, match=f"run {run.id} has finished"):
        work.history.undo()


@pytest.mark.parametrize("of", ["idea", "baseline"])
def test_a_search_that_was_cut_short_is_made_again_and_moves_its_idea_nowhere(
    tmp_path: Path, of: str
) -> None:
    work = workspace(make_project(tmp_path))
    idea = work.ideas.add("lift", params=["lift=0.5"])
    run = search(work.project, idea.id if of == "idea" else None)
    with work.project.store.transaction("crash", by="dispatcher", undoable=False) as tables:
        tables.put(replace(run, status="crashed", cause="the worker died"))
    again = work.queue.requeue(run.id)
    assert isinstance(again, Run)
    assert (again.rung, again.idea, again.status, again.retry_of) == ("lr", run.idea, "queued", run.id)
    assert search(work.project, run.idea) == again
    assert work.view().ledger.ideas[idea.id].dispatch is None
