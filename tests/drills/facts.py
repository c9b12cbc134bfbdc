"""Everything that can be read of a project, so that two moments can be compared as facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from planner.domain.event import Event
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Revision
from planner.store import files
from planner.store.layout import Layout
from planner.store.store import Store

STORES = {"backlog.json", "journal.jsonl", "lock", "settings.json", "dispatcher.lock", "dispatcher.log"}
"""Files of `.planner` that are compared by what they say, or that say nothing of the project."""


@dataclass(frozen=True)
class Decided:
    """What the store says, whatever number its state has."""

    ledger: Ledger
    """Everything decided."""
    history: tuple[Revision, ...]
    """Every revision, those in the archive included."""


Answer = Decided | str
"""What is decided; `no project` or `damaged` where the store says so in its sentence."""


def decided(layout: Layout) -> Answer:
    """What somebody is told who opens the project now."""
    store = Store(layout)
    try:
        return Decided(replace(store.read(), generation=0), store.history())
    except Mistake as mistake:
        return _named(str(mistake))


def _named(sentence: str) -> str:
    """What a refusal comes to, by the command it names; the whole sentence where it names neither."""
    if "planner doctor --restore" in sentence:
        return "damaged"
    return "no project" if "planner init" in sentence else sentence


def pages(layout: Layout) -> dict[str, bytes]:
    """Every other file by its path, but for those that are written line by line."""
    return {
        str(path.relative_to(layout.project)): path.read_bytes()
        for path in layout.project.rglob("*")
        if path.is_file() and _is_page(path, layout)
    }


def _is_page(path: Path, layout: Layout) -> bool:
    within = {layout.backups, layout.archive}
    return not (
        path.name in STORES
        or path.name in {"claim", "events.jsonl"}
        or path.name.endswith(files.TEMPORARY)
        or within.intersection(path.parents)
    )


def told(layout: Layout) -> dict[str, list[Event]]:
    """What each run has said so far."""
    return {path.name: layout.run(path.name).read_events()[0] for path in layout.runs.glob("*")}
