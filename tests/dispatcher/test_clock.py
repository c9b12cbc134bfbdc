"""A clock that is set back and forward by hours at every step changes no outcome and no order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from planner.clock import after, hours_between
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.outcome import Outcome
from planner.executors import local
from planner.rules.judging.striking import sides
from planner.store.layout import Layout
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import PATIENCE, run_dry
from tests.drills.forks import forked_worker, in_clean_process
from tests.projects import TOML, Clock, make_project

Jump = Callable[[int], float]
"""Hours the clock is moved by at each of its looks, by their number."""

JUMPS: dict[str, Jump] = {
    "back at every look": lambda look: -1.5,
    "back, then forward": lambda look: -5.0 if look % 2 else 4.0,
    "forward, then back": lambda look: 7.0 if look % 3 == 0 else -3.6,
    "once back by a day": lambda look: -24.0 if look == 9 else 0.0,
}


class Jumping(Clock):
    """A clock that somebody sets at every look."""

    def __init__(self, jump: Jump) -> None:
        super().__init__()
        self.jump, self.looks = jump, 0

    def __call__(self) -> str:
        self.looks += 1
        self.time += timedelta(hours=self.jump(self.looks))
        return super().__call__()


def story(folder: Path, clock: Clock) -> None:
    """A bug, its repair and a win; then one more seed on top: with every step by one clock."""
    local._start = forked_worker
    layout = make_project(folder, toml=TOML.replace("seeds = 3", "seeds = 2"))
    work = Workspace(layout, now=clock, who="ana")
    dispatcher = Dispatcher.of(Project(layout, clock, "dispatcher"))
    work.ideas.add("new head", likelihood="50%", params=["bug=true"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert work.view().ranked[0].status == "invalid"
    work.ideas.edit(1, params=["lift=0.02"])
    assert work.view().ranked[0].status == "ready"
    work.queue.dispatch([1])
    run_dry(dispatcher)
    work.queue.dispatch([1])
    run_dry(dispatcher)


def jumping(folder: Path, jump: str) -> None:
    """The same by a clock that jumps."""
    story(folder, Jumping(JUMPS[jump]))


def after_it(folder: Path, story: Callable[..., None], *by: object) -> Workspace:
    """The project when it is over."""
    process = in_clean_process(story, folder, *by)
    process.join(PATIENCE)
    assert process.exitcode == 0
    return Workspace(Layout(folder))


def told(work: Workspace) -> list[object]:
    """What came of it, without a word of time."""
    ledger = work.view().ledger
    runs = [(run.idea, run.rung, run.seed, run.status, run.value) for run in ledger.runs.values()]
    outcomes = [(one.verdict, one.reason, one.evidence, sides(one, ledger)) for one in ledger.outcomes]
    return [runs, outcomes, [row.status for row in work.view().ranked]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return told(after_it(tmp_path_factory.mktemp("good") / "project", story, Clock()))


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps_changes_no_outcome(undisturbed: list[object], tmp_path: Path, jump: str) -> None:
    work = after_it(tmp_path / "project", jumping, jump)
    assert told(work) == undisturbed
    for run in work.view().ledger.runs.values():
        assert run.hours >= 0
        assert run.started_at is not None
        assert run.ended_at is not None
        assert run.queued_at < run.started_at < run.ended_at
    first, *later = work.view().ledger.outcomes
    assert isinstance(first, Outcome)
    assert all(one.at > first.at for one in later)


def test_what_follows_is_never_written_down_as_older() -> None:
    late, early = "2026-11-16T09:00:00.000Z", "2026-11-16T02:00:00.000Z"
    assert after(late, early, "") == late
    assert after(early, late) == "2026-11-16T09:00:00.001Z"
    assert after(late, late) == "2026-11-16T09:00:00.001Z"
    assert after(early) == early


def test_the_end_of_summer_time_is_no_hour_more() -> None:
    """Times are UTC, so an hour that a wall clock shows twice is two hours."""
    assert hours_between("2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z") == 1.0
