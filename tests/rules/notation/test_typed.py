"""What a person types is understood, or refused with what would be right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.rules.notation import typed

ACCURACY = Goal(metric="val_accuracy", minimum_effect=0.002, target=0.99)
LOSS = Goal(metric="val_loss", direction="min", minimum_effect=0.01)
ODD = ["", " ", "nan", "inf", "-inf", "1e999", "ten", "1,5", "٣", "1_000", "0x10", "--1", "1" * 500, "\x00"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("30m", 0.5),
        ("2h", 2),
        ("1.5d", 12),
        ("1w", 40),
        ("90s", 0.025),
        ("1h30m", 1.5),
        (" 1 h 30 min ", 1.5),
        ("2", 2),
        (".5", 0.5),
        ("3 days", 24),
        ("2H", 2),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: float) -> None:
    assert typed.hours(text) == pytest.approx(hours)


@pytest.mark.parametrize(
    "text", [*ODD, "0", "0h", "-2h", "1h30", "1h2h", "h", "2 moons", "9999999h", "1e300", "1:30", "1–2h"]
)
def test_odd_hours_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(Mistake, match=r"30m, 2h or 1\.5d"):
        typed.hours(text)


@pytest.mark.parametrize(("text", "points"), [("0", 0), ("5", 5), ("1.5", 1.5), ("-0", 0)])
def test_complexity_goes_from_0_to_5(text: str, points: float) -> None:
    assert typed.complexity(text) == points


@pytest.mark.parametrize("text", [*ODD, "6", "-1", "5.01", "high"])
def test_complexity_off_the_scale_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match=r"from 0 .* to 5"):
        typed.complexity(text)


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("20%", 0.2),
        ("0.2", 0.2),
        (".2", 0.2),
        ("20 %", 0.2),
        ("0%", 0),
        ("100%", 1),
        ("1", 1),
        ("0.5%", 0.005),
    ],
)
def test_likelihood_is_a_share_or_per_cent(text: str, chance: float) -> None:
    assert typed.likelihood(text) == pytest.approx(chance)


def test_a_bare_likelihood_above_one_suggests_per_cent() -> None:
    with pytest.raises(Mistake, match="write 20%"):
        typed.likelihood("20")


@pytest.mark.parametrize("text", [*ODD, "150%", "-5%", "%", "200", "1e9", "likely"])
def test_a_likelihood_that_is_no_chance_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="20%"):
        typed.likelihood(text)


@pytest.mark.parametrize(
    ("text", "change", "relative"),
    [
        ("+0.5pp", 0.005, False),
        ("0.5pp", 0.005, False),
        ("0.5 PP", 0.005, False),
        ("0.03", 0.03, False),
        ("+3e-2", 0.03, False),
        ("2%", 0.02, True),
        ("+2 %", 0.02, True),
    ],
)
def test_impact_on_a_metric_to_raise(text: str, change: float, relative: bool) -> None:
    found, share = typed.impact(text, ACCURACY)
    assert found == pytest.approx(change)
    assert share is relative


@pytest.mark.parametrize(
    ("text", "change", "relative"),
    [("-0.03", -0.03, False), ("0.03", -0.03, False), ("−2%", -0.02, True), ("2%", -0.02, True)],
)
def test_impact_on_a_metric_to_lower(text: str, change: float, relative: bool) -> None:
    found, share = typed.impact(text, LOSS)
    assert found == pytest.approx(change)
    assert share is relative


@pytest.mark.parametrize(
    "goal",
    [
        Goal(metric="accuracy", target=95.0),
        Goal(metric="accuracy", minimum_effect=0.2),
    ],
)
def test_percentage_points_of_a_metric_in_per_cent_are_its_own_unit(goal: Goal) -> None:
    assert typed.impact("+0.5pp", goal) == (0.5, False)


def test_a_target_below_one_makes_the_metric_a_share_whatever_its_minimum_effect() -> None:
    assert typed.impact("5pp", Goal(metric="f1", minimum_effect=0.2, target=0.9)) == (0.05, False)


@pytest.mark.parametrize(
    ("text", "goal", "right"),
    [("-0.5pp", ACCURACY, r"write \+0.5pp"), ("+0.03", LOSS, "write -0.03"), ("+2%", LOSS, "write -2%")],
)
def test_an_impact_against_the_goal_says_what_to_type(text: str, goal: Goal, right: str) -> None:
    with pytest.raises(Mistake, match=right):
        typed.impact(text, goal)


@pytest.mark.parametrize(
    "text", [*ODD, "0", "0%", "+0pp", "pp", "%", "+", "1e15", "20000%", "500pp", "0.5px"]
)
def test_an_impact_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="impact"):
        typed.impact(text, ACCURACY)


def answer(read: Callable[[str], object], text: str) -> str:
    """What is read, or the Mistake's sentence."""
    try:
        return repr(read(text))
    except Mistake as mistake:
        return str(mistake)


@pytest.mark.parametrize(
    ("text", "middle", "ends"),
    [
        ("2h-5h", 10**0.5, (2, 5)),
        ("2-5h", 10**0.5, (2, 5)),
        ("1d–2d", 128**0.5, (8, 16)),
        ("30m..2h", 1, (0.5, 2)),
        ("1h30m to 6h", 3, (1.5, 6)),
        ("30m-45", 0.375**0.5, (0.5, 0.75)),
        ("1e-3", 0.001, None),
        ("2h-2h", 2, None),
        ("2h", 2, None),
    ],
)
def test_hours_may_be_a_range_with_a_geometric_middle(
    text: str, middle: float, ends: tuple[float, float] | None
) -> None:
    found, span = typed.hours_range(text)
    assert found == pytest.approx(middle)
    assert span == (ends and pytest.approx(ends))


