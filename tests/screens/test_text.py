"""Text from outside, made fit to draw."""

from __future__ import annotations

from rich.cells import cell_len

from screens.text import LONGEST_SENTENCE, brief, fit, plain, wrap
from tests.drills.hostile import CORPUS, acted_on


def test_a_text_is_cut_and_padded_to_cells_not_characters():
    assert fit("abc", 5) == "abc  "
    assert fit("abcdef", 4) == "abc…"
    assert cell_len(fit("宽宽宽宽", 5)) == 5
    assert cell_len(fit("宽宽宽宽", 4)) == 4
    assert fit("abc", 0) == ""


def test_plain_text_is_never_markup():
    assert plain("[b]x[/b] [/").plain == "[b]x[/b] [/"


def test_control_characters_become_signs():
    assert plain("a\x1b[31m\x00b").plain == "a␛[31m␀b"


def test_wrapped_lines_fit_and_hang():
    lines = wrap("one two three four five", 9, hang=2)
    assert lines == ["one two", "  three", "  four", "  five"]
    assert all(cell_len(line) <= 9 for line in lines)


def test_a_word_longer_than_the_line_is_cut():
    assert wrap("x" * 30, 10) == ["x" * 9 + "…"]


def test_any_text_takes_the_cells_it_is_given_and_no_more():
    for text in CORPUS:
        assert [cell_len(fit(text, width)) for width in (0, 1, 2, 40)] == [0, 1, 2, 40]
        assert all(cell_len(line) <= 40 and not acted_on(line) for line in wrap(text, 40))


def test_a_message_of_a_megabyte_is_cut():
    assert len(brief("x" * 1_000_000)) == LONGEST_SENTENCE
    assert brief("short\x1b") == "short␛"
