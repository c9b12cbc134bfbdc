"""From the start of the process to the first idea on the screen, beside a bare Textual application."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.projects import make_project
from benchmarks.terminal import terminal

ROUNDS = 9
"""Times each is started, in turn."""
SIZES = ((1_000, 0, 2.0), (10_000, 0, 3.0), (10_000, 500, 3.0))
"""Ideas, how many of them are finished, and at most how many times the bare application it may take."""


def main() -> None:
    """Print the medians and their ratios."""
    planner = str(Path(sys.executable).parent / "planner")
    bare = [sys.executable, "-m", "benchmarks.bare_app"]
    with tempfile.TemporaryDirectory() as scratch:
        for ideas, finished, aim in SIZES:
            project = make_project(Path(scratch) / f"{ideas}-{finished}", ideas, finished)
            ours = [planner, "-C", str(project)]
            paint(ours, b"idea-"), paint(bare, b"bare-column")
            pairs = [(paint(ours, b"idea-"), paint(bare, b"bare-column")) for _ in range(ROUNDS)]
            mine, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            print(f"  {ideas:6,} ideas, {finished:3} finished {1000 * mine:6.0f} ms", end="")
            print(f"   bare {1000 * theirs:6.0f} ms", end="")
            print(f"   ratio {mine / theirs:5.2f}   (aim: {aim})")


def paint(command: list[str], text: bytes) -> float:
    """Seconds from the start of the process until `text` is on the terminal."""
    with terminal(command) as running:
        return running.wait_for(text)
