"""A worker is killed: what it had said stands, and nothing of it is left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drills.figure import Figure
from tests.drills.worker_kills import worker_kills

pytestmark = pytest.mark.keras


def test_a_killed_worker_leaves_a_history_a_state_and_a_checkpoint(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(worker_kills(2, tmp_path, seed=1))
