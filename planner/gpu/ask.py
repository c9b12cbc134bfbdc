"""Asks for the state of the GPUs from a process that never touches NVML itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from planner.domain.gpu import GpuReading, GpuState, GpuUser

SAMPLER = (sys.executable, "-P", "-m", "planner.gpu.sampler")
"""The process that may crash or hang instead; -P keeps files of the current folder from being imported."""


PATIENCE = 60.0
"""Seconds the answer may take on a busy machine: without a driver that hangs, a tenth of one is usual."""
SOON = 15.0
"""Seconds where a person waits for it."""


def current(timeout: float = PATIENCE, sampler: Sequence[str] = SAMPLER) -> GpuState:
    """The GPUs now; when the driver crashes, or hangs for `timeout` seconds, a state that says so."""
    try:
        asked = subprocess.Popen(
            [*sampler, "--once"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        return unavailable(f"the sampler did not start: {error.strerror}")
    try:
        answer, _ = asked.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        asked.kill()  # and no waiting: a process stuck inside the driver can't be ended
        return unavailable(f"no answer in {timeout:g} s")
    return (
        unavailable(f"the sampler ended with {ending(asked.returncode)}")
        if asked.returncode
        else state_of(answer)
    )


def state_of(line: bytes) -> GpuState:
    """What one line of the sampler says; a line that cannot be read gives a state that says so."""
    try:
        document: dict[str, Any] = json.loads(line)
        return GpuState(
            readings=tuple(GpuReading(**reading) for reading in document["readings"]),
            users=tuple(GpuUser(**user) for user in document["users"]),
            absent=document["absent"],
        )
    except (ValueError, TypeError, KeyError):
        return unavailable("the sampler's answer cannot be read")


def ending(code: int) -> str:
    """How a process ended that did not end well."""
    return f"signal {-code}" if code < 0 else f"exit {code}"


def unavailable(why: str) -> GpuState:
    """The state of which nothing is known, and why."""
    return GpuState(absent=f"GPU state not available: {why}")
