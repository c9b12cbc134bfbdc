"""The review as Markdown that nobody's text can bend."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.reviewing.page import review_markdown
from planner.rules.wording.display import fit
from planner.rules.wording.markdown import literal
from tests.rules.ledgers import a_ledger
from tests.rules.reviewing.commonmark import MARKDOWN
from tests.rules.reviewing.small_week import (
    a_row,
    small_week,
    the_review,
)


def cells(markdown: str) -> list[str]:
    """The text of every table cell, as a reader sees it; fails on anything but plain text in one."""
    found = []
    for token in MARKDOWN.parse(markdown):
        if token.type == "inline" and token.children is not None:
            kinds = {child.type for child in token.children}
            assert kinds <= {"text"}, kinds
            found.append("".join(child.content for child in token.children))
    return found


def test_the_review_reads_by_itself():
    text = review_markdown(the_review(ranked=[a_row(8, 1, 0.063)]))
    for line in (
        "# Review of 2026-W47",
        "2026-11-16 to 2026-11-22, UTC. The goal: raise val_accuracy to 78.1. "
        "1 MEI, the smallest gain worth keeping, is 0.2.",
        "3 ideas came to an outcome: 1 improved, 1 no gain, 1 invalid.",
        "| 2 · idea 2 | improved | +2.5 | improved it is |",
        "The best val_accuracy is 76.7, by idea 2: 30 % of the way from 76.1 to the target.",
        "Gain kept: +2.5 MEI (val_accuracy +0.5).",
        "| this week | 5.5 | 6.0 | 0.5 | 1 |",
        "| this week, per win | 5.5 | 6.0 | 0.5 |  |",
        "Hit rate: 1 of 2 ideas (50 %) this week, 2 of 3 ideas (67 %) so far; "
        "the base rate was 29 % before it and is 32 % after it.",
        "Drought: 1 idea since the last win. In other projects 32 % of ideas were kept after as many.",
        "| 3 · idea 3 | 4.0 | 5.0 | 60 % | 20 % | 5 % | 1.5 | – |",
        "- Too few ideas are resolved to judge the guesses by: not enough yet (3 of 6).",
        "- 7 · stuck: 8.0 → 6.0 MEI per 100 h, rank 2 → 1: relative won",
        "| 8 · idea 8 | ready | 6.3 | 20 % | 2.0 | 2.0 | 8.0 |  |",
        "All of it takes 2.0 hours of people and 8.0 GPU hours, and is expected to bring +0.4 MEI.",
        "- 4 · idea 4, since 2026-11-20: KeyError: 'lr'",
        "- 7 · stuck, since 2026-11-13: run r3 was stopped by a person",
        "- 6 · forgotten, since 2026-10-26",
    ):
        assert line in text.splitlines(), line


def test_writing_it_again_later_changes_nothing():
    early, late = the_review(), the_review(now="2026-11-24T20:00:00.000Z")
    assert review_markdown(early) == review_markdown(the_review()) == review_markdown(late)


def test_an_empty_project_has_a_review_too():
    text = review_markdown(the_review(a_ledger([], baselines=())))
    for sentence in (
        "No idea came to an outcome.",
        "val_accuracy has not been measured yet.",
        "No idea is left to decide.",
        "Drought: 0 ideas since the beginning, without a win.",
    ):
        assert sentence in text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![](http://evil/pixel.png)",
        "a | b \\| c \\",
        "*bold* _it_ `code` ~~gone~~ &lt; &amp;",
        "# head\n\n- list\n1. one\n---",
        "see https://evil.example or www.evil.example or me@evil.example",
        "\x1b[2J\u202egnp.exe\u200b",
        "```\nfence",
        "<!-- gone",
        "[/red] [@click=app.quit]",
    ],
)
def test_texts_of_people_stay_texts(text):
    assert_literal(text)


@given(text=st.text(max_size=40) | st.text(alphabet="\\|`*_[]()<>&~!#-+. \n:/wa@$", max_size=40))
def test_no_text_becomes_structure(text):
    assert_literal(text)


def assert_literal(text: str) -> None:
    """A cell with the text in it shows the text, cleaned of what can't be seen, and nothing else."""
    shown = cells(f"| head |\n| --- |\n| x{literal(text)}x |")
    assert shown == ["head", f"x{fit(text, 400)}x"]


def test_hostile_titles_leave_the_review_its_shape():
    ledger = small_week()
    title = "</td></table>\n# Taken over | <img src=x onerror=alert(1)> **"
    hostile = replace(ledger, ideas={key: replace(one, title=title) for key, one in ledger.ideas.items()})
    plain, bent = (MARKDOWN.parse(review_markdown(the_review(one))) for one in (ledger, hostile))
    assert [token.type for token in bent] == [token.type for token in plain]
    assert "<img" not in MARKDOWN.render(review_markdown(the_review(hostile)))


def test_a_very_long_text_is_cut():
    assert len(literal("a" * 1_000_000)) == 400
