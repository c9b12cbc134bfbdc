"""When the state of a training is taken and written, on a clock of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from planner.worker import keeper, resume

pytestmark = pytest.mark.keras


class Disk:
    """A training whose copies and writes take a known time; remembers which epochs were written."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *, copying: float, writing: float, size: int = 8
    ) -> None:
        self.now = 0.0
        self.spent = 0.0
        self.copying, self.writing, self.size = copying, writing, size
        self.written: list[int] = []
        monkeypatch.setattr(keeper.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(resume, "mark", lambda task, agrees, state: self._write(state))
        self.said: list[str] = []
        self.report = SimpleNamespace(alert=self.said.append)
        self.keeper = keeper.Keeper(self, {}, self._take, lambda: self.size)  # type: ignore[arg-type]  # asked only for alerts

    def train(self, epochs: int, seconds: float) -> None:
        for epoch in range(1, epochs + 1):
            self.now += seconds
            self.keeper.epoch_ended(epoch)

    def _take(self, epoch: int) -> object:
        self._pass(self.copying)
        return _state(epoch, self.size)

    def _write(self, state: object) -> None:
        self._pass(self.writing)
        self.written.append(state.epoch)  # type: ignore[attr-defined]  # a State

    def _pass(self, seconds: float) -> None:
        self.now += seconds
        self.spent += seconds


def _state(epoch: int, size: int) -> object:
    from planner.worker.keras_state import State

    return State(epoch, {"variable0": np.broadcast_to(np.uint8(0), (size,))}, {})


Make = Callable[..., Disk]


@pytest.mark.parametrize(
    ("copying", "writing", "seconds"), [(0.001, 0.02, 0.1), (0.3, 10.0, 60.0), (0.1, 5.0, 1.0)]
)
def test_a_long_training_pays_less_than_a_hundredth(
    monkeypatch: pytest.MonkeyPatch, copying: float, writing: float, seconds: float
) -> None:
    disk = Disk(monkeypatch, copying=copying, writing=writing)
    disk.train(round(60_000 / max(1, seconds)), seconds)
    assert disk.spent < 0.007 * disk.now
    assert len(disk.written) > 10


def test_a_stop_writes_the_last_epoch_where_copies_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, copying=0.01, writing=10.0)
    disk.train(50, 60.0)
    assert disk.written[-1] < 50
    disk.keeper.write()
    assert disk.written[-1] == 50


def test_what_is_on_the_disk_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, copying=0.01, writing=0.01)
    disk.train(1, 60.0)
    disk.keeper.write()
    assert disk.written == [1]


def test_a_large_state_does_not_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, copying=0.1, writing=10.0, size=keeper.HELD + 1)
    disk.train(1, 1200.0)
    disk.keeper.write()
    assert disk.written == []
    assert disk.spent == 0, "it is taken for writing alone"
    disk.train(1, 1200.0)
    assert disk.written == [1]
    spent = disk.spent
    disk.train(20, 120.0)
    assert (disk.written, disk.spent) == ([1], spent), "after a writing too"


def test_a_disk_that_refuses_the_state_is_said_once_and_training_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = Disk(monkeypatch, copying=0.01, writing=0.01)

    def refuse(task: object, agrees: object, state: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(resume, "mark", refuse)
    disk.train(5, 60.0)
    assert len(disk.said) == 1
    assert "No space left on device" in disk.said[0]
    assert disk.keeper._held is None


def test_variables_that_do_not_tell_their_size_are_no_end_of_a_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = Disk(monkeypatch, copying=0.01, writing=0.01)

    disk.keeper = keeper.Keeper(disk, {}, disk._take, lambda: 1 // 0)  # type: ignore[arg-type]  # all that is asked of it
    disk.train(2, 60.0)
    assert len(disk.said) == 1
    assert "ZeroDivisionError" in disk.said[0]
    assert disk.written == [1, 2]


def test_a_large_model_is_not_copied_before_its_training_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 12_000_000
    disk = Disk(monkeypatch, copying=size / keeper.COPIED, writing=size / keeper.WRITTEN, size=size)
    disk.train(epochs=5, seconds=1.0)
    assert disk.spent == 0
    disk.train(epochs=60, seconds=1.0)
    assert disk.written
    assert disk.spent < 0.01 * disk.now
