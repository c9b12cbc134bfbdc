"""The record of the guesses in words: sentences, and lines of eighty columns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.domain.record import Record
from planner.rules.hindsight.record import record
from planner.rules.hindsight.text import record_lines
from planner.rules.hindsight.words import short
from planner.rules.wording.display import cells
from tests.rules.hindsight.six_ideas import GOAL, six
from tests.rules.scoring_facts import (
    calibrated,
    idea,
    ledger,
    some_ledger,
    tried,
)


def test_without_any_outcome_the_text_says_so_and_shows_the_calibration() -> None:
    text = record_lines(record(ledger([idea(1)]), GOAL))
    assert text[0] == "No idea is resolved yet, so no guess can be judged."
    assert any("Calibration 0 is in force, because: the priors alone" in line for line in text)


@tried
@given(some_ledger(most=12), st.text(max_size=50))
def test_every_line_fits_eighty_columns(made: Ledger, name: str) -> None:
    ideas = {
        number: replace(
            one,
            title=one.title + name,
            category=name,
            estimates={who + name: replace(told, by=who + name) for who, told in one.estimates.items()},
        )
        for number, one in made.ideas.items()
    }
    told = record(calibrated(replace(made, ideas=ideas)), GOAL)
    assert all(cells(line) <= 80 for line in record_lines(told))


def test_every_line_of_a_full_record_fits_eighty_columns() -> None:
    told: Record = record(calibrated(six()), GOAL)
    lines = record_lines(told)
    assert max(map(cells, lines)) <= 80
    assert "- 6 · idea 6: ana said 2.0 h, and it took 8.0 h, a factor of 4.0 more; 1.9 bits" in lines
    assert "everybody              6  50 %  50 %  0.083  0.002  0.090  0.170    0.507  +67 %" in lines


@pytest.mark.parametrize("slope", range(7))
def test_what_the_trust_means_is_told_in_full(slope: int) -> None:
    trust = tuple(float(place == slope) for place in range(7))
    lines = record_lines(record(ledger([], calibration=Calibration(trust=trust)), GOAL))
    (line,) = (line for line in lines if line.startswith("trust "))
    assert "stated odds" in line
    assert not line.endswith("…")


def test_the_short_form_says_it_in_sentences() -> None:
    assert short(record(six(), GOAL)) == (
        "Stated chances: people said 50 % on average and 50 % worked "
        "(6 ideas; Brier score 0.08, 67 % better than saying the base rate each time).",
        "The planner's chances: 20 % on average and 50 % worked "
        "(6 ideas; Brier score 0.26, 4 % worse than saying the base rate each time).",
        "Hours: work takes 1.8 times what people say (median of 6 ideas; 80 % of them 0.75–3.5 times); "
        "4 of 6 lay in the planner's 80 % band.",
        "Gain: wins: not enough yet (2 of 6); 6 ideas were to bring 3.0 MEI in all and brought 6.0.",
        "Complexity: changes come out 1.0 points above what people say; 50 % within one point (6 ideas).",
    )
