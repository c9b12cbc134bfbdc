"""Whether a worker should stand by with Keras imported, for the next run of a project."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.workspace.project import Project

LOOKED_AT = 3
"""Newest runs that are asked what they have used: the very last may not have said so yet."""
LINGER = 60.0
"""Seconds it stays when nothing is left to do: who has just seen an outcome may dispatch the next idea."""
FREE = 2 * 2**30
"""Bytes of memory that must be free for one to be started: it takes about half a GiB."""
LEFT = 2**30
"""Bytes that must be free for one to be kept."""


class StandingBy:
    """Looks at what the last runs have used, and at the machine."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._busy_at: float | None = None
        self._kept = False
        self._known: dict[str, _Said] = {}

    def backend(self, ledger: Ledger, *, busy: bool) -> str | None:
        """Keras's backend that the next run will import; None when none should stand by."""
        if busy:
            self._busy_at = time.monotonic()
        found = self._used(ledger.runs.values()) if self._in_time() and self._asked_for() else None
        if found is not None and psutil.virtual_memory().available < (LEFT if self._kept else FREE):
            found = None
        self._kept = found is not None
        return found

    def _in_time(self) -> bool:
        return self._busy_at is not None and time.monotonic() - self._busy_at < LINGER

    def _asked_for(self) -> bool:
        settings = self._project.settings
        return settings.dispatch.standby and settings.recipe.command is None

    def _used(self, runs: Iterable[Run]) -> str | None:
        """The backend of the newest run that used Keras, among the newest that have said what they used."""
        started = sorted((run for run in runs if run.started_at), key=lambda run: run.started_at or "")
        newest = started[: -LOOKED_AT - 1 : -1]
        found = {run.id: self._known.get(run.id) or self._said(run) for run in newest}
        self._known = {run_id: said for run_id, said in found.items() if said is not None}
        telling = [said for said in self._known.values() if said.backend]
        # What sets a variable first would have Keras imported too early.
        return telling[0].backend if telling and not telling[0].early else None

    def _said(self, run: Run) -> _Said | None:
        """What a run has used; None before it says so."""
        try:
            context = self._project.layout.run(run.id).read_context()
        except Mistake:
            return None
        if context is None or "determinism" not in context:
            return None
        return _Said(str(context.get("backend") or ""), bool(context.get("set_before_import")))


@dataclass(frozen=True, slots=True)
class _Said:
    backend: str
    """Keras's backend; empty for none."""
    early: bool
    """Whether the recipe set variables before it imported it, which the import may have read."""
