"""How a screen test is told: an app over a project in memory, keys, and what can then be seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from screens.app import PlannerApp
from tests.screens.fake import NOW, FakeEngine

Story = Callable[[Pilot[None]], Awaitable[None]]
PATIENCE = 120.0
"""Seconds after which a condition that does not come true is a failure: nothing takes a tenth of it."""
LASTING = 3600
"""Seconds for which what is said stays on the screen, so that no test can come too late for it."""


def app_of(engine: FakeEngine) -> PlannerApp:
    """The app with a clock that stands still, in which what is said stays."""
    return lasting(PlannerApp(engine, now=lambda: NOW))


def lasting(app: PlannerApp) -> PlannerApp:
    """The same app; what it says stays on the screen."""
    app.NOTIFICATION_TIMEOUT = LASTING  # type: ignore[misc]  # Textual declares it of the class
    return app


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


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing is under way, however long it takes, and no cursor blinks."""
    at_rest = 0
    end = time.monotonic() + PATIENCE
    while at_rest < 2:
        for widget in pilot.app.screen.query("Input, TextArea").results():
            if isinstance(widget, Input | TextArea):
                widget.cursor_blink = False
        await pilot.pause(0.001)
        at_rest = 0 if busy(pilot.app) else at_rest + 1
        assert time.monotonic() < end, f"never came to rest; the screen shows\n{seen(pilot.app)}"


def busy(app: App[Any]) -> bool:
    """Whether there is work in a thread, a message that nobody has dealt with, or something to draw.

    Textual's own pause takes a process that gets no time from the machine for one that has nothing to do.
    """
    if any(not worker.is_finished for worker in app.workers):
        return True
    return _to_draw(app.screen) or any(map(_at_work, [app, *app.screen.walk_children(with_self=True)]))


def _at_work(pump: MessagePump) -> bool:
    """Whether it does anything else than wait for a message."""
    queue = pump._message_queue
    return bool(
        pump._pending_message or pump._next_callbacks or queue.values or not queue.ready_event._waiters
    )


def _to_draw(screen: Screen[Any]) -> bool:
    return bool(
        screen._callbacks or screen._dirty_widgets or screen._layout_required or screen._repaint_required
    )


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"never came true; the screen shows\n{seen(pilot.app)}"
        await pilot.pause(0.01)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, each when the one before it has done its work, and wait until the last one has."""
    for key in keys:
        pilot.app.post_message(events.Key(key, None))
        await settled(pilot)


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a text, one key after the other."""
    for character in text:
        pilot.app.post_message(events.Key(_character_to_key(character), character))
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
