"""Wait for something to be so; the test's own time limit is the judge."""

from __future__ import annotations

import time
from collections.abc import Callable

from planner.domain.event import Ended, Epoch
from planner.store.runfolder import RunFolder


def until(holds: Callable[[], object]) -> None:
    while not holds():
        time.sleep(0.01)


def epochs(folder: RunFolder) -> int:
    return sum(isinstance(event, Epoch) for event in folder.read_events()[0])


def last_word(folder: RunFolder) -> Ended | None:
    events = folder.read_events()[0]
    return events[-1] if events and isinstance(events[-1], Ended) else None
