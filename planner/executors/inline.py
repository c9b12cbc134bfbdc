"""Runs one at a time, each to its end before the next begins: for scripts and tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from planner.executors.base import NOTHING
from planner.executors.local import LocalExecutor, LocalJob
from planner.store.runfolder import RunFolder


class InlineExecutor(LocalExecutor):
    """Starts a run as a process like `local`, and returns when it has ended."""

    def submit(
        self, folder: RunFolder, holding: Collection[int] = (), withheld: Mapping[str, str] = NOTHING
    ) -> LocalJob:
        """Make the run, and answer with a job that is no longer alive."""
        job = super().submit(folder, holding, withheld)
        job.wait()
        return job
