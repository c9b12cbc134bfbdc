"""Keys that wait for the one before them, so that text typed right after `/` lands in the line it opens."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections import deque
from dataclasses import dataclass

from textual import events
from textual.app import App
from textual.message import Message

PATIENCE = 0.5
"""Seconds after which a key whose widget has vanished no longer holds up the next."""
ROUNDS = 2
"""Ways up from the focused widget: the first behind the key, the second behind what the key made it say."""


@dataclass
class Passed(Message):
    """Goes up from the focused widget behind a key: when it arrives, the key has done its work."""

    key: int
    round: int = 1


class TypeAheadApp(App[None]):
    """Textual hands a key to what has the focus at once, though the key before it may yet move the focus.

    Over a slow line several keys arrive together; here each waits until the one before it is done.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key] = deque()
        self._keys = 0
        self._late: TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or hold it back."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._late:
            self._held.append(event)
        else:
            await self._pass(event)

    async def on_passed(self, passed: Passed) -> None:
        """The key before is done: pass the next."""
        if passed.key != self._keys or self._late is None:
            return
        if passed.round < ROUNDS:
            self._follow(passed.round + 1)
            return
        self._late.cancel()
        self._late = None
        if self._held:
            await self._pass(self._held.popleft())

    async def _pass(self, key: events.Key) -> None:
        self._keys += 1
        late = Passed(self._keys, ROUNDS)
        self._late = get_running_loop().call_later(PATIENCE, self.post_message, late)
        await super().on_event(key)
        self._follow(1)

    def _follow(self, way: int) -> None:
        (self.focused or self.screen).post_message(Passed(self._keys, way))
