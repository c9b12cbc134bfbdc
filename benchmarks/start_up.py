"""`planner add` as a whole process, beside the imports it can't do without."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.projects import make_project

ROUNDS = 20
"""Pairs measured, in turn."""
AIM = 1.6
"""At most this many times the bare imports."""


class Spent(NamedTuple):
    """What one process took, in seconds."""

    wall: float
    """From its start to its end."""
    processor: float
    """Of the processor's time, its own and the kernel's for it; other work on the machine moves it less."""


def main() -> None:
    """Print the medians and their ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        project = make_project(Path(scratch) / "project", 1_000)
        planner = str(Path(sys.executable).parent / "planner")
        add = [planner, "-C", str(project), "add", "an idea"]
        bare = [sys.executable, "-c", "import click, pydantic, tinydb"]
        spent(add), spent(bare)
        pairs = [(spent(add), spent(bare)) for _ in range(ROUNDS)]
    ours, theirs = (medians(each) for each in zip(*pairs, strict=True))
    report("planner add, 1,000 ideas", ours)
    report("import click, pydantic, tinydb", theirs)
    print(
        f"  ratio                            {ours.wall / theirs.wall:6.2f}"
        f"     {ours.processor / theirs.processor:6.2f}               (aim: {AIM})"
    )


def report(name: str, took: Spent) -> None:
    """One line."""
    print(f"  {name:31}  {1000 * took.wall:6.0f} ms  {1000 * took.processor:6.0f} ms of the processor")


def medians(taken: tuple[Spent, ...]) -> Spent:
    """The median of each, by itself."""
    return Spent(median(one.wall for one in taken), median(one.processor for one in taken))


def spent(command: list[str]) -> Spent:
    """What one process takes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)
