"""What a person asks to look back and ahead."""

import pytest

from planner.domain.ledger import Ledger
from planner.domain.mistake import Failed, Mistake
from planner.domain.run import Run
from planner.workspace.bearings import next_steps, status_facts
from planner.workspace.reports import data_fingerprints, review_text
from planner.workspace.workspace import Workspace


def test_the_review_of_this_week_is_the_clocks_week(work: Workspace) -> None:
    assert review_text(work.project).startswith("# Review of 2026-W47")
    assert not list(work.layout.reviews.iterdir())


def test_a_review_is_written_where_its_week_says(work: Workspace) -> None:
    text = work.review("2026-W46", write=True)
    assert (work.layout.reviews / "2026-W46.md").read_text().startswith(text)
    assert (work.layout.reviews / "2026-W46.md").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("week", ["2026-W54", "../../etc", "now"])
def test_a_week_that_is_none_is_a_mistake_and_writes_nothing(work: Workspace, week: str) -> None:
    with pytest.raises(Mistake):
        review_text(work.project, week, write=True)
    assert not list(work.layout.reviews.iterdir())


def test_next_is_the_best_ready_and_the_best_open_idea(work: Workspace) -> None:
    work.ideas.add("ready", params=["lr=0.1"], hours="1h")
    work.ideas.add("better and ready", params=["lr=0.2"], impact="+9pp")
    work.ideas.add("open", hours="9h")
    work.ideas.add("better and open", hours="1h")
    steps = next_steps(work.view().ranked)
    assert steps.run is not None
    assert steps.implement is not None
    assert (steps.run.idea.id, steps.implement.idea.id) == (2, 4)


def test_an_idea_waits_for_those_it_comes_after_until_they_are_decided_or_set_aside(work: Workspace) -> None:
    work.ideas.add("first", params=["lr=0.1"])
    work.ideas.add("second", params=["lr=0.2"], impact="+9pp", after=[1])
    steps = next_steps(work.view().ranked)
    assert steps.run is not None
    assert steps.run.idea.id == 1
    work.ideas.park(1)
    steps = next_steps(work.view().ranked)
    assert steps.run is not None
    assert steps.run.idea.id == 2


def test_a_new_project_has_a_status_too(work: Workspace) -> None:
    facts = status_facts(work.project, work.view())
    assert facts["ideas"] == {}
    assert facts["goal"]["best"] is None
    assert facts["goal"]["reached"] is False


def test_the_data_a_verdict_rests_on_are_told_apart_by_their_fingerprints(work: Workspace) -> None:
    toml = work.layout.toml
    toml.write_text(toml.read_text().replace("[recipe]", '[recipe]\ndata = ["data/*.npz"]'))
    seen = {
        "r1": '{"data_files": {"sha256": "old"}}',
        "r2": '{"data_files": {"sha256": "new"}}',
        "r3": "{",
        "r4": "{}",
    }
    runs = {}
    for number, (name, context) in enumerate(seen.items(), start=1):
        folder = work.layout.run(name)
        folder.path.mkdir()
        folder.context.write_text(context)
        at = f"2026-11-16T0{number}:00:00.000Z"
        runs[name] = Run(
            id=name, idea=number, baseline=1, rung="full", seed=0, params={}, queued_at=at, order=0.0,
            status="finished", value=1.0, ended_at=at,
        )  # fmt: skip
    ledger = Ledger(runs=runs)
    assert data_fingerprints(work.project, ledger, work.settings) == {"r1": "old", "r2": "new"}


def test_without_data_files_in_the_settings_no_run_folder_is_read(work: Workspace) -> None:
    ledger = Ledger(runs={})
    assert data_fingerprints(work.project, ledger, work.settings) == {}


def test_a_page_that_can_not_be_read_is_never_written_over(work: Workspace) -> None:
    page = work.layout.reviews / "2026-W47.md"
    page.mkdir()
    with pytest.raises(Failed, match="directory"):
        work.review(write=True)
    assert page.is_dir()
