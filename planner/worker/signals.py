"""How a run hears that it should stop: SIGTERM and SIGINT ask for it, SIGHUP means nothing."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

ASKING = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a run to stop."""


class StopRequested(BaseException):
    """A signal asks the run to stop; no `except Exception` of a recipe may swallow it."""


class Signals:
    """Remembers the first request to stop, and reacts in the way the present step of the run allows."""

    def __init__(self) -> None:
        self.number: int | None = None
        """The signal that asked; None while nobody has."""
        self._react: Callable[[], None] = _only_remember

    @property
    def stopping(self) -> bool:
        """Whether somebody has asked the run to stop."""
        return self.number is not None

    @property
    def name(self) -> str:
        """The name of the signal that asked, such as SIGTERM; empty while nobody has."""
        return signal.Signals(self.number).name if self.number is not None else ""

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Listen, and ignore hang-ups: a training outlives the terminal it was started from."""
        before = {number: signal.signal(number, self._hear) for number in ASKING}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        # Whoever started the worker may have held them back until it could hear them.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def reacting(self, react: Callable[[], None]) -> Iterator[None]:
        """Within the block a request calls `react` at once; one that came earlier does so on entry."""
        before, self._react = self._react, react
        try:
            if self.stopping:
                react()
            yield
        finally:
            self._react = before

    def abruptly(self) -> contextlib.AbstractContextManager[None]:
        """Within the block a request raises StopRequested wherever the code happens to be."""
        return self.reacting(_stop)

    def obey(self) -> None:
        """Raise StopRequested when somebody has asked the run to stop."""
        if self.stopping:
            _stop()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.number is None:  # asked again and again, a run still stops only once
            self.number = number
            self._react()


def _only_remember() -> None:
    """Leave it to the next step to look."""


def _stop() -> None:
    raise StopRequested
