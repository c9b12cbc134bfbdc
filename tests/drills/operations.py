"""Every operation that changes a project's files, each with what makes it possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.domain.event import Epoch
from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.config import load_settings
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from planner.workspace.begin import Wanted, begin
from planner.workspace.records import calibrate_now
from planner.workspace.workspace import Workspace
from tests.drills.prepared import AT, at_work, dispatcher, tick

Work = Callable[[Layout], object]


def _nothing(layout: Layout) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that is done to a project, by a process that has just begun."""

    name: str
    """What is done, in a few words."""
    work: Work
    """Does it."""
    first: Work = _nothing
    """What must have happened for it to be possible."""
    bare: bool = False
    """Whether it is tried on an empty folder."""
    again: bool = False
    """Whether it is to be done again where it was killed before its file was there."""
    of_worker: bool = False
    """Whether a worker does it, to whom a full disk is no reason to end."""
    ticks: bool = False
    """Whether it is the dispatcher's, which another one goes on with."""


def _verb(name: str, work: Callable[[Workspace], object], *first: Callable[[Workspace], object]) -> Operation:
    return Operation(
        name=name,
        work=lambda layout: work(at_work(layout)),
        first=lambda layout: [step(at_work(layout)) for step in first],
    )


def _dispatched(*ideas: int) -> Callable[[Workspace], object]:
    return lambda work: work.queue.dispatch(ideas)


def _queued(work: Workspace) -> None:
    """Ideas 7 and 8 with a run in the queue each, and nothing that starts them."""
    work.ideas.edit(8, params=("lift=0.006",))
    work.queue.dispatch((7, 8))
    with at_work(work.layout).project.store.transaction("pause", by="ana", undoable=False) as tables:
        tables.set_paused("lunch")
    tick(work.layout)


def _ticked(times: int) -> Callable[[Workspace], object]:
    return lambda work: [tick(work.layout) for _ in range(times)]


BY_NUMBER = {"hours": "5h", "complexity": "2", "impact": "3", "likelihood": "20%"}

IDEAS = (
    _verb("add", lambda work: work.ideas.add("a wider kernel", params=("lift=0.002",), **BY_NUMBER)),
    _verb("add after another", lambda work: work.ideas.add("then this", after=(7, 8))),
    _verb("edit", lambda work: work.ideas.edit(7, title="warm up", params=("lift=0.005",), tags=("lr",))),
    _verb("estimate", lambda work: work.ideas.estimate(8, by="bo", **BY_NUMBER)),
    _verb("nudge", lambda work: work.ideas.nudge(7, "impact", 1)),
    _verb("start_timer", lambda work: work.ideas.start_timer(7, switch=True)),
    _verb("stop_timer", lambda work: work.ideas.stop_timer(4, hours="1h")),
    _verb("set_spent", lambda work: work.ideas.set_spent(1, "3h")),
    _verb("park", lambda work: work.ideas.park(4)),
    _verb("drop", lambda work: work.ideas.drop(7)),
    _verb("keep", lambda work: work.ideas.keep(7)),
    _verb("restore an idea", lambda work: work.ideas.restore(5)),
)

QUEUE = (
    _verb("dispatch", _dispatched(7)),
    _verb("dispatch of several, to confirm", lambda work: work.queue.dispatch((1,), confirm=True)),
    _verb("resume", lambda work: work.queue.resume(), _queued),
    _verb("stop of a queued run", lambda work: work.queue.stop("r9"), _queued),
    _verb("stop of a run", lambda work: work.queue.stop("r9"), _dispatched(7), _ticked(1)),
    _verb(
        "requeue",
        lambda work: work.queue.requeue("r9"),
        _queued,
        lambda work: work.queue.stop("r9"),
        _ticked(1),
    ),
    _verb("move", lambda work: work.queue.move("r10", -1), _queued),
)

CORRECTIONS = (
    _verb("overrule", lambda work: work.corrections.overrule(3, "improved", "it does")),
    _verb(
        "overrule_back",
        lambda work: work.corrections.overrule_back(3),
        lambda work: work.corrections.overrule(3, "improved", "it does"),
    ),
    _verb("adopt", lambda work: work.corrections.adopt(1, anyway=True)),
    _verb("decline", lambda work: work.corrections.decline(1, "too slow")),
    _verb(
        "decline_back",
        lambda work: work.corrections.decline_back(1),
        lambda work: work.corrections.decline(1, "too slow"),
    ),
    _verb("give_up", lambda work: work.corrections.give_up(4, "it cannot be done", hours="2h")),
    _verb(
        "give_up_back",
        lambda work: work.corrections.give_up_back(4),
        lambda work: work.corrections.give_up(4, "it cannot be done", hours="2h"),
    ),
    _verb("strike", lambda work: work.corrections.strike("r7", "wrong data")),
    _verb(
        "strike_back",
        lambda work: work.corrections.strike_back("r7"),
        lambda work: work.corrections.strike("r7", "wrong data"),
    ),
    _verb("calibrate", lambda work: calibrate_now(work.project), lambda work: work.ideas.set_spent(1, "9h")),
)

