"""How a run hears that it should stop: SIGTERM and SIGINT ask for it, SIGHUP means nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from planner.store.kept import Kept

ASKING = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a run to stop."""


RESERVE = 4.0
"""Seconds of its grace that a run which does not react keeps for being ended abruptly."""
LAST = 1.5
"""Seconds of its grace in which a run that is stuck outside Python is given up."""


NOTHING = 0
"""A byte in the place of a signal, by which it is seen that all before it were read."""
OVER = 255
"""A byte in that place by which nobody listens any more."""
READ = 1.0
"""Seconds that reading them takes at most."""


_listening: list[Signals] = []
"""Who hears signals in this process just now."""


class StopRequested(BaseException):
    """A signal asks the run to stop; no `except Exception` of a recipe may swallow it."""


class Signals:
    """Remembers the first request to stop, and reacts in the way the present step of the run allows."""

    def __init__(self) -> None:
        self.number: int | None = None
        """The signal that asked and was heard; None while none was."""
        self._react: Callable[[], None] = _only_remember
        self.overdue = False
        """Whether the run was asked long ago and has not reacted."""
        self.because = ""
        """Why the worker itself ended the run, in a sentence; empty where somebody asked it to stop."""
        self._raised = False
        self._seen: int | None = None
        self._pipe: Kept | None = None
        self._caught_up = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether somebody has asked the run to stop."""
        return self.asked is not None

    @property
    def asked(self) -> int | None:
        """The signal that asked, also where a handler of the project's own heard it; None while none has."""
        return self.number or self._seen

    @property
    def name(self) -> str:
        """The name of the signal that asked, such as SIGTERM; empty while nobody has."""
        return signal.Signals(self.asked).name if self.asked is not None else ""

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
        if self._hears(signal.SIGTERM):
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            self._tell(self._pipe, signal.SIGTERM)

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
        heard, told = map(Kept, os.pipe())
        os.set_blocking(told.number, False)
        # The kernel's word reaches the pipe also while Python itself can't run.
        before = signal.set_wakeup_fd(told.number, warn_on_full_buffer=False)
        watching = threading.Thread(target=self._watch, args=(heard, ended, grace, give_up), daemon=True)
        watching.start()
        try:
            self._pipe = told
            self._tell(told, self.asked or NOTHING)
            yield
        finally:
            self._pipe = None
            signal.set_wakeup_fd(before)
            ended.set()
            # A process that the recipe has forked may hold the pipe open, so its end is said and not seen.
            self._tell(told, OVER)
            told.close()
            watching.join(READ)
            heard.close()

    def _watch(self, heard: Kept, ended: threading.Event, grace: float, give_up: Callable[[], None]) -> None:
        """Wait for a request, then for the end of the block, and do something about it where that is late."""
        asked = 0
        while asked not in ASKING:
            if not (word := _next(heard)):
                return
            if (asked := word[0]) == OVER:
                return
            # For a recipe with a handler of its own, which keeps it from the worker's.
            self._seen = asked if asked in ASKING else None
            self._caught_up.set()
        soon, late = max(grace / 2, grace - RESERVE), grace - LAST
        if not ended.wait(soon):
            self.overdue = True
            # Once more: the main thread alone can raise, and a call that it waits in ends.
            if self._hears(asked):
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
        self._catch_up()
        if self.stopping:
            _stop()

    def _catch_up(self) -> None:
        """Let what the kernel has told so far be read, where a recipe's own handler may have heard it."""
        if all(map(self._hears, ASKING)):
            return
        self._caught_up.clear()
        if self._tell(self._pipe, NOTHING):
            self._caught_up.wait(READ)

    @staticmethod
    def _tell(pipe: Kept | None, word: int) -> bool:
        """Write a byte as the kernel writes a signal's; False where somebody has closed the pipe."""
        if pipe is None or not pipe.intact:
            return False
        with contextlib.suppress(OSError):  # so full that it is read in any case
            os.write(pipe.number, bytes([word]))
        return True

    def _hears(self, number: int) -> bool:
        """Whether a signal still reaches this object: a recipe may have set a handler of its own."""
        return signal.getsignal(number) == self._hear

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


def _next(pipe: Kept) -> bytes:
    """The next byte of a pipe; none at its end, or where somebody has closed it."""
    try:
        return os.read(pipe.number, 1) if pipe.intact else b""
    except OSError:
        return b""


def _only_remember() -> None:
    """Leave it to the next step to look."""


def _stop() -> None:
    raise StopRequested
