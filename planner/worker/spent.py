"""What a piece of work takes, so measured that others who keep the machine busy count for nothing."""

from __future__ import annotations

import time

PATIENCE = 3.0
"""Times its limit that a piece of work may take by the clock, however little of it was its own."""


class Spent:
    """Seconds since it was made in which this process has worked: never more than have passed.

    Threads that work side by side count once, and what it was kept waiting by others counts for nothing.
    """

    def __init__(self) -> None:
        self._clock, self._own = time.monotonic(), time.process_time()

    @property
    def seconds(self) -> float:
        """So many so far."""
        return min(time.monotonic() - self._clock, time.process_time() - self._own)

    def over(self, limit: float) -> bool:
        """Whether it has worked for longer than `limit` seconds, or been at it for far longer than that."""
        return self.seconds > limit or time.monotonic() - self._clock > PATIENCE * limit
