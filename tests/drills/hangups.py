"""Terminals that are closed on a planner that shows a training: the training goes on, and is shown again."""

from __future__ import annotations

import os
import pty
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from planner.executors.process import ProcessIdentity, alive, end_all, identity_of
from planner.store.layout import Layout
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.projects import make_project

PATIENCE = 600.0
"""Seconds after which something that should happen has failed to."""
SOON = 2.0
"""Seconds in which a planner that is opened again shows the run, on a machine with nothing else to do."""


class Face:
    """A planner in a terminal of its own."""

    def __init__(self, project: Path) -> None:
        self.opened = time.monotonic()
        self.seen = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="100", LINES="30", PLANNER_BY="ana")
            os.execv(sys.executable, [sys.executable, "-m", "planner.cli.main", "-C", str(project)])

    def shows(self, text: bytes) -> float | None:
        """Seconds until it has shown a text; None when it never does."""
        while time.monotonic() - self.opened < PATIENCE:
            if text in self.seen:
                return time.monotonic() - self.opened
            if select.select([self.terminal], [], [], 0.05)[0]:
                self.seen += os.read(self.terminal, 65536)
        return None

    def close(self) -> int | None:
        """Close the terminal under it; its exit status, None when it would not end."""
        os.close(self.terminal)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


def hangups(times: int, folder: Path, seed: int) -> Figure:
    """Close the terminal `times` times: the planner has gone, the worker trains on, and is shown anew."""
    chance = random.Random(seed)
    work = Workspace(make_project(folder), who="ana")
    worker = _training(work)
    took, held = [], 0
    try:
        for _ in range(times):
            face = Face(work.layout.project)
            shown = face.shows(b"\xe2\x96\xb6")  # the sign of what runs
            time.sleep(chance.uniform(0.0, 0.5))
            before = _epochs(work)
            gone = face.close()
            goes_on = _until(lambda before=before: _epochs(work) > before) and alive(worker)
            took.append(shown if shown is not None else PATIENCE)
            held += shown is not None and gone == 129 and goes_on
    finally:
        work.queue.stop(_run_id(work))
        work.ensure_dispatcher()
        _until(lambda: not alive(worker))
        end_all(worker, str(work.layout.run(_run_id(work)).path))
    quick = sum(seconds <= SOON for seconds in took)
    note = f"training alive {held}, shown again within {SOON:g} s {quick}, slowest {max(took):.1f} s"
    return Figure(what="terminals closed on a training", tried=times, held=held, note=note)


def _training(work: Workspace) -> ProcessIdentity:
    """A run of an idea under way, with its dispatcher; its worker."""
    work.ideas.add("slow", params=["epochs=1000000", "pause=0.05"])
    work.queue.dispatch([1])
    work.ensure_dispatcher()
    assert _until(lambda: _run_id(work) and _epochs(work) > 0)
    claim = work.layout.run(_run_id(work)).read_claim()
    identity = identity_of((claim or {})["pid"])
    assert identity is not None
    return identity


def _run_id(work: Workspace) -> str:
    """The full run of the idea; empty until it is there."""
    runs = work.project.store.read().runs.values()
    return next((run.id for run in runs if run.idea and run.rung == "full"), "")


def _epochs(work: Workspace) -> int:
    return len(_folder(work.layout, _run_id(work)))


def _folder(layout: Layout, run_id: str) -> list[object]:
    return [event for event in layout.run(run_id).read_events()[0] if hasattr(event, "epoch")]


def _until(holds: Callable[[], object]) -> bool:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True
