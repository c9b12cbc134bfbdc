"""Many processes that write at once: each waits its turn, and no change is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.domain.mistake import StoreNeedsAttention
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.store import Store
from tests.drills.figure import Figure
from tests.drills.writers import many_writers
from tests.store.conftest import add, noon
from tests.store.test_crash_points import check_in_order

CAPTURE = """
import sys
from pathlib import Path
from planner.domain.idea import Idea
from planner.store.layout import Layout
from planner.store.store import Store

for number in range(int(sys.argv[2])):
    with Store(Layout(Path(sys.argv[1]))).transaction("capture", by=sys.argv[3]) as tables:
        tables.put(Idea(id=tables.next_id(Idea), title="x", created_at="", created_by=sys.argv[3]))
"""

HOLD = """
import sys, time
from pathlib import Path
from planner.store.lock import held

with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def capture(project: Path, times: int, by: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CAPTURE, str(project), str(times), by])


def test_twenty_processes_capture_twenty_ideas(store: Store, layout: Layout) -> None:
    writers = [capture(layout.project, 1, f"p{number}") for number in range(20)]
    assert [writer.wait() for writer in writers] == [0] * 20
    ideas = store.read().ideas
    assert list(ideas) == list(range(1, 21))
    assert {idea.created_by for idea in ideas.values()} == {f"p{number}" for number in range(20)}
    check_in_order(layout, ["x"] * 20)


def test_no_change_of_ten_processes_that_write_at_once_is_lost(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(many_writers(memory))


def test_threads_of_one_process_wait_for_each_other_too(store: Store, layout: Layout) -> None:
    threads = [
        threading.Thread(target=lambda: [add(store, "x") for _ in range(10)]),
        threading.Thread(target=lambda: [add(Store(layout, now=noon), "x") for _ in range(10)]),
        threading.Thread(target=lambda: [store.read() for _ in range(50)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_in_order(layout, ["x"] * 20)


def test_nobody_starves_beside_a_writer_that_never_rests(store: Store, layout: Layout) -> None:
    busy = capture(layout.project, 1_000_000, "busy")
    while not store.read().ideas:
        pass
    for number in range(20):
        assert add(store, f"mine {number}").created_by == "ana"
    busy.kill()
    busy.wait()
    assert sum(idea.created_by == "ana" for idea in store.read().ideas.values()) == 20


def test_whoever_waits_too_long_is_told_who_holds_the_store(layout: Layout, store: Store) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(layout.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    for patience in (0, 0.05):
        with (
            pytest.raises(StoreNeedsAttention, match=rf"process {holder.pid} on {os.uname().nodename}"),
            held(layout.lock, patience=patience),
        ):
            pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert add(store, "a").id == 1
