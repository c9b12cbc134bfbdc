"""A worker that waits for its run with Keras imported: no device touched, no code of the project seen.

It is started with one end of a socket as its standard input, says when it is ready, and takes over the run
that it is then told. From there on it is what a worker of that run would have been from its start: in its
environment, its log, its descriptors, and in what the kernel shows of it. Where it can't be that, it ends
before it has claimed the run, or begins anew in its own place once it has.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.kernel import die_with_parent, outlive_parent, show_instead
from planner.store.runfolder import RunFolder
from planner.worker import device, tensorflow
from planner.worker.preload import Preloaded, StartAnew, preload

CLAIMED = "PLANNER_CLAIMED"
"""The environment variable by which a process that begins anew knows its own claim: its number."""
SHOWN = "PLANNER_STANDBY"
"""The environment variable, the last one, in whose place the run's own are shown after the take-over."""
ROOM = b" " * 1024
"""A standby's last argument, in whose place it is shown that it is ready, and later the run's folder."""
READY = b"ready".ljust(len(ROOM))
"""What stands there while it waits."""
LONGEST = 2**20
"""Bytes of what it is told, at most."""
MOST = 64
"""Descriptors it is handed, at most."""
AROUND = ("fit", "keras_judge", "histograms", "evaluate")
"""The worker's own modules that stand around Keras."""
NVIDIA = "/dev/nvidia"
"""How the files of a GPU's driver begin."""

Work = Callable[[list[str]], int]
"""What a worker does with its arguments."""


def stand_by(arguments: list[str], work: Work) -> int:
    """Get ready, wait, and make the run that comes; the exit status is the run's.

    Its arguments are the backend, the libraries to import, its parent's number, and room for what is shown.
    """
    backend, libraries, parent, _ = arguments
    if not die_with_parent(int(parent)):
        return 0
    room = os.environ.pop(SHOWN, "")
    told = dict(os.environ)
    known = _imported(backend, libraries)
    if _touches_device():
        return 0
    show_instead(ROOM, READY)  # for whoever lists the processes
    with socket.socket(fileno=os.dup(0)) as line:
        line.send(b"ready")
        message, descriptors, _, _ = socket.recv_fds(line, LONGEST, MOST)
        if not message:  # nobody is there any more
            return 0
        order: dict[str, Any] = json.loads(message)
        folder = RunFolder(Path(order["folder"]))
        if not _may_run(known, folder, order["environment"], told):
            return 0
        _become(folder, order["environment"], descriptors, room)
        try:
            line.send(b"mine")
        except OSError:  # too late: nobody waits for it any more, and the run is started elsewhere
            return 0
    known.hide()
    return _made(folder, order["environment"], work)


def _imported(backend: str, libraries: str) -> Preloaded:
    """The libraries, imported as a worker of that backend would."""
    os.environ["KERAS_BACKEND"] = backend
    device.choose_device(None)
    tensorflow.prepare()
    names = libraries.split(",")
    known = preload(names)
    if "keras" in names:
        for name in AROUND:
            importlib.import_module(f"planner.worker.{name}")
    return known


def _touches_device() -> bool:
    """Whether an import has opened a GPU: such a process is of no use, and must not hold it."""
    places = Path("/proc/self/fd").iterdir()
    return any(os.path.realpath(place).startswith(NVIDIA) for place in places)


def _may_run(known: Preloaded, folder: RunFolder, environment: dict[str, str], told: dict[str, str]) -> bool:
    """Whether this process can be what a worker of this run would have been."""
    if signal.sigpending() & {signal.SIGTERM, signal.SIGINT}:  # meant for nobody's run
        return False
    differs = {name for name in told.keys() | environment.keys() if told.get(name) != environment.get(name)}
    if any(not name.startswith("PLANNER_") for name in differs):
        return False
    return not known.stale(Path(folder.read_spec().project))


def _become(folder: RunFolder, environment: dict[str, str], descriptors: list[int], room: str) -> None:
    """Turn into the run's worker: once this returns it can be found, told and ended like any other."""
    log, *held = descriptors
    for number in (1, 2):
        os.dup2(log, number)
    os.close(log)
    for number in held:
        os.set_inheritable(number, True)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    own = {name: environment[name] for name in ("PLANNER_RUN", "PLANNER_RUN_FOLDER")}
    shown = b"\0".join(os.fsencode(f"{name}={value}") for name, value in own.items())
    if not show_instead(os.fsencode(f"{SHOWN}={room}"), shown):
        sys.exit(0)
    show_instead(READY, os.fsencode(folder.path).ljust(len(READY)))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder.path)
    outlive_parent()


def _made(folder: RunFolder, environment: dict[str, str], work: Work) -> int:
    """Make the run; begin anew in this process's place where what is imported can't serve."""
    program = [sys.orig_argv[0], "-m", "planner.worker", str(folder.path)]
    sys.orig_argv[:] = program
    try:
        return work(program[3:])
    except StartAnew as why:
        print(f"planner: begins anew, with everything imported afresh: {why}", flush=True)
        os.chdir(folder.path)
        os.execve(program[0], program, {**environment, CLAIMED: str(os.getpid())})  # noqa: S606  # no shell
