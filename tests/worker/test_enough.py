"""How long the rung `check` waits for the goal's metric, and what it then knows."""

from __future__ import annotations

import pytest

from planner.worker.enough import EPOCHS, SECONDS, SHORT, Enough


class Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_metric_is_enough_whenever_it_comes(clock: Clock) -> None:
    enough = Enough("val_loss", clock)
    assert not any(enough.seen(epoch, {"loss"}) for epoch in range(1, 100))
    assert enough.seen(100, {"loss", "val_loss"})
    assert enough.untold == ""


@pytest.mark.parametrize(("after", "last", "seen"), [(SHORT, EPOCHS + 1, "10 epochs"), (SECONDS, 2, "epoch")])
def test_a_metric_that_may_come_later_is_no_mistake(clock: Clock, after: float, last: int, seen: str) -> None:
    enough, clock.now = Enough("val_loss", clock), after
    assert not any(enough.seen(epoch, {"loss"}) for epoch in range(1, last))
    assert enough.seen(last, {"loss"})
    assert enough.untold == (
        f"cannot be told in time: val_loss is not among what was reported in the first {seen}, and may "
        "come later"
    )


@pytest.mark.parametrize("name", ["val_los", "VAL_LOSS", "val_l"])
def test_a_slip_in_its_name_is_a_mistake(clock: Clock, name: str) -> None:
    enough = Enough("val_loss", clock)
    assert next(epoch for epoch in range(1, 20) if enough.seen(epoch, {name})) == EPOCHS + 1
    clock.now = SECONDS
    assert enough.seen(20, {name})
    assert enough.untold == ""
