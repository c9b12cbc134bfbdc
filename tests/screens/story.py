"""How a screen test is told: an app over a project in memory, keys, and what can then be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.app import PlannerApp
from tests.screens.fake import NOW, FakeEngine

Story = Callable[[Pilot[None]], Awaitable[None]]
PATIENCE = 400
"""Pauses after which a condition that does not come true is a failure."""


def app_of(engine: FakeEngine) -> PlannerApp:
    """The app with a clock that stands still."""
    return PlannerApp(engine, now=lambda: NOW)


def drive(engine: FakeEngine, story: Story, size: tuple[int, int] = (80, 24)) -> PlannerApp:
    """Run the app, wait until the project is read, and live through the story."""
    app = app_of(engine)

    async def live() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await ready(pilot)
            await story(pilot)

    asyncio.run(live())
    return app


async def ready(pilot: Pilot[None]) -> None:
    """Wait until the first view is drawn."""
    await until(pilot, lambda: planner(pilot).view is not None and bool(planner(pilot).gpu))
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way, and no cursor blinks."""
    app = planner(pilot)
    await until(pilot, lambda: not app.workers or all(worker.is_finished for worker in app.workers))
    for widget in app.screen.query("Input, TextArea").results():
        if isinstance(widget, Input | TextArea):
            widget.cursor_blink = False
    await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(PATIENCE):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never came true; the screen shows\n{seen(pilot.app)}")


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait until they have done their work."""
    for key in keys:
        await pilot.press(key)
    await settled(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text, one key after the other."""
    if text:
        await pilot.press(*("space" if character == " " else character for character in text))
    await settled(pilot)


def planner(pilot: Pilot[None]) -> PlannerApp:
    """The app the pilot flies."""
    assert isinstance(pilot.app, PlannerApp)
    return pilot.app


def seen(app: App[None]) -> str:
    """Everything on the screen, line by line."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def line_with(app: App[None], text: str) -> str:
    """The first line that shows the text; empty when none does."""
    return next((line for line in seen(app).splitlines() if text in line), "")
