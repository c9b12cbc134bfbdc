"""What is drawn of a run."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest

from planner.domain.event import Progress
from planner.domain.gpu import GpuReading
from planner.domain.view import RunDetail
from screens.curves import MOST_POINTS, clock, plots, thinned
from tests.screens import project

DETAIL = project.engine().run_detail("r21-3fa1")


def with_curves(curves: dict[str, tuple[tuple[int, float], ...]]) -> RunDetail:
    return replace(
        DETAIL, run=replace(DETAIL.run, progress=Progress(curves=curves)), baseline_band={}, gpu=()
    )


def test_the_goal_comes_first_and_the_gpu_last():
    assert [plot.title for plot in plots(DETAIL, "val_accuracy")] == ["accuracy", "loss", "gpu"]
    assert [plot.title for plot in plots(DETAIL, "val_loss")] == ["loss", "accuracy", "gpu"]


def test_training_and_validation_lie_over_the_baseline_s_band():
    lines = plots(DETAIL, "val_accuracy")[0].lines
    assert [line.role for line in lines] == ["band", "band", "train", "validation"]
    assert lines[3].name == "validation 0.9708"


def test_values_that_are_not_finite_are_left_out():
    drawn = plots(with_curves({"loss": ((1, nan), (2, 0.5), (3, inf), (4, 1e300))}), "val_accuracy")
    assert drawn[0].lines[2].points == ((2.0, 0.5),)


def test_a_run_without_epochs_has_nothing_to_draw():
    assert plots(with_curves({}), "val_accuracy") == ()


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    points = thinned((epoch, float(epoch)) for epoch in range(1, 100_001))
    assert len(points) <= MOST_POINTS + 1
    assert points[0] == (1.0, 1.0)
    assert points[-1] == (100_000.0, 100_000.0)


def test_the_gpu_stands_on_the_axis_of_epochs():
    at = clock(((1, "2026-11-20T09:00:10Z"), (2, "2026-11-20T09:00:30Z")), "2026-11-20T09:00:00Z")
    assert at is not None
    assert at("2026-11-20T09:00:05Z") == 0.5
    assert at("2026-11-20T09:00:20Z") == 1.5
    assert at("2026-11-20T09:00:40Z") == pytest.approx(2.5)


def test_a_gpu_that_answers_nothing_draws_nothing():
    silent = tuple(GpuReading(at="2026-11-20T09:40:10.000Z", index=0) for _ in range(3))
    assert [plot.title for plot in plots(replace(DETAIL, gpu=silent), "val_accuracy")] == ["accuracy", "loss"]


def test_a_search_for_the_learning_rate_is_drawn_over_the_rate():
    steps = range(1, 162)
    rates = tuple((step, 10.0 ** (-7 + (step - 1) / 20)) for step in steps)
    loss = tuple(
        (step, 2.0 if step < 60 else 2.0 - (step - 60) / 80 if step < 140 else 50.0) for step in steps
    )
    detail = with_curves({"learning_rate": rates, "smoothed loss": loss})
    search = replace(detail.run, run=replace(detail.run.run, rung="lr"))
    (plot,) = plots(replace(detail, run=search), "val_accuracy")
    assert plot.powers == (-7.0, 1.0)
    assert plot.span is not None
    assert plot.span[1] < 3
    assert max(y for _, y in plot.lines[0].points) == plot.span[1]
    assert dict(plot.lines[0].points)[-5.0] == 2.0
