"""Every call to the driver with every error it knows, and a sampler that aborts, crashes or hangs."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pynvml

from planner.gpu.ask import current
from planner.gpu.line import line
from planner.gpu.nvml import Door
from planner.gpu.readings import read
from tests.drills.figure import Figure
from tests.gpu.library import CALLS, CODES, sliced, two_cards

EVERY = (
    *CALLS,
    "nvmlInit",
    "nvmlShutdown",
    "nvmlDeviceGetCount",
    "nvmlDeviceGetHandleByIndex",
    "nvmlDeviceGetMigDeviceHandleByIndex",
)
REFUSALS = tuple(map(pynvml.NVMLError, CODES))
ENDS = {
    "aborts": "import os; os.abort()",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "hangs": "import threading; threading.Event().wait()",
    "talks nonsense": "print('no JSON')",
}
"""What a driver that has lost its GPU does to the process that asks it."""


def told(call: str, refusal: Exception, make: Callable[[], object]) -> bool:
    """Whether the line about the GPUs can still be written, on one line, when a call is refused."""
    library = make()
    library.failures[call] = refusal  # type: ignore[attr-defined]  # both makers give the stand-in
    with Door(library) as door:
        said = line(read(door), 80)
    return 0 < len(said) <= 80


def test_whatever_the_driver_does_whoever_asks_lives_and_has_something_to_show(
    publish: Callable[[Figure], None],
) -> None:
    makers = (two_cards, sliced)
    cases = [told(call, refusal, make) for call in EVERY for refusal in REFUSALS for make in makers]
    for program in ENDS.values():
        # A hang is waited for in full, anything else is over long before.
        patience = 0.3 if "wait" in program else 600
        absent = current(timeout=patience, sampler=[sys.executable, "-c", program]).absent
        cases.append((absent or "").startswith("GPU state not available"))
    note = f"{len(EVERY)} calls x {len(REFUSALS)} errors x 2 kinds of card; a sampler that {', '.join(ENDS)}"
    what = "NVML: every call x every error, hang, abort"
    publish(Figure(what=what, tried=len(cases), held=sum(cases), note=note))
