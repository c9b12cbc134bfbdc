"""When two numbers are a step apart, when two params are the same, and what a person may answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import Ledger
from planner.domain.repeat import Repeat
from planner.rules.duplicates.answering import choices, wished
from planner.rules.duplicates.near import ALIKE, a_step_apart, likeness_of, sound
from planner.rules.duplicates.tried import alike
from planner.rules.duplicates.wording import seeds_in_words, value_in_words


@pytest.mark.parametrize(
    ("one", "other"),
    [(1e-3, 1.5e-3), (64, 80), (100, 120), (-2.0, -2.5), (0.9, 0.92), (1.0, 1.2), (2, 3)],
)
def test_numbers_a_step_apart(one: object, other: object) -> None:
    assert a_step_apart(one, other)
    assert a_step_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1e-3, 1e-2),
        (64, 128),
        (0.9, 0.99),
        (0, 0.1),
        (1, 1),
        (-1, 1),
        (True, 1),
        ("a", "b"),
        (float("nan"), 1),
    ],
)
def test_numbers_further_apart(one: object, other: object) -> None:
    assert not a_step_apart(one, other)
    assert not a_step_apart(other, one)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_a_step_is_a_step_from_both_sides(one: float, other: float) -> None:
    assert a_step_apart(one, other) == a_step_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, 1.0, True), (1, True, False), ({"a": [1]}, {"a": (1,)}, True), ({"a": 0}, {"a": False}, False),
     ([1, 2], [1], False), ("1", 1, False)],
)  # fmt: skip
def test_values_of_a_param_are_alike(one: object, other: object, same: bool) -> None:
    assert alike(one, other) is same


def a_repeat(**fields: Any) -> Repeat:
    return Repeat(
        **(
            {
                "idea": 7,
                "seeds": (0, 1),
                "kind": "same",
                "says": "it ran",
                "reading": "it gets a further seed, 2",
            }
            | fields
        )
    )


def test_the_least_wasteful_answer_comes_first() -> None:
    assert list(choices(a_repeat(of=7))) == ["replicate", "anyway", "leave"]
    assert choices(a_repeat(of=7))["replicate"] == "replicate: a further seed, 2"
    assert list(choices(a_repeat(of=3))) == ["leave", "anyway"]


def test_what_is_kept_of_a_warning_is_its_sentence() -> None:
    near = a_repeat(kind="near", of=3, says="it is close")
    assert wished([near, a_repeat(of=7)], Ledger(), 7) == "it ran"
    assert wished([near], Ledger(), 7) is None


def test_seeds_and_values_read_well() -> None:
    assert seeds_in_words((0,)) == "seed 0"
    assert seeds_in_words((0, 1, 2)) == "seeds 0, 1, 2"
    assert seeds_in_words(range(9)) == "9 seeds, 0 to 8"
    assert value_in_words(True) == "true"
    assert value_in_words("x" * 99).endswith("…")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mixup", "Mixup", True),
        ("cosine schedule with warm-up", "cosine schedule, longer warm-up", True),
        ("embedding LR 0.8 to 0.9", "embedding LR 0.8 to 1.0", True),
        ("embedding LR 0.8", "tiny embedding WD 0.001", False),
        ("softcap 15", "asymmetric softcap", False),
        ("adam beta1 0.8", "adam eps 1e-8", False),
        ("label smoothing 0.1", "weight decay 0.1", False),
        ("", "", False),
    ],
)
def test_ideas_sound_alike_by_more_than_one_word(one: str, other: str, alike: bool) -> None:
    assert (likeness_of(sound(one), sound(other)) >= ALIKE) is alike
