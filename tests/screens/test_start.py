"""What the first paint has to wait for."""

from __future__ import annotations

import subprocess
import sys

LATE = (
    "numpy",
    "textual_plot",
    "markdown_it",
    "tinydb",
    "pynvml",
    "screens.run",
    "screens.review",
    "screens.edit",
    "screens.ask",
    "screens.agenda",
    "planner.rules.reviewing.review",
    "planner.rules.hindsight.record",
    "planner.rules.reviewing.stop",
)


def test_opening_the_planner_loads_nothing_that_can_wait():
    script = f"import sys, screens.app; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
