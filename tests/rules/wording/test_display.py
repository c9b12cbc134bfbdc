"""Outside text on a terminal: every character seen, none acted on, in the cells it is given."""

from __future__ import annotations

import pytest

from planner.rules.wording.display import UNSEEN, cells, clean, fit, log, page
from tests.drills.hostile import CORPUS, acted_on


def test_nothing_that_a_terminal_acts_on_is_left_of_any_string() -> None:
    for text in CORPUS:
        assert not acted_on(clean(text))
        assert not acted_on(page(text), "\n")
        assert not acted_on(log(text), "\n")


def test_a_text_keeps_its_length_so_that_a_cursor_keeps_its_place() -> None:
    assert [len(clean(text)) for text in CORPUS] == [len(text) for text in CORPUS]


@pytest.mark.parametrize("width", [0, 1, 2, 40])
def test_a_text_is_cut_to_cells_and_says_so(width: int) -> None:
    for text in CORPUS:
        cut = fit(text, width)
        assert cells(cut) <= width
        assert cut.endswith("…") or cut == clean(text) or width == 0


def test_letters_that_show_nothing_are_shown_as_a_sign() -> None:
    assert clean("a\u3164b\u034fc\U000e0100d") == f"a{UNSEEN}b{UNSEEN}c{UNSEEN}d"


def test_a_pile_of_marks_is_cut_and_the_marks_of_a_language_stay() -> None:
    assert clean("e" + "\u0301" * 200) == "e" + "\u0301" * 4 + UNSEEN * 196
    assert clean("ệ é ก็ नि ❤\ufe0f") == "ệ é ก็ नि ❤\ufe0f"
