"""`make soak`: the drills in numbers that take an hour or two, written into docs/reliability.md.

`python -m tests.drills [NAME=TIMES …] [--seed N]` runs some of them, as often as said, and only prints.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.drills.claims import claims
from tests.drills.dispatchers import dispatcher_kills
from tests.drills.figure import Figure
from tests.drills.hangups import hangups
from tests.drills.kills import random_kills
from tests.drills.locks import killed_holders
from tests.drills.mutated import mutated
from tests.drills.peers import tinydb_kills
from tests.drills.power import sessions
from tests.drills.resumed_trainings import resumed_trainings
from tests.drills.secrets import secrets
from tests.drills.sweeps import sweep_kills
from tests.drills.worker_kills import worker_kills

Drill = Callable[[int, Path, int], Figure]

SOAK: dict[str, tuple[Drill, int]] = {
    "kills": (random_kills, 10_000),
    "mutated": (mutated, 10_000),
    "power": (sessions, 50),
    "workers": (worker_kills, 200),
    "hangups": (hangups, 100),
    "dispatchers": (dispatcher_kills, 50),
    "sweeps": (sweep_kills, 30),
    "claims": (claims, 300),
    "locks": (killed_holders, 200),
    "resumed": (resumed_trainings, 20),
    "secrets": (secrets, 2_000),
    "tinydb": (tinydb_kills, 1_200),
}
"""Each drill with its number; the last one is no promise of ours, it is there to compare with."""
COMPARED = ("tinydb",)
"""Drills of what others do, which may fail."""
MEMORY = Path("/dev/shm")
"""Where the drills work: a kill ends no disk, and what a disk may lose is built by the power drill itself."""
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
"""Where the last whole soak is published."""
PLACE = re.compile(r"(<!-- soak -->\n).*?(<!-- end of soak -->)", re.DOTALL)
"""The part of the page that a soak replaces."""


def main(arguments: Sequence[str]) -> int:
    """Run the drills asked for, all of them unless said; 1 when one did not hold every time."""
    seed, wanted = _asked(arguments)
    rows: list[str] = []
    failed = False
    for name, times in (wanted or {name: times for name, (_, times) in SOAK.items()}).items():
        row, held = _tried(name, times, seed)
        rows.append(row)
        failed |= not held and name not in COMPARED
        print(row, flush=True)
    if not wanted:
        _publish(rows, seed)
    return int(failed)


def _asked(arguments: Sequence[str]) -> tuple[int, dict[str, int]]:
    words = list(arguments)
    seed = int(words.pop(words.index("--seed") + 1)) if "--seed" in words else int(time.time())
    pairs = [word.split("=") for word in words if word != "--seed"]
    return seed, {name: int(times[0]) if times else SOAK[name][1] for name, *times in pairs}


def _tried(name: str, times: int, seed: int) -> tuple[str, bool]:
    """One drill: its row of the table, and whether it held every time."""
    drill, start = SOAK[name][0], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        figure = drill(times, Path(folder), seed)
    minutes = (time.monotonic() - start) / 60
    held = figure.held == figure.tried
    note = figure.note.replace("\n", " ").replace("|", "\\|")
    return f"| {figure.what} | {figure.held:,} of {figure.tried:,} | {note} | {minutes:.1f} |", held


def _publish(rows: Sequence[str], seed: int) -> None:
    head = ["| what was tried | held | | minutes |", "|---|---|---|---|"]
    told = "\n".join(["", _when_and_where(seed), "", *head, *rows, "", ""])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PLACE.sub(lambda found: f"{found[1]}{told}{found[2]}", text), encoding="utf-8")


def _when_and_where(seed: int) -> str:
    memory = round(psutil.virtual_memory().total / 2**30)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores and {memory} GiB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, no GPU, seed {seed}:"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
