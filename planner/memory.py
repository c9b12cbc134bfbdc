"""Evidence that the kernel has ended a process because memory ran out."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from planner.store import encoding, files
from planner.store.runfolder import RunFolder

NAME = "memory.json"
"""The file in a run folder with the count at the run's start."""
SYSTEM = Path("/proc/vmstat")
"""Counts the kills of the whole machine."""
COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
"""The count, in each of the files that hold one."""


def remember_kills(folder: RunFolder) -> None:
    """Write down how many processes have been killed for memory so far, and where that is counted."""
    for place in _places():
        kills = _kills(place)
        if kills is not None:
            count = {"place": str(place), "kills": kills}
            with contextlib.suppress(OSError):  # without it there is no evidence, and that is all
                files.write_whole(folder.path / NAME, encoding.encode(count))
            return


def killed_since(folder: RunFolder) -> bool:
    """Whether that count has risen since the run began; False without evidence."""
    try:
        before = encoding.load(files.read(folder.path / NAME))
        now = _kills(Path(before["place"]))
        return now is not None and now > int(before["kills"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _places() -> list[Path]:
    """Where kills are counted, the narrowest first: this process's own group, then the machine."""
    return [*_own_group(), SYSTEM]


def _own_group() -> list[Path]:
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            found.append(Path(f"/sys/fs/cgroup{path}") / "memory.events")
        elif "memory" in controllers.split(","):
            found.append(Path(f"/sys/fs/cgroup/memory{path}") / "memory.oom_control")
    return found


def _kills(place: Path) -> int | None:
    try:
        found = COUNT.search(place.read_text())
    except OSError:
        return None
    return int(found[1]) if found else None
