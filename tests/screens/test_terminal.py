"""A real terminal: restored after a signal, and its end ends the app calmly."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyte
import pytest

SCRIPT = """
import sys
from screens.app import run
from tests.screens.project import engine
sys.exit(run(engine()))
"""
FAULTY = SCRIPT.replace(
    "sys.exit",
    """
from screens.app import PlannerApp
PlannerApp.action_undo = lambda self: 1 / 0
sys.exit""",
)
"""One in which a key runs into a defect."""
PATIENCE = 120.0
"""Seconds after which what does not come is a failure: nothing takes a tenth of it."""


class Running:
    """The planner in a pseudo-terminal."""

    def __init__(self, script: str = SCRIPT) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
            os.execv(sys.executable, [sys.executable, "-c", script])
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

    def wait_for_bytes(self, data: bytes) -> None:
        """Wait until it has written some bytes."""
        end = time.monotonic() + PATIENCE
        while data not in self.seen and time.monotonic() < end:
            self.read()
        assert data in self.seen

    def left_on(self) -> set[str]:
        """What is not as a shell needs it: after its end, once all is read that it wrote; while it rests,
        once nothing is, or never."""
        end = time.monotonic() + PATIENCE
        while (not self.pid or left_on(self.seen)) and time.monotonic() < end and self.read():
            pass
        return left_on(self.seen)


MODES = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
KITTY = re.compile(rb"\x1b\[([<>])(\d*)u")
AT_FIRST = {b"25", b"7"}
"""Modes that are on in a fresh terminal: the cursor shows, long lines wrap."""


def left_on(seen: bytes) -> set[str]:
    """The private modes that differ from a fresh terminal's, and `kitty` for a keyboard left in its mode."""
    now = {mode: mode in AT_FIRST for mode in AT_FIRST}
    for modes, switch in MODES.findall(seen):
        now |= dict.fromkeys(modes.split(b";"), switch == b"h")
    odd = {mode.decode() for mode, on in now.items() if on != (mode in AT_FIRST)}
    pushed = sum(1 if way == b">" else -int(count or 1) for way, count in KITTY.findall(seen))
    return odd | ({"kitty"} if pushed > 0 else set())


@contextmanager
def starting(script: str = SCRIPT) -> Iterator[Running]:
    """One that nothing is waited for."""
    planner = Running(script)
    try:
        yield planner
    finally:
        if planner.pid:
            os.kill(planner.pid, signal.SIGKILL)
            os.waitpid(planner.pid, 0)
        if planner.terminal >= 0:
            os.close(planner.terminal)


@contextmanager
def running() -> Iterator[Running]:
    """One that shows the ideas."""
    with starting() as planner:
        planner.wait_for("cosine schedule")
        yield planner


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


ALT = b"\x1b[?1049h"
MOMENTS = {
    "as the screen is taken": None,
    "on the backlog": b"",
    "with the help open": b"?",
    "with the palette open": b"\x10",
    "in the middle of a word": b"aclip gradi",
    "while it paints": b"jjjjjjjjkkkkkkkkrbvb" * 20,
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("numbers", [(signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGTERM, signal.SIGTERM)])
def test_a_signal_at_any_moment_leaves_the_terminal_as_it_was(moment, numbers):
    keys = MOMENTS[moment]
    with starting() as planner:
        before = termios.tcgetattr(planner.terminal)
        planner.wait_for_bytes(ALT)
        if keys is not None:
            planner.wait_for("cosine schedule")
            os.write(planner.terminal, keys)
        for number in numbers:
            os.kill(planner.pid, number)
        assert planner.ended() == {signal.SIGTERM: 143, signal.SIGHUP: 129}[numbers[0]]
        assert planner.left_on() == set()
        assert termios.tcgetattr(planner.terminal) == before


def test_the_terminal_that_is_taken_has_something_to_restore():
    with running() as planner:
        assert left_on(planner.seen) >= {"1049", "25", "1003", "2004"}


def test_an_error_of_the_app_leaves_the_terminal_as_it_was():
    with starting(FAULTY) as planner:
        before = termios.tcgetattr(planner.terminal)
        planner.wait_for("cosine schedule")
        os.write(planner.terminal, b"u")
        assert planner.ended() == 1
        assert planner.left_on() == set()
        assert termios.tcgetattr(planner.terminal) == before


def test_to_the_shell_and_back():
    with running() as planner:
        os.write(planner.terminal, b"\x1a")
        end = time.monotonic() + PATIENCE
        while not os.WIFSTOPPED(status := os.waitpid(planner.pid, os.WNOHANG | os.WUNTRACED)[1]):
            planner.read()
            assert time.monotonic() < end, status
        assert planner.left_on() == set()
        planner.seen = b""
        os.kill(planner.pid, signal.SIGCONT)
        planner.wait_for_bytes(ALT)
        os.kill(planner.pid, signal.SIGTERM)
        assert planner.ended() == 143
        assert planner.left_on() == set()
