"""How a run hears that it should stop: SIGTERM and SIGINT ask for it, SIGHUP means nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

ASKING = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a run to stop."""


RESERVE = 4.0
"""Seconds of its grace that a run which does not react keeps for being ended abruptly."""
LAST = 1.5
"""Seconds of its grace in which a run that is stuck outside Python is given up."""


_listening: list[Signals] = []
"""Who hears signals in this process just now."""


class StopRequested(BaseException):
    """A signal asks the run to stop; no `except Exception` of a recipe may swallow it."""


class Signals:
    """Remembers the first request to stop, and reacts in the way the present step of the run allows."""

    def __init__(self) -> None:
        self.number: int | None = None
        """The signal that asked; None while nobody has."""
        self._react: Callable[[], None] = _only_remember
        self.overdue = False
        """Whether the run was asked long ago and has not reacted."""
        self.because = ""
        """Why the worker itself ended the run, in a sentence; empty where somebody asked it to stop."""
        self._raised = False

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
        _listening.append(self)
        before = {number: signal.signal(number, self._hear) for number in ASKING}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        # Whoever started the worker may have held them back until it could hear them.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            _listening.remove(self)

    def end(self, because: str) -> None:
        """Ask the run to stop, for a reason of the worker's own; from any thread."""
        self.because = self.because or because
        os.kill(os.getpid(), signal.SIGTERM)

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

    @contextlib.contextmanager
    def within(self, grace: float, give_up: Callable[[], None]) -> Iterator[None]:
        """Within the block a request is obeyed in `grace` seconds, by code that does not look for it too.

        Towards its end StopRequested is raised wherever Python happens to be; where Python itself waits for
        a library that does not return, `give_up` is called in another thread.
        """
        ended = threading.Event()
        heard, told = os.pipe()
        os.set_blocking(told, False)
        # The kernel's word reaches the pipe also while Python itself can't run.
        before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        watching = threading.Thread(target=self._watch, args=(heard, ended, grace, give_up), daemon=True)
        watching.start()
        try:
            if self.stopping:
                os.write(told, bytes([self.number or 0]))
            yield
        finally:
            signal.set_wakeup_fd(before)
            ended.set()
            os.close(told)
            watching.join()
            os.close(heard)

    def _watch(self, heard: int, ended: threading.Event, grace: float, give_up: Callable[[], None]) -> None:
        """Wait for a request, then for the end of the block, and do something about it where that is late."""
        asked = 0
        while asked not in ASKING:
            if not (word := os.read(heard, 1)):
                return
            asked = word[0]
        soon, late = max(grace / 2, grace - RESERVE), grace - LAST
        if not ended.wait(soon):
            self.overdue = True
            # Once more: the main thread alone can raise, and a call that it waits in ends.
            signal.pthread_kill(threading.main_thread().ident or 0, asked)
        if not ended.wait(late - soon):
            self.number = self.number or asked
            give_up()

    def held_back(self) -> bool:
        """From now on keep requests for the program that takes this one's place; False when one has come."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
        return not self.stopping

    def obey(self) -> None:
        """Raise StopRequested when somebody has asked the run to stop."""
        if self.stopping:
            _stop()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.number is None:  # asked again and again, a run still stops only once
            self.number = number
            self._react()
        elif self.overdue and not self._raised:
            self._raised = True
            _stop()


def _deaf() -> None:
    """Let a process that the recipe has forked hear signals as any process does.

    With the worker's handlers it would ignore the SIGTERM that ends a pool, and pass it on to the worker.
    """
    if _listening:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)


os.register_at_fork(after_in_child=_deaf)


def _only_remember() -> None:
    """Leave it to the next step to look."""


def _stop() -> None:
    raise StopRequested
