"""The contract of everything that can run `python -m planner.worker FOLDER`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Protocol

from planner.store.runfolder import RunFolder

NOTHING: Mapping[str, str] = MappingProxyType({})
"""For a run whose folder holds all it needs."""


class Job(Protocol):
    """A handle on one run. Cheap to ask, safe to ask twice; says nothing of success, which events tell."""

    id: str
    """What `Executor.attach` finds it by, also after a restart."""

    def alive(self) -> bool:
        """Whether its process exists; once False, always False."""
        ...

    def stop(self) -> None:
        """Ask it to stop, or make it stop once its grace is over; returns at once; called until it ends."""
        ...

    def exit_code(self) -> int | None:
        """The exit status, negative for a signal; None while it lives and where nobody can know any more."""
        ...


class Executor(Protocol):
    """A way to run `python -m planner.worker FOLDER` where FOLDER is visible."""

    def submit(
        self, folder: RunFolder, holding: Collection[int] = (), withheld: Mapping[str, str] = NOTHING
    ) -> Job:
        """Start the run, or find the job of one that was started already.

        `holding` are open descriptors, the lease of its GPU for one: on this machine the run keeps them open
        for as long as it lives. `withheld` goes into the worker's environment and is written down nowhere.
        Mistake when it can't start as it stands, Failed when it can't start now.
        """
        ...

    def prepare(self, backend: str | None) -> bool:
        """Get ready for a run that will import Keras on that backend, or with None let go of what is ready.

        Called again and again, it answers at once: False while a start had better wait a moment.
        """
        ...

    def attach(self, job_id: str) -> Job:
        """The job of that id; one that can't be found is a job that is not alive."""
        ...
