"""A git that is too slow to answer one of the questions it is asked."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from unittest import mock

from planner.domain.mistake import Mistake
from planner.provenance import asking

DOORS = ("planner.provenance.git.run", "planner.executors.git.run", "planner.executors.diff.run")
"""Where git is asked."""


@contextlib.contextmanager
def slow_at(number: int) -> Iterator[list[str]]:
    """Within the block git does not answer its question of that number, from 0; gives all it was asked."""
    asked: list[str] = []

    def run(command: list[str], *words: object, **told: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(" ".join(command))
        if len(asked) == number + 1:
            raise subprocess.TimeoutExpired(command, 0.0)
        return asking.run(command, *words, **told)  # type: ignore[arg-type]  # as it was called

    with contextlib.ExitStack() as patched:
        for door in DOORS:
            patched.enter_context(mock.patch(door, run))
        yield asked


def whichever_is_slow(act: Callable[[], object]) -> tuple[list[object], object]:
    """What comes of an act with git slow at its first answer, at its second, and so on; and where none is.

    A Mistake that it raises is what comes of it.
    """
    came: list[object] = []
    for number in count():
        with slow_at(number) as asked:
            try:
                came.append(act())
            except Mistake as mistake:
                came.append(mistake)
        if len(asked) <= number:
            return came[:-1], came[-1]
    raise AssertionError("it asks for ever")
