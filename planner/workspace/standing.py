"""The dispatcher's standing lock: whether one is alive, and how one is started."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner import flock
from planner.store import files
from planner.store.holders import signer
from planner.store.layout import Layout

if TYPE_CHECKING:
    from planner.domain.view import View

TRAINING = ("KERAS_BACKEND", "PLANNER_DETERMINISTIC", "CUDA_VISIBLE_DEVICES")
"""Variables that decide how a run trains."""

_started: list[subprocess.Popen[bytes]] = []
"""Dispatchers this process has started; polled so that an ended one leaves no zombie."""


def dispatcher_holds(layout: Layout) -> bool:
    """Whether a dispatcher of this project is alive."""
    try:
        return flock.taken(layout.dispatcher_lock)
    except PermissionError:  # somebody else's
        return True
    except OSError:  # where files can't be locked no dispatcher can hold one
        return False


def ensure_dispatcher(layout: Layout) -> None:
    """Start a detached dispatcher unless one is alive; a second one ends by itself at once."""
    _started[:] = [process for process in _started if process.poll() is None]
    if dispatcher_holds(layout):
        return
    descriptor = files.open_private(layout.dispatcher_log, os.O_WRONLY | os.O_APPEND)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "planner.dispatcher", str(layout.project)],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            cwd=layout.project,
            env=_environment(),
        )
    finally:
        os.close(descriptor)
    _started.append(process)


def dispatcher_comes() -> bool:
    """Whether a dispatcher that this process has started lives, be it on the way to its lock or from it."""
    return any(process.poll() is None for process in _started)


def unheard(layout: Layout) -> list[str]:
    """Variables that decide how runs train, set here otherwise than where the living dispatcher was started.

    Runs inherit the dispatcher's. None of them where nobody can look into it.
    """
    holder = signer(layout.dispatcher_lock) if dispatcher_holds(layout) else None
    if holder is None or not holder.lives:
        return []
    try:
        words = Path(f"/proc/{holder.pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
    ours = {name: os.environ[name] for name in TRAINING if name in os.environ}
    return [f"{name}={value}" for name, value in ours.items() if os.fsencode(f"{name}={value}") not in words]


def tended(layout: Layout, view: View) -> View:
    """The view, with a dispatcher started where runs are under way and none is alive, as after its death.

    It finds the runs that live on, settles those that have ended, and pauses when any of them vanished.
    Nothing happens where only others may write.
    """
    if view.dispatcher or not any(one.run.status == "running" for one in view.runs):
        return view
    try:
        ensure_dispatcher(layout)
    except OSError:
        return view
    return replace(view, dispatcher=True)


def _environment() -> dict[str, str]:
    """One's own, without the marks of a run that this may have been started from: those end with it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_RUN")}
