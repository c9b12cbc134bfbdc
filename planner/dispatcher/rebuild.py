"""`planner doctor --rebuild`: the runs that a backlog has lost, from their folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.dispatcher.regain import Regained, regain, told
from planner.domain.mistake import Mistake, NothingToDo, StoreNeedsAttention
from planner.domain.run import Run
from planner.store.anew import begin_anew
from planner.store.orphans import Orphan, orphans
from planner.workspace.project import Project
from planner.workspace.workers import may_live

LOST = (
    "what no run folder holds could not come back: ideas that never ran, notes, who captured what, verdicts, "
    "corrections and the history of scores"
)

SHOWN = 10
"""Numbers that a sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What `planner doctor --rebuild` has done."""

    runs: tuple[str, ...]
    """Runs that are in the backlog again."""
    ideas: tuple[int, ...]
    """Ideas that came back with them."""
    baselines: tuple[int, ...]
    """Versions of the baseline that came back with them."""
    left: tuple[str, ...]
    """Folders that were left alone, each with the reason."""
    anew: bool
    """Whether the backlog itself was gone."""
    aside: str | None
    """Where what was left of it is kept."""

    def __str__(self) -> str:
        parts = [f"runs brought back from their folders: {len(self.runs)}"]
        if self.ideas:
            parts.append(f"with the ideas {_numbers(self.ideas)}")
        if self.baselines:
            parts.append(f"with the baseline {_numbers(self.baselines)}")
        said = [", ".join(parts), *self._loss()]
        if self.aside:
            said.append(f"what was left of the old backlog is kept in {self.aside}")
        return "; ".join([*said, *self.left])

    def _loss(self) -> list[str]:
        if not self.ideas and not self.anew:
            return []
        first = f"`planner dispatch {min(self.ideas)}` judges" if self.ideas else ""
        again = f"{first} the first of these ideas by the runs it has, and so the others"
        return [LOST, *([again] if self.ideas else [])]


def rebuild(project: Project) -> Rebuilt:
    """Put every run whose folder is whole and whose worker is gone into a backlog that does not know it.

    One change, which can be undone. NothingToDo when there is none; StoreNeedsAttention when a damaged
    backlog can still be restored, which comes first.
    """
    settings = project.settings
    known, lost = _known(project)
    found = orphans(project.layout, known)
    ready = [one for one in found if one.whole and not may_live(one.folder)]
    left = tuple(_why_left(one) for one in found if one not in ready)
    if not ready:
        raise _nothing(project, lost, left)
    facts = [told(one) for one in ready]
    aside = begin_anew(project.layout, project.now) if lost else None
    with project.store.transaction(_says(len(facts)), by=project.who) as tables:
        regained = regain(tables, facts, settings, by=project.who)
        tables.says = _says(len(regained.runs))
    return _rebuilt(regained, left, lost is not None, aside)


def _known(project: Project) -> tuple[dict[str, Run], Mistake | None]:
    """The runs the backlog knows; none, and why, where it cannot be read."""
    try:
        return project.store.read().runs, None
    except StoreNeedsAttention as mistake:
        return {}, mistake


def _says(number: int) -> str:
    return f"bring {number} run{'' if number == 1 else 's'} back from their folders"


def _nothing(project: Project, lost: Mistake | None, left: Sequence[str]) -> Mistake:
    if lost is not None:
        return StoreNeedsAttention(
            f"{lost}; no folder in {project.layout.runs} holds a run that could come back"
        )
    return NothingToDo("; ".join([f"every run in {project.layout.runs} is in the backlog already", *left]))


def _why_left(orphan: Orphan) -> str:
    name = orphan.folder.id
    if orphan.spec is None:
        return f"{name} holds no readable spec.json, so nobody can tell what it was"
    if orphan.spec.run != name:
        return f"{name} is a copy of run {orphan.spec.run}"
    if orphan.progress.started_at is None:
        return f"{name} was never begun"
    return f"{name} still runs, or runs on another machine: asked again when it has ended, it comes back"


def _rebuilt(regained: Regained, left: tuple[str, ...], anew: bool, aside: Path | None) -> Rebuilt:
    return Rebuilt(
        runs=regained.runs,
        ideas=regained.ideas,
        baselines=regained.baselines,
        left=left,
        anew=anew,
        aside=None if aside is None else str(aside),
    )


def _numbers(numbers: Sequence[int]) -> str:
    """The first of them, and how many there are besides."""
    shown = ", ".join(map(str, sorted(numbers)[:SHOWN]))
    return shown + (f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else "")
