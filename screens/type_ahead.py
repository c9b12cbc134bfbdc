"""Keys that wait for the one before them, so that text typed right after `/` lands in the line it opens."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections import deque

from textual import events
from textual.app import App
from textual.message import Message

PATIENCE = 0.5
"""Seconds after which a key whose widget has vanished no longer holds up the next."""


class Passed(Message):
    """Follows a key from the focused widget up to the app: when it arrives, the key has done its work."""


class TypeAheadApp(App[None]):
    """Textual hands a key to what has the focus at once, though the key before it may yet move the focus.

    Over a slow line several keys arrive together; here each waits until the one before it is done.
    """

    _under_way: TimerHandle | None = None

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key] = deque()

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or hold it back."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._held.append(event)
        else:
            await self._pass(event)

    async def on_passed(self) -> None:
        """The key before is done: pass the next."""
        if self._under_way:
            self._under_way.cancel()
            self._under_way = None
        if self._held:
            await self._pass(self._held.popleft())

    async def _pass(self, key: events.Key) -> None:
        self._under_way = get_running_loop().call_later(PATIENCE, self.post_message, Passed())
        await super().on_event(key)
        (self.focused or self.screen).post_message(Passed())
