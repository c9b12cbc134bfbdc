"""The same kills for what others store with: TinyDB's own file, for comparison."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from tinydb import TinyDB

from tests.drills.figure import Figure

FILLED = 500
"""Documents in the file before anybody is killed."""
IDEA = {"title": "label smoothing", "hypothesis": "softer targets keep the logits from growing " * 12}
"""A document about as long as an idea with its estimates."""


def tinydb_kills(times: int, folder: Path, seed: int) -> Figure:
    """How often TinyDB's JSON file is whole after its writer was killed; `held` counts nothing lost."""
    chance = random.Random(seed)
    unreadable = lost = 0
    path = _filled(folder / "tinydb.json")
    for _ in range(times):
        acknowledged = _until_killed(path, chance.uniform(0, 0.01))
        try:
            with TinyDB(path) as database:
                missing = acknowledged - {row["number"] for row in database.all()}
        except ValueError:
            unreadable += 1
            path = _filled(path)
        else:
            lost += bool(missing)
    return Figure(
        what="TinyDB's own JSON file, its writer killed at random moments",
        tried=times,
        held=times - unreadable - lost,
        note=f"{unreadable} unreadable, {lost} lost what was acknowledged",
    )


def _filled(path: Path) -> Path:
    path.unlink(missing_ok=True)
    with TinyDB(path) as database:
        database.insert_multiple({"number": number, **IDEA} for number in range(FILLED))
    return path


def _until_killed(path: Path, seconds: float) -> set[int]:
    """The numbers a child inserted and heard done of before it was killed, some time after its first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with TinyDB(path) as database:
                number = FILLED + len(database) * 1000
                while True:
                    number += 1
                    database.insert({"number": number, **IDEA})
                    os.write(writing, b"%d\n" % number)
        finally:
            os._exit(1)
    os.close(writing)
    said = os.read(reading, 100)
    time.sleep(seconds)  # the moment of death is what is varied here
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return {int(line) for line in said.split(b"\n")[:-1]}
