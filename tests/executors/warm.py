"""Workers that stood by before their run was known, for tests of what every worker promises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from unittest import mock

from planner.executors import standby as standby_of_runs
from planner.executors.base import NOTHING
from planner.executors.local import LocalExecutor, LocalJob
from planner.store.runfolder import RunFolder
from tests.executors.waiting import until

ABSENT = "/no/such/python"
LIGHT = ("wave",)
"""What a standby imports where the test is not about Keras, whose import takes seconds."""


class WarmExecutor(LocalExecutor):
    """Hands every run to a standby, and fails the test where none takes it."""

    def __init__(self, python: str | None = None, libraries: Sequence[str] = LIGHT) -> None:
        super().__init__(python, libraries, calm=0.0)
        self.handed: list[int] = []
        """The processes that stood by and were given a run."""

    def submit(
        self, folder: RunFolder, holding: Collection[int] = (), withheld: Mapping[str, str] = NOTHING
    ) -> LocalJob:
        until(lambda: self.prepare("tensorflow"))
        standby = None if folder.claim.exists() else self._standby
        assert standby is not None or folder.claim.exists() or self._python == ABSENT
        with mock.patch.object(standby_of_runs, "PATIENCE", 600.0):  # whatever else the machine does
            job = super().submit(folder, holding, withheld)
        if standby is not None:
            assert f"/{standby.pid}/" in job.id, "the run was started cold"
            self.handed.append(standby.pid)
        return job
