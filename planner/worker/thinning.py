"""Of more epochs than anybody looks at, one a second is told: a loop may report a million in a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from planner.domain.event import Epoch

MANY = 10_000
"""Reports that are all told."""
APART = 1.0
"""Seconds between two of the further ones."""


class Thinning:
    """Holds the newest report back while the one before it is too recent."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told = 0
        self._next = 0.0
        self._held: Epoch | None = None

    @property
    def just_begun(self) -> bool:
        """Whether this is the last of the reports that are all told."""
        return self._told == MANY

    def let(self, epoch: Epoch) -> bool:
        """Whether to tell this report now."""
        now = self._clock()
        if self._told >= MANY and now < self._next:
            self._held = epoch
            return False
        self._told, self._next, self._held = self._told + 1, now + APART, None
        return True

    def rest(self) -> Epoch | None:
        """The newest report where it was held back, to be told before anything ends; None otherwise."""
        held, self._held = self._held, None
        return held
