"""How much comes in at once: the same limits wherever it comes from, told in a sentence."""

from __future__ import annotations

import pytest

from planner.domain.mistake import Mistake
from planner.rules.notation import limits


def test_what_fits_to_the_last_character_is_taken() -> None:
    assert limits.one_line(" two\n words ", "title", 9) == "two words"
    with pytest.raises(Mistake, match=r"^the title has 9 characters; at most 8 fit$"):
        limits.one_line("two words", "title", 8)


def test_a_long_text_is_told_by_its_length_and_not_repeated() -> None:
    with pytest.raises(Mistake, match="the hypothesis has 1,000,000 characters; at most 20,000 fit"):
        limits.short_enough("x" * 1_000_000, "hypothesis", limits.TEXT)


def test_half_a_character_is_refused_where_it_comes_in() -> None:
    with pytest.raises(Mistake, match="the tag is not valid text"):
        limits.one_line("a\ud800b", "tag", limits.WORD)


def test_too_many_things_are_counted() -> None:
    limits.few_enough([""] * 30, "tags", limits.TAGS)
    with pytest.raises(Mistake, match="the idea would have 31 tags; at most 30 fit"):
        limits.few_enough([""] * 31, "tags", limits.TAGS)
