"""What lies under `.planner/` is its owner's alone, at every moment and under any umask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drills.figure import Figure
from tests.drills.permissions import permissions


@pytest.mark.keras
def test_nothing_is_open_to_others_under_an_open_umask(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(permissions(tmp_path, 0o000, keras=True))


@pytest.mark.parametrize("umask", [0o077, 0o277])
def test_a_strict_umask_takes_nothing_from_the_owner(
    tmp_path: Path, publish: Callable[[Figure], None], umask: int
) -> None:
    publish(permissions(tmp_path, umask, keras=False))
