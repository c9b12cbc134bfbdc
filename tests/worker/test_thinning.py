"""Loops that report more often than anybody looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.event import Ended, Epoch
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.worker import report, thinning
from planner.worker.report import Report


class Seconds:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_of_many_reports_one_a_second_is_kept_and_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thinning, "MANY", 3)
    monkeypatch.setattr(report, "MANY", 3)
    folder, clock = RunFolder(tmp_path), Seconds()
    with EventLog(folder.events) as log:
        told = Report(log, clock=clock)
        for epoch in range(1, 31):
            clock.now += 0.125
            told.epoch(epoch, None, {"loss": 1 / epoch})
        words = told.words
        told.ended("finished", "", told.final("loss"))
    events, _ = folder.read_events()
    assert [event.epoch for event in events if isinstance(event, Epoch)] == [1, 2, 3, 11, 19, 27, 30]
    assert isinstance(events[-1], Ended)
    assert events[-1].metrics == {"loss": 1 / 30}
    assert words == 31  # every report is a sign of life, and one alert says that they are too many
