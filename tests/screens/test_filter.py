"""What `/` understands."""

from __future__ import annotations

import pytest

from screens.filter import Filter
from tests.screens import project

ROWS = project.engine().view().ranked


def shown(text: str) -> set[int]:
    return {row.idea.id for row in Filter.of(text).select(ROWS)}


@pytest.mark.parametrize(
    ("text", "ideas"),
    [
        ("mix", {1, 2, 6}),
        ("MIX alpha", {1}),
        ("status:parked", {6}),
        ("status:no-gain", {11}),
        ("tag:mix", {1, 2}),
        ("category:loss", {7}),
        ("by:cleo", {10}),
        ("#12", {12}),
        ("tag:mix -cutmix", {1}),
        ("settle", {5}),
        ("nothing has this", set()),
    ],
)
def test_every_part_must_hold(text: str, ideas: set[int]):
    assert shown(text) == ideas


def test_an_empty_filter_shows_all_in_order():
    assert Filter.of("  ").select(ROWS) == ROWS


def test_an_unknown_field_is_a_word():
    assert shown("colour:red") == set()
