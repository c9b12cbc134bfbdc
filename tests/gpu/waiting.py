"""Waits for something to become true."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST = 600.0
"""Seconds after which a test gives up; far more than anything here takes."""


def until(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds; fail when it never does."""
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
