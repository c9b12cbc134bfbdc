"""When the rung `check` has seen enough of what a recipe reports by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from math import inf

from planner.worker.nearest import is_slip

EPOCHS = 10
"""Epochs that are always waited for the goal's metric: many a recipe measures it every few of them."""
SHORT = 30.0
"""Seconds that it is waited for in any case: many a training that measures it at its end is over by then."""
SECONDS = 600.0
"""Seconds after which the first epoch without it was enough."""


class Enough:
    """Looks for one metric among what is reported."""

    def __init__(self, metric: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._metric = metric
        self._clock = clock
        self._since = clock()
        self._epoch: int | None = None
        self._passed = 0
        self.untold = ""
        """Why it can't be told whether the metric comes, in a sentence; empty where it can.

        How many epochs there are to look at is a matter of how fast the machine is, so that none of them
        had it shows nothing; unless they have it by a slip in its name.
        """

    def seen(self, epoch: int, names: Collection[str]) -> bool:
        """Whether the metric is among the names so far, or was waited for long enough, in this epoch."""
        if self._epoch is not None and epoch != self._epoch:
            self._passed += 1
        self._epoch = epoch
        if self._metric in names:
            return True
        slip = any(is_slip(self._metric, name) for name in names)
        late = self._passed >= self._most(0.0 if slip else SHORT)
        if late and not slip:
            seen = "epoch" if self._passed == 1 else f"{self._passed} epochs"
            self.untold = (
                f"cannot be told in time: {self._metric} is not among what was reported in the first {seen}, "
                "and may come later"
            )
        return late

    def _most(self, patience: float) -> float:
        """Epochs that may pass without the metric, of which none is too many for so many seconds."""
        waited = self._clock() - self._since
        return 1 if waited >= SECONDS else EPOCHS if waited >= patience else inf
