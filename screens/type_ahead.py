"""Keys that wait for the one before them, so that text typed right after `/` lands in the line it opens."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections import deque
from dataclasses import dataclass

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

CHECK_SECONDS = 0.1
"""How often it is looked whether a widget has vanished with what was sent behind a key."""
ROUNDS = 2
"""Ways up from the focused widget: the first behind the key, the second behind what the key made it say."""


@dataclass
class Passed(Message):
    """Goes up from the focused widget behind a key: when it arrives, the key has done its work."""

    key: int
    round: int


class TypeAheadApp(App[None]):
    """Textual hands a key to what has the focus at once, though the key before it may yet move the focus.

    Over a slow line several keys arrive together; here each waits until the one before it is done,
    however long that takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[events.Key] = deque()
        self._keys = 0
        self._round = 0
        self._way_up: list[DOMNode] = []
        """What is still behind the newest key: the widget it went to and all around it, the app last."""
        self._next_check: TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or hold it back."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._next_check:
            self._held.append(event)
        else:
            await self._pass(event)

    async def on_passed(self, passed: Passed) -> None:
        """The key before is done: pass the next."""
        if passed.key != self._keys or self._next_check is None:
            return
        if passed.round < ROUNDS:
            self._follow(passed.round + 1)
            return
        self._next_check.cancel()
        self._next_check = None
        if self._held:
            await self._pass(self._held.popleft())

    async def _pass(self, key: events.Key) -> None:
        self._keys += 1
        self._next_check = get_running_loop().call_later(CHECK_SECONDS, self._check)
        await super().on_event(key)
        self._follow(1)

    def _follow(self, way: int) -> None:
        self._round, self._way_up = way, [*(self.focused or self.screen).ancestors_with_self]
        self._send()

    def _send(self) -> None:
        """Send it up from the innermost that takes it."""
        while self._way_up and not self._way_up[0].post_message(Passed(self._keys, self._round)):
            self._way_up.pop(0)

    def _check(self) -> None:
        """Send it up anew, from what is left, when a widget has vanished with it; and look again later."""
        self._next_check = get_running_loop().call_later(CHECK_SECONDS, self._check)
        if self._way_up and not (self._way_up[0].is_running and self._way_up[0].is_attached):
            self._way_up.pop(0)
            self._send()
