"""At most one dispatcher works, and where two should meet all the same, every run is made once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from planner.domain.event import Started
from planner.workspace.workspace import Workspace
from tests.drills.claims import claims
from tests.drills.figure import Figure


def test_a_hundred_runs_that_ten_dispatchers_go_for_are_each_made_once(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(claims(100, tmp_path / "project", seed=1))


def test_of_ten_dispatchers_started_at_once_one_works_and_nine_leave(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1], seeds=1)
    command = [sys.executable, "-m", "planner.dispatcher", str(work.layout.project)]
    dispatchers = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(10)]
    assert [dispatcher.wait() for dispatcher in dispatchers] == [0] * 10
    runs = work.view().ledger.runs.values()
    assert {run.status for run in runs} == {"finished"}
    for run in runs:
        events, _ = work.layout.run(run.id).read_events()
        assert sum(isinstance(event, Started) for event in events) == 1
    settled = Counter(one.says for one in work.project.store.operations() if one.says.endswith(" finished"))
    assert set(settled.values()) == {1}
    assert [outcome.idea for outcome in work.view().ledger.outcomes] == [1]
