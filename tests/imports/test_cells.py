import pytest

from planner.domain.mistake import Mistake
from planner.imports import cells


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("keep", "improved"),
        ("Kept", "improved"),
        ("TRUE", "improved"),
        ("yes", "improved"),
        ("discard", "no gain"),
        ("no_gain", "no gain"),
        ("False", "no gain"),
        ("revert", "no gain"),
        ("regressed", "worse"),
        ("crash", "invalid"),
        ("FAILED", "invalid"),
        ("infra_retry", "invalid"),
        ("inconclusive", "inconclusive"),
        ("todo", None),
        ("", None),
    ],
)
def test_a_status_is_read_whatever_it_is_called(text: str, verdict: str | None) -> None:
    assert cells.standing(text) == verdict


def test_a_status_that_nobody_knows_is_refused_with_the_words_that_are_known() -> None:
    with pytest.raises(Mistake, match="'hmm' is no outcome; write keep, discard"):
        cells.standing("hmm")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-08", "2026-01-08T00:00:00.000Z"),
        ("2026-3-19 17:55:21", "2026-03-19T17:55:21.000Z"),
        ("2026-03-19T17:55:21.865584+02:00", "2026-03-19T15:55:21.865Z"),
        ("2026/03/19", "2026-03-19T00:00:00.000Z"),
        ("1795258692", "2026-11-21T10:58:12.000Z"),
        ("1795258692270", "2026-11-21T10:58:12.270Z"),
        ("", None),
    ],
)
def test_a_time_is_read_in_the_ways_that_logs_write_it(text: str, at: str | None) -> None:
    assert cells.moment(text) == at


@pytest.mark.parametrize("text", ["yesterday", "12", "2026-13-01", "1e300"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="is no time"):
        cells.moment(text)


@pytest.mark.parametrize(
    ("text", "unit", "hours"),
    [("1800", 1 / 3600, 0.5), ("2h", 1 / 3600, 2), ("1:30:00", 1, 1.5), ("30:00", 1, 0.5), ("n/a", 1, None)],
)
def test_a_duration_is_read_with_or_without_its_unit(text: str, unit: float, hours: float | None) -> None:
    assert cells.hours_of(text, unit) == hours


def test_nan_and_blanks_are_no_numbers_and_no_zeros() -> None:
    assert [cells.number(text) for text in ("nan", "inf", "", "n/a")] == [None] * 4
    assert cells.number("1,234.5") == 1234.5
    with pytest.raises(Mistake, match="'12abc' is no number"):
        cells.number("12abc")
