"""Logs that a death has cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.drills.event_log import events_cut, readings_cut
from tests.drills.figure import Figure


def test_events_cut_anywhere_lose_the_torn_record_alone(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(events_cut(tmp_path))


def test_readings_cut_anywhere_lose_the_torn_record_alone(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(readings_cut(tmp_path))
