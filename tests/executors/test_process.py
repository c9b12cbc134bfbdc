"""Which process is meant."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from planner.executors.process import ProcessIdentity, alive, carries, end_all, identity_of, send
from tests.executors.waiting import until


@pytest.fixture
def sleeper() -> "subprocess.Popen[bytes]":  # noqa: UP037
    return subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)


def test_an_identity_survives_being_written_down() -> None:
    identity = identity_of(os.getpid())
    assert identity is not None
    assert ProcessIdentity.decode(identity.encode()) == identity
    assert alive(identity)
    assert ProcessIdentity.decode("what/ever") is None


def test_a_zombie_is_dead(sleeper: subprocess.Popen[bytes]) -> None:
    identity = identity_of(sleeper.pid)
    assert identity is not None
    send(identity, signal.SIGKILL)
    until(lambda: not alive(identity))
    assert sleeper.returncode is None  # not collected, and dead all the same
    assert sleeper.wait() == -signal.SIGKILL


@pytest.mark.parametrize("change", [{"created": "1"}, {"boot": "another"}])
def test_a_stranger_with_the_same_number_is_never_signalled(
    sleeper: subprocess.Popen[bytes], change: dict[str, str]
) -> None:
    identity = identity_of(sleeper.pid)
    assert identity is not None
    former = replace(identity, **change)  # type: ignore[arg-type]  # only texts are changed
    assert not alive(former)
    send(former, signal.SIGKILL)
    end_all(former, "r1-none")
    assert alive(identity)
    sleeper.kill()
    sleeper.wait()


def test_a_number_without_a_process_is_nobody() -> None:
    gone = ProcessIdentity(boot="x", pid=2**22 + 1, created="1")
    assert identity_of(gone.pid) is None
    send(gone, signal.SIGTERM)


def test_a_process_that_nobody_can_look_at_now_is_not_taken_for_gone() -> None:
    own = identity_of(os.getpid())
    assert own is not None
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            alive(own)
        with pytest.raises(OSError, match="Too many open files"):
            carries(os.getpid(), "a mark")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert alive(own)
