"""A small project in which every verb has something to act on, made by the real verbs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.event import Ended, Epoch, Started
from planner.domain.gpu import GpuState
from planner.gpu.nvml import NO_GPU
from planner.store import archive, backups
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.drills.doors import Hasty, through
from tests.projects import TOML

AT = "2026-11-16T09:00:00.000Z"
"""The one moment at which everything happens, so that what is done again comes out the same."""

SETTINGS = TOML.replace("seeds = 3", "seeds = 2") + "\n[dispatch]\nslots = 1\n"


def still() -> str:
    """A clock that stands."""
    return AT


class Over:
    """A job whose process has ended."""

    def __init__(self, name: str) -> None:
        self.id = name

    def alive(self) -> bool:
        return False

    def stop(self) -> None:
        """Nothing is left to stop."""

    def exit_code(self) -> int | None:
        return 0


class Quick:
    """Runs that have ended as soon as they are submitted; what `lift` says is what they reach."""

    def submit(self, folder: RunFolder, *_handed: object) -> Over:
        with through(Hasty()):  # another process does this
            if folder.take():
                with EventLog(folder.events) as log:
                    for event in said(folder):
                        log.write(event)
        return Over(folder.id)

    def prepare(self, backend: str | None) -> bool:
        return True

    def attach(self, job_id: str) -> Over:
        return Over(job_id)


def said(folder: RunFolder) -> Iterator[Started | Epoch | Ended]:
    """What the worker of a run says, to the end."""
    spec = folder.read_spec()
    lift = spec.params.get("lift")
    value = 0.9 + (lift if isinstance(lift, float) else 0.0) + 0.0002 * spec.seed
    metrics = {"val_accuracy": value}
    yield Started(at=AT, pid=1, epochs=1)
    yield Epoch(at=AT, epoch=1, epochs=1, seconds=0.5, metrics=metrics)
    yield Ended(at=AT, status="finished", seconds=1.0, metrics=metrics, covers=("tiny",))


@contextmanager
def calm() -> Iterator[None]:
    """Within the block no GPU is asked for, ids follow from numbers, and a little history is a long one."""
    with (
        patch("planner.dispatcher.launch.current", lambda: GpuState(absent=NO_GPU)),
        patch("planner.dispatcher.climb.new_run_id", lambda number: f"r{number}-0000"),
        patch.object(archive, "MOST", 12),
        patch.object(archive, "KEPT", 4),
        patch.object(backups, "KEPT", 4),
    ):
        yield


def at_work(layout: Layout, who: str = "ana") -> Workspace:
    """The project as one person's workspace, as a process that has just begun sees it."""
    return Workspace(layout, now=still, who=who)


def dispatcher(layout: Layout) -> Dispatcher:
    """A dispatcher that has just begun, whose runs end at once."""
    return Dispatcher(Project(layout, still, "dispatcher"), Quick())


def tick(layout: Layout) -> None:
    """One look of a dispatcher that has just begun."""
    dispatcher(layout).tick()


def settle(layout: Layout, *ideas: int) -> None:
    """Let ideas come to their verdicts."""
    at_work(layout).queue.dispatch(ideas)
    running = dispatcher(layout)
    while running.tick():
        pass


def prepare(folder: Path) -> Layout:
    """The project: ideas 1 to 3 judged, 4 timed, 5 parked, 6 dropped, 7 ready, 8 open, with their history."""
    layout = Layout(folder)
    folder.mkdir()
    layout.toml.write_text(SETTINGS)
    (folder / "ideas.csv").write_text(
        "title,person,hours,impact,likelihood\nema,bo,1h,2,40%\nmixup,bo,2h,1,20%\n"
    )
    (folder / "history.csv").write_text(
        "title,val_accuracy,outcome\nlabel smoothing,0.91,improved\ncutout,0.9,no gain\n"
    )
    with calm():
        Store(layout).create()
        for step in STEPS:
            step(at_work(layout))
    for run in sorted(layout.runs.iterdir())[1:]:
        shutil.rmtree(run)  # what the store has of them is enough here, and they are copied often
    return layout


def _add(title: str, *params: str, **numbers: str) -> Callable[[Workspace], object]:
    given = {"hours": "2h", "impact": "2", "likelihood": "30%"} | numbers
    return lambda work: work.ideas.add(title, params=params, **given)  # type: ignore[arg-type]  # all are texts


STEPS: tuple[Callable[[Workspace], object], ...] = (
    _add("wider", "lift=0.01"),
    _add("deeper", "lift=-0.01", likelihood="60%"),
    _add("longer", "lift=0.0", hours="4h"),
    _add("cosine", hours="3h"),
    _add("dropout"),
    _add("noise"),
    _add("warm-up", "lift=0.004"),
    lambda work: work.ideas.add("a new head", hypothesis="the old one is too small", tags=("head",)),
    lambda work: settle(work.layout, 1, 2, 3),
    lambda work: work.ideas.start_timer(4),
    lambda work: work.ideas.park(5),
    lambda work: work.ideas.drop(6),
    lambda work: work.review(write=True),
)
"""What has happened so far, in order."""
