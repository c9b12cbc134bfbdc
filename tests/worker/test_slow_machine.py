"""What runs out of time on a slow or busy machine is not told: it never makes an idea invalid."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from planner.worker import child, command, spent
from planner.worker.spent import PATIENCE, Spent
from planner.worker.tiny import carrying, lesson
from tests.worker.making import shell
from tests.worker.test_tiny import tiny


class After:
    """A limit that is over once it was asked about so many times."""

    asked = 0
    seconds = 0.0

    def over(self, _limit: float) -> bool:
        After.asked += 1
        return After.asked > After.most

    most = 0


def test_what_others_do_with_the_machine_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, own = [0.0], [0.0]
    monkeypatch.setattr(
        spent, "time", SimpleNamespace(monotonic=lambda: clock[0], process_time=lambda: own[0])
    )
    work = Spent()
    clock[0], own[0] = 20.0, 3.0  # others had it most of the time
    assert (work.seconds, work.over(10.0)) == (3.0, False)
    clock[0] = PATIENCE * 10.0 + 1
    assert work.over(10.0)
    clock[0], own[0] = 5.0, 80.0  # sixteen threads
    assert (work.seconds, work.over(10.0)) == (5.0, False)


@pytest.mark.keras
def test_a_model_that_needs_another_optimiser_than_its_own_is_not_given_up_for_want_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(After, "asked", 0)
    monkeypatch.setattr(After, "most", 35)  # its own optimiser's ways are through, the others are not
    monkeypatch.setattr(lesson, "Spent", After)
    run = tiny(tmp_path, "steady")
    assert run.ended.status == "finished"
    assert run.checks[0].detail.startswith("cannot be told in time: after ")


@pytest.mark.keras
def test_answers_that_were_slow_to_come_are_not_taken_for_wrong_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = count()

    class Stalls(Spent):
        """The machine stands still for an hour when the validation examples are asked about."""

        seconds = property(lambda self: 3600.0 if next(asked) else 0.0)  # type: ignore[assignment]

    monkeypatch.setattr(carrying, "Spent", Stalls)
    run = tiny(tmp_path, "healthy")
    assert (run.ended.status, next(asked)) == ("finished", 2)


def test_what_a_command_has_printed_is_read_however_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PIECE", 16)
    monkeypatch.setattr(child, "LINGER", 0.0)
    # What it leaves running holds the pipe open, so that its end says nothing.
    run = shell(tmp_path, """sleep 1000 & echo '{"epoch": 1, "val_accuracy": 0.5}'""")
    assert run.ended.metrics == {"val_accuracy": 0.5}


def test_only_what_comes_after_the_end_of_a_command_is_said_to_be_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    outlive = command._Listener._outlive

    def noticed(self: command._Listener) -> None:
        outlive(self)
        told.touch()

    monkeypatch.setattr(command._Listener, "_outlive", noticed)
    monkeypatch.setattr(child, "LINGER", 300.0)
    late = f"""(until [ -e {told} ]; do sleep 0.01; done; echo '{{"epoch": 1, "val_accuracy": 0.5}}') &"""
    run = shell(tmp_path, f"{late} exit 0")
    assert run.ended.metrics["val_accuracy"] == 0.5
    assert run.alerts == [
        "the command has ended, and what it left running reports for it while it is heard: let it wait for "
        "its children"
    ]
