"""Dispatchers that are killed at any moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.drills.dispatchers import dispatcher_kills
from tests.drills.figure import Figure


def test_no_run_and_no_outcome_is_lost_or_doubled_over_killed_dispatchers(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(dispatcher_kills(10, tmp_path / "project", seed=3))
