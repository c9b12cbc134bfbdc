"""A terminal that may vanish: it is restored after a signal, and a closed one ends the app calmly."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

ENDING = {signal.SIGTERM: 143, signal.SIGHUP: 129}
"""Signals that ask the app to end, and the exit status of each."""
GONE_SECONDS = 1.0
"""How often it is looked whether the terminal is still there."""


class Vanishing:
    """Output that goes nowhere once the terminal is gone, so that the writing thread outlives it."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file

    def write(self, text: str) -> None:
        """Write, or lose it with the terminal."""
        try:
            self.file.write(text)
        except (OSError, ValueError):
            self.gone = True

    def flush(self) -> None:
        """Flush, likewise."""
        try:
            self.file.flush()
        except (OSError, ValueError):
            self.gone = True

    def __getattr__(self, name: str) -> Any:
        """Everything else is the file's own."""
        return getattr(self.file, name)


class Terminal(LinuxDriver):
    """Textual's driver, with a terminal that may be closed under it."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file: Any = Vanishing(self._file)

    def start_application_mode(self) -> None:
        """Take the terminal, ready to give it back from the first byte on."""
        _listen(self._app)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it bare

    def run_input_thread(self) -> None:
        """Read keys until the terminal is gone, then end the app."""
        try:
            super().run_input_thread()
        except OSError:
            self._app.call_later(self._app.exit, return_code=ENDING[signal.SIGHUP])


def end_on_signals(app: App[Any]) -> None:
    """End the app, terminal restored, when the system or a closed terminal asks for it."""
    _listen(app)
    app.set_interval(GONE_SECONDS, partial(_end_if_gone, app))


def _listen(app: App[Any]) -> None:
    loop = asyncio.get_running_loop()
    for number, status in ENDING.items():
        loop.add_signal_handler(number, partial(app.exit, return_code=status))


def _end_if_gone(app: App[Any]) -> None:
    """A terminal that hangs up signals only the leader of its session, which may be `make` and keep it."""
    if sys.__stdin__ is not None and _is_gone(sys.__stdin__.fileno(), pipe=app.is_web):
        app.exit(return_code=ENDING[signal.SIGHUP])


def _is_gone(terminal: int, *, pipe: bool) -> bool:
    """Whether nobody is at the other end; in a browser that end is a server with a pipe."""
    if not pipe:
        return not os.isatty(terminal)
    look = select.poll()
    look.register(terminal, 0)
    return bool(look.poll(0))


def let_go_of_output() -> None:
    """Where the terminal is gone, point output at nothing: Python's own last flush would fail the exit."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except (OSError, ValueError):
            _point_at_nothing(stream)


def _point_at_nothing(stream: IO[str]) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
