"""Which earlier run a new one may go on from, and what a whole training took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.run import Run, RunStatus
from planner.rules.judging.unfinished import unfinished_like
from planner.rules.learning.measured import mean_run_hours, whole_hours


def a_run(name: str, status: RunStatus = "queued", **changed: object) -> Run:
    usual = Run(
        id=name, idea=1, baseline=1, rung="full", seed=0, params={"lr": 0.1},
        queued_at="2026-11-16T09:00:00Z",
        order=0.0, status=status,
    )  # fmt: skip
    return replace(usual, **changed)  # type: ignore[arg-type]  # fields of a run by name


@pytest.mark.parametrize("status", ["stopped", "crashed", "failed"])
def test_the_newest_that_broke_off_comes_first(status: RunStatus) -> None:
    runs = [a_run("r1", "crashed"), a_run("r2", status), a_run("r3")]
    assert [run.id for run in unfinished_like(runs[-1], runs)] == ["r2", "r1"]


def test_what_a_person_tries_again_is_among_them() -> None:
    stopped = a_run("r1", "stopped")
    assert unfinished_like(stopped, [stopped]) == [stopped]


@pytest.mark.parametrize(
    "changed", [{"seed": 1}, {"rung": "small"}, {"params": {"lr": 0.2}}, {"ref": "branch"}, {"idea": None}]
)
def test_another_seed_rung_change_or_idea_is_another_training(changed: dict[str, object]) -> None:
    assert unfinished_like(a_run("r2"), [a_run("r1", "stopped", **changed), a_run("r2")]) == []


def test_nothing_from_before_a_run_that_finished_is_gone_on_from() -> None:
    runs = [a_run("r1", "crashed"), a_run("r2", "finished"), a_run("r3")]
    assert unfinished_like(runs[-1], runs) == []


def test_a_run_that_is_struck_out_is_not_gone_on_from() -> None:
    runs = [a_run("r1", "stopped", struck="wrong data"), a_run("r2")]
    assert unfinished_like(runs[-1], runs) == []


def test_a_full_run_takes_what_all_its_parts_took() -> None:
    parts = [
        a_run("r1", "crashed", hours=2.0),
        a_run("r2", "stopped", hours=1.0, resumed_from="r1", inherited=20),
        a_run("r3", "finished", hours=0.5, resumed_from="r2", inherited=30),
    ]
    runs = {run.id: run for run in parts}
    assert whole_hours(runs["r3"], runs) == 3.5
    assert mean_run_hours(parts) == 3.5
    assert whole_hours(a_run("r9", hours=1.0, resumed_from="gone"), runs) == 1.0


def test_runs_that_name_each_other_still_end() -> None:
    one, other = a_run("r1", hours=1.0, resumed_from="r2"), a_run("r2", hours=1.0, resumed_from="r1")
    assert whole_hours(one, {"r1": one, "r2": other}) == 2.0