MANY = (
    _verb("import ideas", lambda work: work.import_ideas(work.layout.project / "ideas.csv", by="bo")),
    _verb("import history", lambda work: work.import_history(work.layout.project / "history.csv", by="bo")),
    _verb("undo", lambda work: work.undo(), lambda work: work.ideas.park(7)),
    _verb("undo of several", lambda work: work.undo(3), *[lambda work: work.ideas.nudge(7, "impact", 1)] * 3),
    _verb("redo", lambda work: work.redo(), lambda work: work.ideas.park(7), lambda work: work.undo()),
    _verb(
        "undo of a batch that left for the archive",
        lambda work: work.undo(),
        lambda work: work.corrections.overrule(3, "improved", "it does"),
    ),
    _verb("review", lambda work: work.review("2026-W46", write=True)),
    _verb("review over an older page", lambda work: work.review(write=True), lambda work: work.ideas.park(7)),
)


# -- files --------------------------------------------------------------------------------------


def _spoilt(layout: Layout) -> None:
    data = layout.backlog.read_bytes()
    layout.backlog.unlink()
    layout.backlog.write_bytes(data[:-100])


def _run_folder(layout: Layout) -> RunFolder:
    spec = Spec(
        format=SPEC_FORMAT, run="r99-0000", project="/project", rung="full", seed=1,
        params={"lift": 0.1}, metric="val_accuracy", direction="max",
    )  # fmt: skip
    return RunFolder.create(layout.runs, spec)


def _append(layout: Layout) -> None:
    with EventLog(layout.run("r1-0000").events) as log:
        for epoch in (2, 3):
            log.write(Epoch(at=AT, epoch=epoch, epochs=3, seconds=1.0, metrics={"loss": 0.5 / epoch}))


def _torn(layout: Layout) -> None:
    events = layout.run("r1-0000").events
    events.write_bytes(events.read_bytes() + b'{"event":"epoch","epo')


def _new_settings(layout: Layout) -> None:
    load_settings(layout)
    layout.toml.write_text(layout.toml.read_text() + "# changed\n")


FILES = (
    Operation(name="create", work=lambda layout: Store(layout).create(), bare=True),
    Operation(name="init with planner.toml", work=lambda layout: begin(layout.project, Wanted()), bare=True),
    Operation(name="settings read anew", work=load_settings, first=_new_settings),
    Operation(
        name="doctor --restore", work=lambda layout: restore_newest_backup(layout, by="ana"), first=_spoilt
    ),
    Operation(
        name="doctor --restore of a backlog that went",
        work=lambda layout: restore_newest_backup(layout, by="ana"),
        first=lambda layout: layout.backlog.unlink(),
    ),
    Operation(name="run folder", work=_run_folder, again=True),
    Operation(
        name="claim", work=lambda layout: layout.run("r99-0000").take(), first=_run_folder, of_worker=True
    ),
    Operation(name="event append", work=_append, of_worker=True),
    Operation(name="event append after a torn line", work=_append, first=_torn, of_worker=True),
)

# -- the dispatcher -----------------------------------------------------------------------------


def _after(times: int) -> Work:
    """Idea 7 dispatched, and some looks of a dispatcher since."""

    def first(layout: Layout) -> None:
        at_work(layout).queue.dispatch((7,))
        for _ in range(times):
            tick(layout)

    return first


def _vanished(layout: Layout) -> None:
    _after(1)(layout)
    layout.run("r9-0000").events.unlink()


DISPATCHER = (
    *(
        Operation(name=f"look {number} of a dispatcher", work=tick, first=_after(number - 1), ticks=True)
        for number in (1, 4)
    ),
    Operation(name="adoption after a crash", work=lambda layout: dispatcher(layout).adopt(), first=_vanished),
)

EVERY = (*IDEAS, *QUEUE, *CORRECTIONS, *MANY, *FILES, *DISPATCHER)
"""All of them."""


def by_name(name: str) -> Operation:
    """The operation of that name."""
    return next(one for one in EVERY if one.name == name)
