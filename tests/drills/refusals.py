"""Every file call of every operation, refused by the disk: the old state, and a sentence."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.store.layout import Layout
from tests.drills.crash_points import Course, Violation, copy, course_of, goes_on
from tests.drills.doors import Hasty, through, watched_by
from tests.drills.facts import Answer, decided, pages
from tests.drills.figure import Figure
from tests.drills.halves import in_halves
from tests.drills.operations import EVERY, Operation
from tests.drills.prepared import calm, prepare

ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EACCES, errno.EROFS)
"""What a disk may answer."""

NEEDS_ROOM = {"write", "half", "mkdir", "link", "open"}
"""Calls that a full disk goes on refusing."""

Refusal = Callable[[str, Path], None]


def refusals(folder: Path, operations: Sequence[Operation] = EVERY) -> Figure:
    """Let each file call of each operation fail, the errors in turn, once and for a while."""
    prepared = prepare(folder / "prepared").project
    errors = cycle(ERRORS)

    def refused(some: Sequence[Operation]) -> list[str]:
        with calm(), through(Hasty()):
            return [found for one in some for found in _refused_everywhere(one, prepared, folder, errors)]

    found = in_halves([one for one in operations if not one.of_worker], refused)
    faults = [one for one in found if one]
    return Figure(
        what="every operation refused by the disk at every file call",
        tried=len(found),
        held=len(found) - len(faults),
        note="; ".join(["ENOSPC, EDQUOT, EIO, EACCES, EROFS: a sentence each, nothing lost", *faults[:3]]),
    )


def _refused_everywhere(
    operation: Operation, prepared: Path, folder: Path, errors: Iterator[int]
) -> Iterator[str]:
    """What was found after each refusal, nothing where everything was as it must be."""
    course = course_of(operation, prepared, folder / operation.name.replace(" ", "-"))
    for at in range(1, _calls(operation, course) + 1):
        number = next(errors)
        try:
            _refused(operation, course, refusing(at, number, lasting=number == errno.ENOSPC))
            yield ""
        except Violation as violation:
            yield f"{operation.name}, call {at}, {errno.errorcode[number]}: {violation}"


def refusing(at: int, number: int, *, lasting: bool) -> Refusal:
    """Refuses the `at`-th call, and with `lasting` every later one that needs room."""
    count = 0

    def observe(call: str, path: Path) -> None:
        nonlocal count
        count += 1
        if count == at or (lasting and count > at and call in NEEDS_ROOM):
            raise OSError(number, os.strerror(number), str(path))

    return observe


def _calls(operation: Operation, course: Course) -> int:
    layout, calls = _anew(course), list[str]()
    with watched_by(lambda call, path: calls.append(call)):
        operation.work(layout)
    return len(calls)


def _anew(course: Course) -> Layout:
    layout = Layout(course.start.with_name("project"))
    shutil.rmtree(layout.project)
    copy(course.start, layout.project)
    return layout


def _refused(operation: Operation, course: Course, refusal: Refusal) -> None:
    layout, sentence = _anew(course), None
    try:
        with watched_by(refusal):
            operation.work(layout)
    except Mistake as mistake:
        sentence = str(mistake)
    except Exception as error:  # whatever is no sentence is what the drill is to find
        raise Violation(f"{type(error).__name__}: {error}") from error
    state = decided(layout)
    for problem in _problems(operation, course, layout, state, sentence):
        raise Violation(problem)
    try:
        goes_on(operation, course, layout, state)
    except Exception as error:  # likewise
        raise Violation(f"afterwards: {type(error).__name__}: {error}") from error


def _problems(
    operation: Operation, course: Course, layout: Layout, state: Answer, sentence: str | None
) -> Iterator[str]:
    if state not in course.states and not operation.ticks:  # a run may have been told why it waits
        yield "in between"
    if sentence is None and state != course.states[-1] and not operation.ticks:
        yield "lost, and nothing was said"
    if sentence is not None:
        if "\n" in sentence or len(sentence) < 20:
            yield f"no sentence: {sentence!r}"
        changed = state != course.states[0] or not (operation.bare or pages(layout) == course.before)
        if changed and not operation.ticks and "has not confirmed" not in sentence:
            yield f"changed, and said otherwise: {sentence}"
        if not (changed or operation.bare) and "has not confirmed" in sentence:
            yield f"not changed, and said otherwise: {sentence}"