@pytest.mark.parametrize(
    ("text", "middle", "ends"),
    [
        ("10-30%", 0.17913, (0.1, 0.3)),
        ("0.1..0.3", 0.17913, (0.1, 0.3)),
        ("20%–80%", 0.5, (0.2, 0.8)),
        ("0-2%", 0.02, (0, 0.02)),
        ("99-100%", 0.99, (0.99, 1)),
        ("20%", 0.2, None),
    ],
)
def test_the_middle_of_two_chances_is_that_of_their_log_odds(
    text: str, middle: float, ends: tuple[float, float] | None
) -> None:
    found, span = typed.likelihood_range(text)
    assert found == pytest.approx(middle, abs=1e-5)
    assert span == (ends and pytest.approx(ends))


def test_complexity_may_be_a_range_with_its_mean() -> None:
    assert typed.complexity_range("1-3") == (2, (1, 3))
    assert typed.complexity_range("2") == (2, None)


@pytest.mark.parametrize(
    ("text", "goal", "middle", "ends"),
    [
        ("+0.1pp..0.9pp", ACCURACY, 0.003, (0.001, 0.009)),
        ("0.1-0.9pp", ACCURACY, 0.003, (0.001, 0.009)),
        ("+0.1pp to +0.9pp", ACCURACY, 0.003, (0.001, 0.009)),
        ("-0.03", LOSS, -0.03, None),
        ("-0.08--0.02", LOSS, -0.04, (-0.08, -0.02)),
        ("−0.02–−0.08", LOSS, -0.04, (-0.08, -0.02)),
        ("-0.08-0.02", LOSS, -0.04, (-0.08, -0.02)),
        ("0.02..0.08", LOSS, -0.04, (-0.08, -0.02)),
        ("5e-3", LOSS, -0.005, None),
    ],
)
def test_an_impact_may_be_a_range_and_a_minus_is_a_sign(
    text: str, goal: Goal, middle: float, ends: tuple[float, float] | None
) -> None:
    found, relative, span = typed.impact_range(text, goal)
    assert found == pytest.approx(middle)
    assert not relative
    assert span == (ends and pytest.approx(ends))


def test_a_range_of_shares_is_a_share() -> None:
    assert typed.impact_range("1-4%", ACCURACY) == (pytest.approx(0.02), True, pytest.approx((0.01, 0.04)))


@pytest.mark.parametrize(
    ("read", "text", "right"),
    [
        (typed.hours_range, "5-2h", r"upside down; write it as 2h\.\.5h"),
        (typed.likelihood_range, "30-10%", r"write it as 10%\.\.30%"),
        (typed.complexity_range, "3-1", r"write it as 1\.\.3"),
        (typed.complexity_range, "1-7", "from 0 .* to 5"),
        (lambda text: typed.impact_range(text, ACCURACY), "0.5-0.1pp", r"write it as 0\.1pp\.\.0\.5pp"),
        (lambda text: typed.impact_range(text, ACCURACY), "0.1pp-2%", "two units"),
        (lambda text: typed.impact_range(text, ACCURACY), "-0.1..0.5pp", "worse"),
        (typed.hours_range, "1-2-3", r"30m, 2h or 1\.5d"),
        (typed.hours_range, "2h to soon", r"30m, 2h or 1\.5d"),
    ],
)
def test_an_odd_range_is_refused_in_a_sentence(read: Callable[[str], object], text: str, right: str) -> None:
    with pytest.raises(Mistake, match=right):
        read(text)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_number_or_one_short_sentence(text: str) -> None:
    readers: tuple[Callable[[str], object], ...] = (
        typed.hours_range,
        typed.complexity_range,
        typed.likelihood_range,
        lambda it: typed.impact_range(it, LOSS),
    )
    for read in readers:
        said = answer(read, text)
        assert "\n" not in said
        assert len(said) < 400


@given(st.text(max_size=200))
def test_whatever_follows_a_params_name_is_a_value_or_a_mistake(text: str) -> None:
    assert answer(typed.param, f"lr={text}")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("lr=1e-3", "lr", 0.001),
        ("epochs=20", "epochs", 20),
        ("seed=-1", "seed", -1),
        ("size=1_000", "size", 1000),
        ("nesterov=true", "nesterov", True),
        ("nesterov=False", "nesterov", False),
        ("schedule=null", "schedule", None),
        ("optimizer=adam", "optimizer", "adam"),
        ("optimizer = 'adam'", "optimizer", "adam"),
        ('name="a=b"', "name", "a=b"),
        ('name=""', "name", ""),
        ("layers=[64, 32]", "layers", [64, 32]),
        ('head={"units": 8}', "head", {"units": 8}),
        ("model.dense-1.units=8", "model.dense-1.units", 8),
        ("version=007", "version", "007"),
        ("path=a/b=c", "path", "a/b=c"),
        ("date=2026-11-21", "date", "2026-11-21"),
    ],
)
def test_a_param_is_a_name_and_a_json_value(text: str, name: str, value: object) -> None:
    found = typed.param(text)
    assert found == (name, value)
    assert type(found[1]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "lr",
        "=1",
        "lr=",
        "1lr=2",
        "a b=1",
        "../x=1",
        "lr=nan",
        "lr=-Infinity",
        "lr=1e999",
        "lr=[1, NaN]",
        "lr=[1,",
        'lr="a',
        "lr=99999999999999999999",
        "lr=" + "[" * 3000,
        "lr=" + "[" * 30 + "]" * 30,
        "lr=" + "x" * 5000,
        "lr=\udc80",
        'lr=["\\ud800"]',
        "x" * 61 + "=1",
    ],
)
def test_a_param_that_no_store_could_hold_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="param"):
        typed.param(text)
