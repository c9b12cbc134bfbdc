"""A writer killed at random moments: nothing unreadable, nothing acknowledged lost."""

from __future__ import annotations

import os
import random
import signal
import time

from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import add, noon
from tests.store.test_crash_points import check_in_order

KILLS = 200
SEED = 20261121


def test_no_kill_makes_the_store_unreadable_or_loses_what_was_acknowledged(
    store: Store, layout: Layout
) -> None:
    chance = random.Random(SEED)
    acknowledged: list[int] = []
    for _ in range(KILLS):
        acknowledged += acknowledged_until_killed(layout, chance.uniform(0, 0.01))
        assert set(acknowledged) <= set(Store(layout).read().ideas)
    assert len(acknowledged) == len(set(acknowledged)) >= KILLS
    add(store, "last")
    check_in_order(layout, [idea.title for idea in store.read().ideas.values()])


def acknowledged_until_killed(layout: Layout, seconds: float) -> list[int]:
    """Let a child capture ideas and say each number when it is safe; kill it some time after the first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            store = Store(layout, now=noon)
            while True:
                os.write(writing, b"%d\n" % add(store, "x").id)
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
    return [int(line) for line in said.split(b"\n")[:-1]]
