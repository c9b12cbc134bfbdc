"""Every screen as it looks, at both sizes that matter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.widgets.idea_table import IdeaTable
from screens.widgets.plot_card import Axes
from screens.widgets.why_panel import WhyPanel
from tests.screens import past, project, project_sweep
from tests.screens.fake import FakeEngine
from tests.screens.story import app_of, planner, press, ready, settled, until, write

SIZES = [(80, 24), (160, 45)]
Compare = Callable[..., bool]
Before = Callable[[Pilot[Any]], Awaitable[None]]


def after(*keys: str, text: str = "") -> Before:
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot)
        await press(pilot, *keys)
        await write(pilot, text)

    return before


async def curves(pilot: Pilot[None]) -> None:
    await ready(pilot)
    planner(pilot).open_run("r21-3fa1")
    await until(pilot, lambda: bool(pilot.app.screen.query(Axes)))
    for _ in range(5):
        await settled(pilot)


async def wide_light(pilot: Pilot[None]) -> None:
    await ready(pilot)
    pilot.app.theme = "textual-light"
    await press(pilot, "j", "space")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x45"])
@pytest.mark.parametrize(
    "before",
    [
        pytest.param(after("j"), id="backlog"),
        pytest.param(after("a", text="clip gradients -t 15m -l 25%"), id="add"),
        pytest.param(after("slash", text="status:ready"), id="filter"),
        pytest.param(after("j", "e"), id="edit"),
        pytest.param(after("question_mark"), id="help"),
        pytest.param(after("r", "down"), id="runs"),
        pytest.param(after("v"), id="review"),
        pytest.param(after("X"), id="ask"),
        pytest.param(curves, id="curves"),
        pytest.param(wide_light, id="light"),
    ],
)
def test_screen(snap_compare: Compare, before: Before, size: tuple[int, int]):
    assert snap_compare(app_of(project.engine()), terminal_size=size, run_before=before)


async def finished(pilot: Pilot[None]) -> None:
    await ready(pilot)
    pilot.app.screen.query_one(IdeaTable).point_at(27)
    await settled(pilot)


async def said_and_was(pilot: Pilot[None]) -> None:
    await finished(pilot)
    pilot.app.screen.query_one(WhyPanel).scroll_to(y=6, animate=False)
    await settled(pilot)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x45"])
@pytest.mark.parametrize(
    "before",
    [
        pytest.param(after(), id="notice"),
        pytest.param(finished, id="finished"),
        pytest.param(said_and_was, id="was"),
        pytest.param(after("v"), id="happened"),
        pytest.param(after("v", "2"), id="paid-off"),
        pytest.param(after("v", "3"), id="guesses"),
        pytest.param(after("v", "3", "f"), id="one-person"),
        pytest.param(after("v", "4"), id="next"),
        pytest.param(after("v", "o", "right", "enter", text="the split leaked"), id="overrule"),
        pytest.param(after("v", "question_mark"), id="help-review"),
    ],
)
def test_two_weeks_on(snap_compare: Compare, before: Before, size: tuple[int, int]):
    assert snap_compare(app_of(past.forgetful()), terminal_size=size, run_before=before)


async def opened_sweep(pilot: Pilot[None]) -> None:
    await ready(pilot)
    planner(pilot).open_sweep(project_sweep.IDEA)
    await settled(pilot)


async def narrower(pilot: Pilot[None]) -> None:
    await opened_sweep(pilot)
    await press(pilot, "n")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x45"])
@pytest.mark.parametrize(
    ("made", "before"),
    [
        pytest.param(lambda: project_sweep.unfinished(axes=6), opened_sweep, id="searching"),
        pytest.param(project_sweep.interrupted, opened_sweep, id="halted"),
        pytest.param(project_sweep.finished, opened_sweep, id="chosen"),
        pytest.param(lambda: project_sweep.finished(axes=1), narrower, id="narrower"),
    ],
)
def test_sweep(snap_compare: Compare, made: Callable[[], FakeEngine], before: Before, size: tuple[int, int]):
    assert snap_compare(app_of(made()), terminal_size=size, run_before=before)


@pytest.mark.parametrize("sheet", ["2", "3", "4", "5", "6"])
def test_sheet_of_a_run(snap_compare: Compare, sheet: str):
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot)
        planner(pilot).open_run("r18-3fa8")
        await settled(pilot)
        await press(pilot, sheet)

    assert snap_compare(app_of(project.engine()), run_before=before)


@pytest.mark.parametrize("key", ["b", "r", "v"])
def test_empty(snap_compare: Compare, key: str):
    assert snap_compare(app_of(project.empty()), run_before=after(key))
