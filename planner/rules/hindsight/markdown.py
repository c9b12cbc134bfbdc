"""How good the guesses were, as the section of a review."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.record import Record
from planner.domain.review import Guess, Review
from planner.rules.hindsight.words import missed, short
from planner.rules.wording.markdown import chance_of, idea_name, literal, table, tenths

HEAD = (
    "idea",
    "hours said",
    "took",
    "chance said",
    "planner's",
    "real",
    "gain forecast, MEI",
    "measured",
)
"""The columns of the week's guesses."""
_BRIER = "A Brier score is the mean squared distance of the chance to what happened: 0 is perfect."


def how_good(review: Review) -> Iterator[str]:
    """The week's guesses beside what happened, then the record until the week's end in short."""
    yield guesses_table(review)
    yield "\n".join(["So far:", "", *(f"- {literal(sentence)}" for sentence in short(review.record))])
    if review.record.everybody.stated.brier is not None or review.record.everybody.planner.brier is not None:
        yield _BRIER
    yield _misses(review.record)


def guesses_table(review: Review) -> str:
    """The week's guesses, an idea a row; empty without any."""
    told = [guess for guess in review.guesses if guess.chance is not None or guess.hours is not None]
    return table(HEAD, map(_guess_row, told)) if told else ""


def _misses(record: Record) -> str:
    """The worst misses so far; empty without any."""
    lines = [f"- {literal(missed(miss))}" for miss in record.misses]
    return "\n".join(["The worst misses so far:", "", *lines]) if lines else ""


def _guess_row(guess: Guess) -> tuple[str, ...]:
    return (
        idea_name(guess.idea, guess.title),
        tenths(guess.said_hours),
        tenths(guess.hours),
        *map(chance_of, (guess.said_chance, guess.chance, guess.q)),
        tenths(guess.forecast_gain),
        tenths(guess.gain),
    )
