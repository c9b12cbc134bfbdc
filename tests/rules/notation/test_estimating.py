"""A person's numbers as typed, merged, and written back as they would be typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.rules.notation.as_typed import as_typed
from planner.rules.notation.estimating import nudge, typed_estimate, with_estimate
from tests.rules.scoring_facts import MONDAY, TUESDAY, idea

ACCURACY = Goal(metric="val_accuracy", minimum_effect=0.002, target=0.99)
LOSS = Goal(metric="val_loss", direction="min", minimum_effect=0.01)


def typed(goal: Goal = ACCURACY, at: str = MONDAY, **texts: str) -> Estimate:
    found = typed_estimate(goal, by="ana", at=at, **texts)
    assert found is not None
    return found


def test_each_criterion_keeps_its_own_range() -> None:
    said = typed(hours="2-8h", complexity="1", impact="0.1-0.9pp", likelihood="20-80%")
    assert (said.hours, said.complexity) == (4, 1)
    assert said.impact == pytest.approx(0.003)
    assert said.likelihood == pytest.approx(0.5)
    assert set(said.ranges) == {"hours", "impact", "likelihood"}


def test_nothing_typed_is_no_estimate() -> None:
    assert typed_estimate(ACCURACY, by="ana", at=MONDAY) is None


def test_a_later_plain_number_drops_the_range_of_its_criterion_alone() -> None:
    before = idea(1, "", typed(hours="2-8h", likelihood="20-80%"))
    after = with_estimate(before, typed(at=TUESDAY, hours="3h"))
    assert after.estimates["ana"].hours == 3
    assert set(after.estimates["ana"].ranges) == {"likelihood"}
    assert set(after.history[0].ranges) == {"hours", "likelihood"}


def test_a_later_range_takes_the_place_of_a_number() -> None:
    before = idea(1, "", typed(hours="2h", complexity="1-3"))
    assert with_estimate(before, typed(hours="1-4h")).estimates["ana"].ranges == {
        "hours": (1, 4),
        "complexity": (1, 3),
    }


def test_a_nudged_range_becomes_a_number() -> None:
    before = idea(1, "", typed(hours="2-8h", complexity="1-3"))
    moved = nudge(before, Calibration(), ACCURACY, "hours", 1, by="ana", at=TUESDAY).estimates["ana"]
    assert (moved.hours, set(moved.ranges)) == (5, {"complexity"})


def test_an_estimate_is_shown_as_it_was_typed() -> None:
    said = typed(LOSS, hours="30m..2h", complexity="1-3", impact="-0.05--0.02", likelihood="10-30%")
    assert as_typed(said) == {
        "hours": "30m-2h",
        "complexity": "1-3",
        "impact": "-0.05..-0.02",
        "likelihood": "10%-30%",
    }
    assert set(as_typed(None).values()) == {""}
    assert as_typed(typed(impact="2%"))["impact"] == "+2%"


amounts = st.floats(0.01, 1).map(lambda number: round(number, 4))


@given(
    st.sampled_from([ACCURACY, LOSS]), st.sampled_from(["", "%"]), st.lists(amounts, min_size=8, max_size=8)
)
def test_what_is_written_back_says_the_same_again(goal: Goal, unit: str, numbers: list[float]) -> None:
    low, high = zip(*(sorted(numbers[place : place + 2]) for place in range(0, 8, 2)), strict=True)
    said = typed(
        goal,
        hours=f"{low[0]}-{high[0]}h",
        complexity=f"{low[1]}-{high[1]}",
        impact=f"{low[2]}..{high[2]}{unit}",
        likelihood=f"{low[3]}-{high[3]}",
    )
    again = typed(goal, **as_typed(said))
    for name in ("hours", "complexity", "impact", "likelihood"):
        assert getattr(again, name) == pytest.approx(getattr(said, name), rel=1e-9)
        assert again.ranges.get(name) == (
            said.ranges.get(name) and pytest.approx(said.ranges[name], rel=1e-9)
        )
