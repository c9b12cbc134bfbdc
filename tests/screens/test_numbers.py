"""How numbers are written on a screen."""

from __future__ import annotations

from math import inf, nan

from screens import numbers


def test_chances_are_rounded_to_five_per_cent():
    assert numbers.chance(0.232) == "25 %"
    assert numbers.chance(0.012) == "<5 %"


def test_hours_read_as_people_type_them():
    assert numbers.hours(0.25) == "15m"
    assert numbers.hours(2) == "2h"
    assert numbers.hours(40) == "5d"
    assert numbers.hours(None) == numbers.NOTHING


def test_a_measured_gain_has_its_sign_and_fits_four_cells():
    told = [numbers.gain(value) for value in (5.84, -0.52, 0.27, -0.04, 9.96, -26.4)]
    assert told == ["+5.8", "-0.5", "+0.3", "+0.0", "+10", "-26"]


def test_a_sparkline_follows_its_values_and_marks_what_is_not_finite():
    assert numbers.sparkline((0.0, 1.0), 8) == "▁█"
    assert numbers.sparkline((0.0, nan, 1.0, inf), 8) == "▁×█×"
    assert numbers.sparkline((nan,), 8) == ""
    assert numbers.sparkline((1.0, 1.0), 8) == "▄▄"


def test_a_long_sparkline_ends_with_the_newest_value():
    line = numbers.sparkline(tuple(float(n) for n in range(1000)), 10)
    assert len(line) == 10
    assert line[0] == "▁"
    assert line[-1] == "█"


def test_a_bar_is_as_wide_as_asked_at_any_share():
    assert {len(numbers.bar(share / 50, 8)) for share in range(-5, 60)} == {8}
    assert numbers.bar(0, 4) == "░░░░"
    assert numbers.bar(1, 4) == "████"
