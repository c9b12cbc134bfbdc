"""`next` in words: whatever stands in the backlog, the answer fits one small screen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.idea import Change
from planner.domain.ledger import Ledger
from planner.domain.settings import ScoreSettings
from planner.rules.reviewing.answer import HEIGHT, WIDTH, answer, none, screen
from planner.rules.scoring.ranking import rank
from planner.rules.wording.display import cells
from planner.rules.wording.explain import why
from planner.rules.wording.wrapped import wrapped
from tests.rules.scoring_facts import SETTINGS, some_ledger, tried

TITLES = st.text(max_size=200) | st.text(alphabet="漢字 e\u0301\u202ea ", max_size=200)
SENTENCES = st.lists(st.text(max_size=400), max_size=4)


@tried
@given(ledger=some_ledger(), title=TITLES, notes=SENTENCES, runs=st.booleans())
def test_the_answer_fits_a_small_screen(ledger: Ledger, title: str, notes: list[str], runs: bool):
    settings = replace(SETTINGS, score=ScoreSettings(bottleneck="runs" if runs else "hours"))
    ideas = {
        number: replace(idea, title=f"{title} {idea.title}", change=Change(implemented=number % 2 == 0))
        for number, idea in ledger.ideas.items()
    }
    ledger = replace(ledger, ideas=ideas)
    ranked = rank(ledger, settings)
    blocks = []
    for verb, status in (("run", "ready"), ("implement", "open")):
        row = next((row for row in ranked if row.status == status), None)
        panel = why(row, ranked, ledger.calibration, reader="ana") if row else ()
        blocks.append(answer(verb, row, ranked, panel) if row else none(verb, "nothing is left"))
    lines = screen(blocks, notes)
    assert len(lines) <= HEIGHT < 24
    assert max(map(cells, lines)) <= WIDTH
    for block in blocks:
        assert any(line in block[-1] for line in lines)  # both are there, however long the notes


@given(text=st.text(max_size=300), width=st.integers(4, 90), most=st.integers(1, 4))
def test_wrapped_text_keeps_to_its_room(text: str, width: int, most: int):
    lines = wrapped(text, width, most=most)
    assert 1 <= len(lines) <= most
    assert all(cells(line) <= width for line in lines)


@given(words=st.lists(st.text(alphabet="abc", min_size=1, max_size=9), min_size=1, max_size=12))
def test_nothing_is_lost_where_there_is_room(words: list[str]):
    assert " ".join(wrapped(" ".join(words), 10, most=99)).split() == words
