"""`planner add` as a whole process, beside the imports it can't do without."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.projects import make_project

ROUNDS = 20
"""Pairs measured, in turn."""
AIM = 1.6
"""At most this many times the bare imports."""


def main() -> None:
    """Print both medians and the ratio."""
    with tempfile.TemporaryDirectory() as scratch:
        project = make_project(Path(scratch) / "project", 1_000)
        planner = str(Path(sys.executable).parent / "planner")
        add = [planner, "-C", str(project), "add", "an idea"]
        bare = [sys.executable, "-c", "import click, pydantic, tinydb"]
        seconds(add), seconds(bare)
        pairs = [(seconds(add), seconds(bare)) for _ in range(ROUNDS)]
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    print(f"  planner add, 1,000 ideas         {1000 * ours:6.0f} ms")
    print(f"  import click, pydantic, tinydb   {1000 * theirs:6.0f} ms")
    print(f"  ratio                            {ours / theirs:6.2f}     (aim: {AIM})")


def seconds(command: list[str]) -> float:
    """Wall seconds of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
