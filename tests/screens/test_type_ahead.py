"""Keys wait for the one before them, however slow the machine, and none waits for a widget that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from screens import type_ahead
from screens.type_ahead import Passed, TypeAheadApp
from tests.screens.story import until


class Ear(Widget, can_focus=True):
    """Hears keys; `s` takes its time and then moves the focus, `x` is its last."""

    async def on_key(self, event: events.Key) -> None:
        app = self.app
        assert isinstance(app, Listening)
        app.heard.append((self.id, event.key))
        if event.key == "s":
            await app.gate.wait()
            app.query_one("#second").focus()

    def on_passed(self, passed: Passed) -> None:
        """Gone with what was sent behind `x`."""
        if (self.id, "x") in self.app.heard:  # type: ignore[attr-defined]
            passed.stop()
            self.remove()


class Listening(TypeAheadApp):
    """Remembers who heard which key, and how often it looked after the one that is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str | None, str]] = []
        self.gate = asyncio.Event()
        self.looks = 0

    def compose(self) -> ComposeResult:
        yield Ear(id="first")
        yield Ear(id="second")

    def _check(self) -> None:
        self.looks += 1
        super()._check()


def listen(
    monkeypatch: pytest.MonkeyPatch, story: Callable[[Listening, Pilot[None]], Awaitable[None]]
) -> None:
    monkeypatch.setattr(type_ahead, "CHECK_SECONDS", 0.001)

    async def live() -> None:
        app = Listening()
        async with app.run_test() as pilot:
            app.query_one("#first").focus()
            await pilot.pause()
            await story(app, pilot)

    asyncio.run(live())


def type_in(app: Listening, keys: str) -> None:
    for key in keys:
        app.post_message(events.Key(key, key))


def test_a_key_waits_for_one_that_takes_long(monkeypatch: pytest.MonkeyPatch):
    async def story(app: Listening, pilot: Pilot[None]) -> None:
        type_in(app, "sab")
        while app.looks < 20 and app._keys < 2:
            await asyncio.sleep(0)
        app.gate.set()
        await until(pilot, lambda: len(app.heard) == 3)
        assert app.heard == [("first", "s"), ("second", "a"), ("second", "b")]

    listen(monkeypatch, story)


def test_a_key_goes_on_when_the_widget_of_the_one_before_is_gone(monkeypatch: pytest.MonkeyPatch):
    async def story(app: Listening, pilot: Pilot[None]) -> None:
        type_in(app, "xab")
        await until(pilot, lambda: app.heard == [("first", "x"), ("second", "a"), ("second", "b")])

    listen(monkeypatch, story)
