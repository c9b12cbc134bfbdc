"""What capturing an idea may load: it must be done before anybody notices it began."""

from __future__ import annotations

import json
import subprocess
import sys

from planner.store.config import load_settings
from planner.store.layout import Layout
from planner.store.store import Store

CAPTURE = """
import json, sys
from pathlib import Path
from planner.domain.idea import Idea
from planner.store.config import load_settings
from planner.store.layout import find_project
from planner.store.store import Store

layout = find_project(Path(sys.argv[1]))
load_settings(layout)
with Store(layout).transaction("add", by="ana") as tables:
    tables.calibration()
    tables.put(Idea(id=tables.next_id(Idea), title="a", created_at="", created_by="ana"))
print(json.dumps(sorted(sys.modules)))
"""


def test_capturing_an_idea_loads_nothing_slow(store: Store, layout: Layout) -> None:
    layout.toml.write_text('[goal]\nmetric = "val_accuracy"\n')
    load_settings(layout)
    done = subprocess.run(
        [sys.executable, "-c", CAPTURE, str(layout.project)], capture_output=True, check=True, text=True
    )
    loaded = set(json.loads(done.stdout))
    slow = {
        "pydantic",
        "filelock",
        "asyncio",
        "logging",
        "tomllib",
        "difflib",
        "hashlib",
        "psutil",
        "subprocess",
    }
    assert loaded & slow == set()
    assert Store(layout).read().ideas[1].title == "a"
