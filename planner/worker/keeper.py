"""When the state of a training is taken and written: so often that little is lost, and little spent."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from planner.worker import resume
from planner.worker.task import Task

if TYPE_CHECKING:  # it brings Keras, and what is here only hands it on
    from planner.worker.keras_state import State

COPYING = 1000.0
"""A copy in memory waits for this many times as long as the last one took: a tenth of 1 % of the training."""
WRITING = 400.0
"""A copy on the disk likewise: a quarter of 1 %."""
FIRST = 0.01
"""Seconds the first writing is thought to take beside those for its bytes; it waits for WRITING of these."""
COPIED = 1e9
"""Bytes a second that the first copy is thought to make."""
WRITTEN = 2e8
"""Bytes a second that the first writing is thought to make."""
HELD = 2**30
"""Bytes of a state that may stay in memory between two epochs."""


class Keeper:
    """Keeps the state of one training as its epochs end."""

    def __init__(
        self, task: Task, agrees: dict[str, str], take: Callable[[int], State], size: Callable[[], int]
    ) -> None:
        self._task = task
        self._agrees = agrees
        self._take = take
        self._size = size
        self._begun = False
        self._held: State | None = None
        self._copied_at = self._written_at = time.monotonic()
        self._copying = 0.0
        self._writing = FIRST
        self._failed = False

    def epoch_ended(self, epoch: int) -> None:
        """Take the state of this epoch's end, and write it, each if its last time is long enough ago."""
        if not self._begun:
            self._expect()
        now = time.monotonic()
        to_write = now - self._written_at >= WRITING * self._writing
        if to_write or now - self._copied_at >= COPYING * self._copying:
            self._copy(epoch)
        if to_write:
            self.write()
        self._let_go()

    def write(self) -> None:
        """Write the newest state that is held, if it is not on the disk yet; a failure is an alert."""
        if self._held is None:
            return
        start = time.monotonic()
        try:
            resume.mark(self._task, self._agrees, self._held)
        except OSError as error:
            self._alert(f"what a later run needs to go on from here could not be saved ({error})")
        self._held = None
        self._written_at = time.monotonic()
        self._writing = max(FIRST, self._written_at - start)

    def _expect(self) -> None:
        """Think of what the first copy and the first writing take by the bytes there are."""
        self._begun = True
        try:
            size = self._size()
        except Exception as error:
            # It asks variables of the project's own, which may raise anything.
            self._alert_untaken(error)
            return
        self._copying = size / COPIED if size <= HELD else inf
        self._writing = FIRST + size / WRITTEN

    def _copy(self, epoch: int) -> None:
        """Take the state; one too large to be held between epochs is taken for writing alone."""
        start = time.monotonic()
        try:
            self._held = self._take(epoch)
        except Exception as error:
            # It asks callbacks of the project's own besides.
            self._alert_untaken(error)
        self._copied_at = time.monotonic()
        self._copying = inf if self._is_large() else self._copied_at - start

    def _let_go(self) -> None:
        if self._is_large():
            self._held = None

    def _is_large(self) -> bool:
        return self._held is not None and self._held.nbytes > HELD

    def _alert_untaken(self, error: Exception) -> None:
        self._alert(f"the state of the training could not be taken ({type(error).__name__}: {error})")

    def _alert(self, text: str) -> None:
        if not self._failed:
            self._task.report.alert(text)
        self._failed = True
