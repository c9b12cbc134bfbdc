"""All that somebody may have been told is safe in a project, and whether a disk still has it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from planner.domain.event import Event, Started
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.domain.outcome import Revision
from planner.domain.run import Spec
from planner.store import files
from planner.store.eventlog import EventLog
from planner.store.journal import chain
from planner.store.layout import Layout
from planner.store.store import Store
from tests.drills.everyday import NOON, noon, pause, restore


@dataclass(frozen=True)
class World:
    """Everything of a project that somebody may have been told is safe."""

    ledger: Ledger | None = None
    """What was decided; None where there is no store, or a damaged one."""
    history: tuple[Revision, ...] = ()
    """Every revision, those in the archive included."""
    aside: frozenset[str] = frozenset()
    """Damaged files that were kept aside."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """The review of each week."""
    specs: dict[str, Spec] = field(default_factory=dict)
    """What each run was told."""
    claims: frozenset[str] = frozenset()
    """Runs that somebody has claimed."""
    events: dict[str, list[Event]] = field(default_factory=dict)
    """What each run's worker said."""
    holes: frozenset[str] = frozenset()
    """Runs in whose log a block is missing."""


def look(layout: Layout) -> World:
    """A project as a fresh process finds it."""
    runs = [layout.run(path.name) for path in sorted(layout.runs.glob("*"))]
    try:
        store = Store(layout)
        ledger, history = store.read(), store.history()
    except Mistake:
        ledger, history = None, ()
    return World(
        ledger=ledger,
        history=history,
        aside=frozenset(path.name for path in layout.backups.glob("damaged-*.json")),
        pages={path.name: path.read_bytes() for path in layout.reviews.glob("*.md")},
        specs={run.id: run.read_spec() for run in runs if run.spec.exists()},
        claims=frozenset(run.id for run in runs if run.claim.exists()),
        events={run.id: run.read_events()[0] for run in runs},
        holes=frozenset(run.id for run in runs if run.events.exists() and b"\0" in run.events.read_bytes()),
    )


def fits(found: World, old: World, new: World) -> str:
    """What of a world is neither the one acknowledged nor the one that was coming; empty when it is."""
    if (found.ledger, found.history) not in ((old.ledger, old.history), (new.ledger, new.history)):
        return (
            f"the ledger is of generation {getattr(found.ledger, 'generation', None)}, or its history is not"
        )
    if not old.aside <= found.aside <= new.aside:
        return "what was kept aside"
    for name in {*found.pages, *old.pages, *new.pages}:
        if found.pages.get(name) not in (old.pages.get(name), new.pages.get(name)):
            return f"page {name}"
    for run in {*found.specs, *old.specs, *new.specs}:
        if found.specs.get(run) not in (old.specs.get(run), new.specs.get(run)):
            return f"spec of {run}"
    if not old.claims <= found.claims <= new.claims:
        return "claims"
    for run in {*found.events, *old.events}:
        there, before, said = (world.events.get(run, []) for world in (found, old, new))
        in_order = _in_order(there, said) if run in found.holes else there == said[: len(there)]
        if not in_order or there[: len(before)] != before:
            return f"events of {run}"
    return ""


def _in_order(some: list[Event], said: list[Event]) -> bool:
    """Whether they were all said, in this order."""
    rest = iter(said)
    return all(event in rest for event in some)


def goes_on(layout: Layout, found: World, new: World) -> str:
    """What keeps a project from being worked on after the loss; empty when nothing does."""
    if found.ledger is None:
        try:
            _mend(layout)
        except Mistake as mistake:
            return str(mistake)
        again = look(layout).ledger
        if again is None or new.ledger is None or again != replace(new.ledger, generation=again.generation):
            return "what came back is not what was there"
        found = replace(found, ledger=again)
    pause(layout, random.Random(0))
    for run in sorted(found.events):
        if run in found.specs:
            with EventLog(layout.run(run).events) as log:
                log.write(Started(at=NOON, pid=8, epochs=1))
    return _scars(layout, found)


def _mend(layout: Layout) -> None:
    """Do what a person is told to."""
    try:
        Store(layout, now=noon).create() if not layout.backlog.exists() else restore(layout, random.Random(0))
    except StoreNeedsAttention:
        restore(layout, random.Random(0))


def _scars(layout: Layout, before: World) -> str:
    """What is not as it was but for one pause more and one event more of each run."""
    store, after = Store(layout), look(layout)
    way = chain(store.operations(), store.read().generation)
    if not way or way[0].base != 0:
        return "the journal does not reach back to the beginning"
    if store.journal.damaged():
        return "a line of the journal cannot be read"
    if after.history != before.history:
        return "the history is not what it was"
    if files.temporaries(layout.home) or files.temporaries(layout.backups):
        return "something unfinished lies about"
    lost = [
        run for run, told in before.events.items() if run in before.specs and after.events[run][:-1] != told
    ]
    return f"events of {lost[0]} after one more" if lost else ""
