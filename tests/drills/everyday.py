"""What is done in a project while the power may go: one operation of the store or of a run folder each."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator

from planner.domain.calibration import Calibration
from planner.domain.event import Ended, Epoch, Event, Started
from planner.domain.idea import Idea
from planner.domain.mistake import NothingToDo
from planner.domain.outcome import Revision
from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.reports import write_review

NOON = "2026-11-21T12:00:00.000Z"

Operation = Callable[[Layout, random.Random], object]


def noon() -> str:
    return NOON


def create(layout: Layout, chance: random.Random) -> None:
    """Start the store."""
    Store(layout, now=noon).create()


def add(layout: Layout, chance: random.Random) -> None:
    """Capture an idea whose text may fill several blocks."""
    with Store(layout, now=noon).transaction("add", by="ana") as tables:
        text = "why " * chance.choice((1, 400))
        idea = Idea(id=tables.next_id(Idea), title="idea", hypothesis=text, created_at=NOON, created_by="ana")
        tables.put(idea)


def pause(layout: Layout, chance: random.Random) -> None:
    """Change what cannot be undone."""
    store = Store(layout, now=noon)
    with store.transaction("pause", by="dispatcher", undoable=False) as tables:
        tables.set_paused(None if store.read().paused else "lunch")


def learn(layout: Layout, chance: random.Random) -> None:
    """Make a calibration that moves scores, and lets old revisions go to the archive every few times."""
    with Store(layout, now=noon).transaction("learn", by="ana") as tables:
        number = tables.calibration().number + 1
        at = f"2026-{chance.randint(10, 11)}-21T12:00:00.000Z"
        tables.put_calibration(Calibration(number=number, at=NOON))
        for idea in (1, 2):
            tables.put(
                Revision(
                    id=tables.next_id(Revision), at=at, idea=idea,
                    before=0.1, after=0.2, rank_before=2, rank_after=1, because="it did", calibration=number,
                )
            )  # fmt: skip
        tables.archive_revisions()


def undo(layout: Layout, chance: random.Random) -> None:
    """Take the newest change back."""
    with contextlib.suppress(NothingToDo):
        Store(layout, now=noon).undo(by="ana")


def redo(layout: Layout, chance: random.Random) -> None:
    """Do it again."""
    with contextlib.suppress(NothingToDo):
        Store(layout, now=noon).redo(by="ana")


def begin_run(layout: Layout, chance: random.Random) -> None:
    """Make the folder of a new run."""
    number = len(list(layout.runs.iterdir())) + 1
    spec = Spec(
        format=SPEC_FORMAT, run=f"r{number}-0000", project="/project", rung="full", seed=number,
        params={"words": "many " * 200}, metric="val_accuracy", direction="max",
    )  # fmt: skip
    RunFolder.create(layout.runs, spec)


def claim(layout: Layout, chance: random.Random) -> None:
    """Claim every run there is."""
    for path in sorted(layout.runs.iterdir()):
        layout.run(path.name).take()


def train(layout: Layout, chance: random.Random) -> None:
    """Append events to the newest run, as a worker does that may have been there before."""
    for path in sorted(layout.runs.iterdir())[-1:]:
        with EventLog(layout.run(path.name).events) as log:
            for event in events(chance.randint(1, 12)):
                log.write(event)


def events(epochs: int) -> Iterator[Event]:
    """What a worker says of a run of so many epochs."""
    yield Started(at=NOON, pid=7, epochs=epochs)
    for epoch in range(1, epochs + 1):
        yield Epoch(at=NOON, epoch=epoch, epochs=epochs, seconds=1.5, metrics={"loss": 1 / epoch})
    yield Ended(at=NOON, status="finished", seconds=3.0, metrics={"loss": 0.5})


def review(layout: Layout, chance: random.Random) -> None:
    """Write the page of a week, a longer or a shorter one."""
    text = "\n".join(f"line {chance.random()}" for _ in range(chance.choice((3, 100))))
    write_review(Project(layout, noon, "ana"), "2026-W47", text)


def restore(layout: Layout, chance: random.Random) -> None:
    """Bring a damaged backlog back."""
    restore_newest_backup(layout, by="ana", now=noon)


EVERY_DAY: tuple[Operation, ...] = (
    add, add, add, pause, learn, learn, undo, redo, begin_run, claim, train, review,
)  # fmt: skip
