"""Make a run with the real worker, in this process, and read what it left."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from planner.domain.event import Alert, Check, Ended, Epoch, Event
from planner.domain.run import SPEC_FORMAT, Spec
from planner.executors.base import NOTHING
from planner.store import withheld
from planner.store.runfolder import RunFolder
from planner.worker.__main__ import main


@dataclass(frozen=True)
class Made:
    """A run that has ended."""

    folder: RunFolder
    code: int
    events: list[Event]

    @property
    def ended(self) -> Ended:
        last = self.events[-1]
        assert isinstance(last, Ended)
        return last

    @property
    def epochs(self) -> list[Epoch]:
        return [event for event in self.events if isinstance(event, Epoch)]

    @property
    def checks(self) -> list[Check]:
        return [event for event in self.events if isinstance(event, Check)]

    @property
    def alerts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Alert)]

    @property
    def context(self) -> dict[str, Any]:
        context = self.folder.read_context()
        assert context is not None
        return context


def prepare(where: Path, recipe: str = "", **asked: Any) -> RunFolder:
    """A project with one recipe file, and the folder of a run of it that nobody has claimed."""
    project = where / "project"
    project.mkdir(exist_ok=True)
    if recipe:
        (project / "experiment.py").write_text(dedent(recipe))
    command = asked.get("command")
    usual: dict[str, Any] = {
        "format": SPEC_FORMAT,
        "run": f"r{len(list(where.glob('runs/*'))) + 1}-test",
        "project": str(project),
        "rung": "full",
        "seed": 1,
        "params": {},
        "metric": "val_accuracy",
        "direction": "max",
        "entry": None if command else "experiment:recipe",
    }
    return RunFolder.create(where / "runs", Spec(**{**usual, **asked}))


def make(where: Path, recipe: str = "", *, logged: bool = False, **asked: Any) -> Made:
    """Prepare a run and make it here; this process is afterwards as it was.

    Where `logged`, what it prints goes to the run's log, as with an executor.
    """
    folder = prepare(where, recipe, **asked)
    secrets = withheld.environment(asked.get("params", {}), asked.get("command"))
    with _logged(folder) if logged else contextlib.nullcontext():
        code = make_here(where, folder, secrets)
    events, _ = folder.read_events()
    return Made(folder, code, events)


def make_here(where: Path, folder: RunFolder, secrets: Mapping[str, str] = NOTHING) -> int:
    """Make a run whose code lies within `where` in this process; answers the worker's exit status."""
    with _restored(where):
        os.environ.update(secrets)
        return main([str(folder.path)])


def shell(where: Path, text: str, **asked: Any) -> Made:
    """A run of a shell script, with a log of its own."""
    path = where / "train.sh"
    path.write_text(text)
    return make(where, logged=True, **{"command": ("sh", str(path)), **asked})


@contextlib.contextmanager
def _logged(folder: RunFolder) -> Iterator[None]:
    streams, descriptors = (sys.stdout, sys.stderr), (os.dup(1), os.dup(2))
    with folder.log.open("a") as log:
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
        sys.stdout = sys.stderr = log
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams
            for descriptor, kept in zip((1, 2), descriptors, strict=True):
                os.dup2(kept, descriptor)
                os.close(kept)


@contextlib.contextmanager
def _restored(where: Path) -> Iterator[None]:
    environment, place, path = dict(os.environ), Path.cwd(), list(sys.path)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(place)
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(where)):
                del sys.modules[name]
