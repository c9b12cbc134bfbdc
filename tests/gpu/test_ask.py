"""Asking for the state of the GPUs never harms who asks."""

import json
import sys
from dataclasses import asdict

import pytest

from planner.domain.gpu import GpuReading, GpuState, GpuUser
from planner.gpu.ask import current
from planner.gpu.watch import Watch
from tests.gpu.waiting import until

STATE = GpuState(
    readings=(GpuReading(at="2026-11-21T07:00:00.000Z", index=0, name="NVIDIA A100", power=60.5),),
    users=(GpuUser(index=0, pid=12, name="python", memory=1024),),
)
SAYS_STATE = f"print({json.dumps(json.dumps(asdict(STATE)))}, flush=True)"
ABORTS = "import os; os.abort()"
HANGS = "import threading; threading.Event().wait()"


def sampler(program: str) -> list[str]:
    """A program in the sampler's place."""
    return [sys.executable, "-c", program]


def test_what_the_sampler_says_is_what_is_answered() -> None:
    assert current(timeout=600, sampler=sampler(SAYS_STATE)) == STATE


def test_the_real_sampler_answers_on_this_machine() -> None:
    state = current(timeout=600)
    assert state.readings or state.absent


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (ABORTS, "the sampler ended with signal 6"),
        ("raise SystemExit(3)", "the sampler ended with exit 3"),
        ("print('no JSON')", "the sampler's answer cannot be read"),
        ("print('[1]')", "the sampler's answer cannot be read"),
        ("print('{}')", "the sampler's answer cannot be read"),
        ("pass", "the sampler's answer cannot be read"),
    ],
)
def test_a_sampler_that_fails_gives_a_state_that_says_so(program: str, reason: str) -> None:
    assert current(timeout=600, sampler=sampler(program)).absent == f"GPU state not available: {reason}"


def test_a_driver_that_hangs_does_not_hang_who_asks() -> None:
    state = current(timeout=0.2, sampler=sampler(HANGS))
    assert state.absent == "GPU state not available: no answer in 0.2 s"


def test_a_sampler_that_cannot_start_gives_a_state_that_says_so() -> None:
    state = current(sampler=["/nowhere/python"])
    assert state.absent == "GPU state not available: the sampler did not start: No such file or directory"


def test_a_watch_shows_the_newest_state() -> None:
    with Watch(sampler=sampler(f"{SAYS_STATE}; {HANGS}")) as watch:
        until(lambda: watch.state == STATE)


def test_a_watch_is_never_empty_before_the_first_answer() -> None:
    with Watch(sampler=sampler(HANGS)) as watch:
        assert watch.state.absent == "GPU state not available: not read yet"


def test_a_watch_tells_of_a_sampler_that_crashed() -> None:
    with Watch(sampler=sampler(f"{SAYS_STATE}; {ABORTS}")) as watch:
        until(lambda: watch.state.absent == "GPU state not available: the sampler ended with signal 6")


def test_a_watch_tells_of_a_sampler_that_hangs() -> None:
    with Watch(interval=0.02, sampler=sampler(f"{SAYS_STATE}; {HANGS}")) as watch:
        until(lambda: "no answer for" in (watch.state.absent or ""))


def test_a_watch_keeps_what_a_sampler_said_before_it_ended_in_peace() -> None:
    with Watch(interval=0.02, sampler=sampler(SAYS_STATE)) as watch:
        until(lambda: watch.state == STATE)
        assert watch._sampler is not None
        watch._sampler.wait(600)
        assert watch.state == STATE


def test_a_watch_whose_sampler_cannot_start_says_so() -> None:
    with Watch(sampler=["/nowhere/python"]) as watch:
        assert "did not start" in (watch.state.absent or "")
