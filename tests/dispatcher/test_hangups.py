"""Closing the terminal stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.drills.figure import Figure
from tests.drills.hangups import hangups


def test_a_training_outlives_every_terminal_it_is_watched_from(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(hangups(5, tmp_path / "project", seed=1))
