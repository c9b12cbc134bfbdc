"""A real terminal: restored after a signal, and its end ends the app calmly."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyte

SCRIPT = """
import sys
from screens.app import run
from tests.screens.project import engine
sys.exit(run(engine()))
"""
PATIENCE = 60.0


class Running:
    """The planner in a pseudo-terminal."""

    def __init__(self) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
            os.execv(sys.executable, [sys.executable, "-c", SCRIPT])
        self.seen = b""
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)

    def read(self) -> bool:
        """Read what it writes; False when it is gone."""
        ready, _, _ = select.select([self.terminal], [], [], 0.1)
        if ready:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                return False
            self.seen += data
            self.stream.feed(data)
            return bool(data)
        return True

    def wait_for(self, text: str) -> None:
        """Wait until it shows a text."""
        end = time.monotonic() + PATIENCE
        while text not in "\n".join(self.screen.display) and time.monotonic() < end:
            self.read()
        assert text in "\n".join(self.screen.display)

    def ended(self) -> int:
        """Its exit status, once it has ended."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.terminal >= 0:
                self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        raise AssertionError("it goes on")


@contextmanager
def running() -> Iterator[Running]:
    planner = Running()
    try:
        planner.wait_for("cosine schedule")
        yield planner
    finally:
        if planner.pid:
            os.kill(planner.pid, signal.SIGKILL)
            os.waitpid(planner.pid, 0)
        if planner.terminal >= 0:
            os.close(planner.terminal)


def test_sigterm_ends_it_with_143_and_the_terminal_as_it_was():
    with running() as planner:
        during = termios.tcgetattr(planner.terminal)
        os.kill(planner.pid, signal.SIGTERM)
        assert planner.ended() == 143
        after = termios.tcgetattr(planner.terminal)
        assert not during[3] & termios.ECHO
        assert after[3] & termios.ECHO
        assert after[3] & termios.ICANON
        end = planner.seen[planner.seen.rindex(b"\x1b[?1049l") :]
        assert b"\x1b[?25h" in end
        assert b"\x1b[?1003l" in planner.seen


def test_sighup_ends_it():
    with running() as planner:
        os.kill(planner.pid, signal.SIGHUP)
        assert planner.ended() == 129


def test_a_terminal_that_is_closed_ends_it():
    with running() as planner:
        os.close(planner.terminal)
        planner.terminal = -1
        assert planner.ended() == 129


def test_a_hang_up_that_only_the_leader_of_the_session_hears_ends_it_too():
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execv("/bin/sh", ["sh", "-c", 'trap "" HUP; "$0" -c "$1"; exit $?', sys.executable, SCRIPT])
    seen = b""
    while b"cosine" not in seen:
        seen += os.read(terminal, 65536)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 129


def test_q_ends_it_with_0():
    with running() as planner:
        os.write(planner.terminal, b"q")
        assert planner.ended() == 0


def test_keys_that_arrive_together_are_all_taken():
    with running() as planner:
        os.write(planner.terminal, b"/mixup\r" + b"a" + b"clip gradients")
        planner.wait_for("add clip gradients")
        planner.wait_for("filter mixup")
        os.kill(planner.pid, signal.SIGTERM)
        assert planner.ended() == 143
