"""Run folders that the backlog knows nothing of: it was lost, or brought back from before they were made."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from planner.domain.event import Progress
from planner.domain.mistake import Mistake
from planner.domain.run import Spec
from planner.rules.progress import fold
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """One such folder."""

    folder: RunFolder
    """The folder itself."""
    spec: Spec | None = None
    """What its worker was told; None when that is missing or damaged."""
    progress: Progress = field(default_factory=Progress)
    """What became of it, as far as its worker has said."""

    @property
    def whole(self) -> bool:
        """Whether it tells of a run that began."""
        return (
            self.spec is not None and self.spec.run == self.folder.id and self.progress.started_at is not None
        )


def orphans(layout: Layout, known: Container[str]) -> list[Orphan]:
    """Every folder of a run that is not among those known, the run that began first at the front."""
    folders = [path for path in layout.runs.glob("*") if path.is_dir() and not path.is_symlink()]
    found = [_orphan(RunFolder(path)) for path in sorted(folders) if path.name not in known]
    return sorted(found, key=lambda orphan: orphan.progress.started_at or "")


def _orphan(folder: RunFolder) -> Orphan:
    try:
        spec, (events, _) = folder.read_spec(), folder.read_events()
    except (Mistake, OSError):
        return Orphan(folder=folder)
    return Orphan(folder=folder, spec=spec, progress=fold(Progress(), events))
