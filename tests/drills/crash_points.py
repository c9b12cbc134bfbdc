"""Every file call of every operation, killed before it and half-way: the old state or the new one."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.domain.event import Alert
from planner.store import files
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.seal import unseal
from planner.store.store import Store
from tests.drills.doors import Hasty, through, watched_by
from tests.drills.dying import KILLED, run_and_die
from tests.drills.facts import Answer, Decided, decided, pages, told
from tests.drills.figure import Figure
from tests.drills.halves import in_halves
from tests.drills.operations import EVERY, Operation
from tests.drills.prepared import AT, at_work, calm, dispatcher, prepare

IN_PLACE = {"journal.jsonl", "lock", "events.jsonl", "planner.toml"}
"""Files that are changed where they are; all others are replaced whole, so that a copy may be a link."""


class Violation(AssertionError):
    """What must not be found after a crash; its first word says which kind it is."""


@dataclass(frozen=True)
class Course:
    """What an operation does when nothing happens to it."""

    start: Path
    """The project before it."""
    states: list[Answer]
    """What is decided before it, and after each of its transactions."""
    before: dict[str, bytes]
    """Files before it."""
    after: dict[str, bytes]
    """Files after it."""
    end: Answer
    """What is decided once dispatchers have nothing left to do; for operations of theirs."""


def crash_points(folder: Path, operations: Sequence[Operation] = EVERY) -> Figure:
    """Kill each operation at each of its file calls, and look at what is left."""
    prepared = prepare(folder / "prepared").project

    def killed(some: Sequence[Operation]) -> list[str]:
        with calm(), through(Hasty()):
            return [found for one in some for found in _killed_everywhere(one, prepared, folder)]

    found = in_halves(operations, killed)
    faults = [one for one in found if one]
    kinds = Counter(one.partition(":")[0] for one in faults)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in ("unreadable", "lost", "in between", "untidy"))
    return Figure(
        what="every operation killed at every file call",
        tried=len(found),
        held=len(found) - len(faults),
        note="; ".join([f"{len(operations)} operations", counted, *faults[:1]]),
    )


def course_of(operation: Operation, prepared: Path, folder: Path) -> Course:
    """Prepare the project for an operation in `folder / "project"`, and do it there to the end."""
    start, project = folder / "start", folder / "project"
    folder.mkdir()
    # Where it is tried too, since a run's spec holds the project's path.
    project.mkdir() if operation.bare else copy(prepared, project)
    layout = Layout(project)
    operation.first(layout)
    project.rename(start)
    copy(start, project)
    before, states = pages(layout), [decided(layout)]

    def observe(call: str, path: Path) -> None:
        if call != "half" and (found := decided(layout)) != states[-1]:
            states.append(found)

    with watched_by(observe):
        operation.work(layout)
    states.append(decided(layout))
    after = pages(layout)
    if operation.ticks:
        run_dry(layout)
    return Course(start, states, before, after, decided(layout))


def _killed_everywhere(operation: Operation, prepared: Path, folder: Path) -> list[str]:
    """What was found after each kill, nothing where everything was as it must be."""
    course = course_of(operation, prepared, folder / operation.name.replace(" ", "-"))
    layout = Layout(course.start.with_name("project"))
    found: list[str] = []
    code = KILLED
    while code == KILLED:
        shutil.rmtree(layout.project)
        copy(course.start, layout.project)
        code = run_and_die(lambda: operation.work(layout), len(found) + 1)
        found.append(_look(operation, course, layout, code == KILLED))
    if code != 0:
        found[-1] = f"lost: {operation.name} ended with {code}"
    return found


def _look(operation: Operation, course: Course, layout: Layout, killed: bool) -> str:
    try:
        state = check(course, layout, killed)
        goes_on(operation, course, layout, state)
    except Violation as violation:
        return f"{violation} ({operation.name})"
    except Exception as error:  # whatever else it is, the drill counts it and goes on
        return f"unreadable: {type(error).__name__}: {error} ({operation.name})"
    return ""


def check(course: Course, layout: Layout, killed: bool) -> Answer:
    """What is decided; Violation where anything is neither old nor new, or not as was acknowledged."""
    state, found = decided(layout), pages(layout)
    if state not in course.states:
        raise Violation("in between: what is decided")
    if not killed and (state != course.states[-1] or found != course.after):
        raise Violation("lost: what was acknowledged")
    for name in course.before.keys() | course.after.keys() | found.keys():
        if found.get(name) not in (course.before.get(name), course.after.get(name)):
            raise Violation(f"in between: {name}")
    was = told(Layout(course.start))
    for run, events in told(layout).items():
        if events[: len(was.get(run, []))] != was.get(run, []):
            raise Violation(f"lost: events of {run}")
    return state


def goes_on(operation: Operation, course: Course, layout: Layout, before: Answer) -> None:
    """Violation where the next process cannot go on as if nothing had happened, or leaves anything about."""
    if not isinstance(before, Decided) or (operation.again and pages(layout) != course.after):
        operation.work(layout)
        before = decided(layout)
    if operation.ticks:
        run_dry(layout)
        before = decided(layout)
        if before != course.end:
            raise Violation("lost: a dispatcher that goes on comes to another end")
    assert isinstance(before, Decided)
    idea = at_work(layout).ideas.add("after")
    now = decided(layout)
    assert isinstance(now, Decided)
    if now.ledger.ideas.pop(idea.id) != idea or now != before:
        raise Violation("lost: what was there before the next change")
    _in_order(layout)


def _in_order(layout: Layout) -> None:
    """The journal leads to the state unbroken, the archive is whole, and nothing unfinished lies about."""
    store = Store(layout)
    said = [unseal(line) for line in files.read(layout.journal).splitlines()]
    if [(one.get("seq"), one.get("base")) for one in said[1:]] != [
        (at, at - 1) for at in range(1, len(said))
    ]:
        raise Violation("lost: an operation of the journal")
    if said[-1]["seq"] != store.read().generation:
        raise Violation("lost: the journal's last operation")
    expected, there = store.archived()
    if expected != there:
        raise Violation("lost: revisions in the archive")
    for left in layout.project.rglob(f".*{files.TEMPORARY}"):
        raise Violation(f"untidy: {left}")
    for path in layout.runs.glob("*/events.jsonl"):
        if not path.read_bytes().endswith(b"\n"):
            _trimmed(layout.run(path.parent.name))


def _trimmed(run: RunFolder) -> None:
    """The next writer of a log goes on after the last whole line."""
    before, _ = run.read_events()
    with EventLog(run.events) as log:
        log.write(Alert(at=AT, text="again"))
    if run.read_events()[0] != [*before, Alert(at=AT, text="again")]:
        raise Violation(f"lost: events of {run}")


def run_dry(layout: Layout) -> None:
    """Let a new dispatcher look until nothing is left to do."""
    next_one = dispatcher(layout)
    while next_one.tick():
        pass


def copy(source: Path, target: Path) -> None:
    """A copy of a project; what is only ever replaced whole is linked."""
    target.mkdir()
    for entry in os.scandir(source):
        place = target / entry.name
        if entry.is_dir():
            copy(Path(entry.path), place)
            place.chmod(0o700)
        elif entry.name in IN_PLACE or source.name == "archive":
            shutil.copy(entry.path, place)
        else:
            os.link(entry.path, place)
