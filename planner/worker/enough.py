"""When the rung `check` has seen enough of what a recipe reports by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

EPOCHS = 10
"""Epochs that may pass without the goal's metric: many a recipe measures it every few of them."""
SECONDS = 600.0
"""Time after which the first epoch without it was enough."""


class Enough:
    """Looks for one metric among what is reported."""

    def __init__(self, metric: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._metric = metric
        self._clock = clock
        self._since = clock()
        self._epoch: int | None = None
        self._passed = 0

    def seen(self, epoch: int, names: Collection[str]) -> bool:
        """Whether the metric is among the names so far, or was waited for long enough, in this epoch."""
        if self._epoch is not None and epoch != self._epoch:
            self._passed += 1
        self._epoch = epoch
        late = self._clock() - self._since >= SECONDS
        return self._metric in names or self._passed >= (1 if late else EPOCHS)
