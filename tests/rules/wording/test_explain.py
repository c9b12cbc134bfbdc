"""Why an idea stands where it stands, as people read it."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given

from planner.domain.calibration import Usual
from planner.domain.idea import Change
from planner.domain.ledger import Ledger
from planner.domain.settings import ScoreSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import score
from planner.rules.scoring.tipping import chance_at, hours_at
from planner.rules.wording.explain import why
from tests.rules.scoring_facts import (
    SETTINGS,
    calibrated,
    idea,
    landed,
    ledger,
    outcome,
    said,
    some_ledger,
    tried,
)

BEST, GOOD, POOR = (
    idea(1, "best", said(hours=1, likelihood=0.6, gain=4, complexity=1)),
    idea(2, "good", said(hours=1, likelihood=0.58, gain=4, complexity=1)),
    idea(3, "poor", said(hours=9, likelihood=0.1, gain=1, complexity=3)),
)


OPINIONS = (("ana", 1.0, 0.6, 4.0), ("bo", 3.0, 0.2, 1.0), ("cleo", 2.0, 0.5, 2.0))


def panel(made: Ledger, number: int, reader: str = "", settings: Settings = SETTINGS) -> tuple[str, ...]:
    ranked = rank(made, settings)
    row = next(row for row in ranked if row.idea.id == number)
    return why(row, ranked, made.calibration, reader=reader)


@tried
@given(some_ledger())
def test_every_idea_has_five_lines_and_one_for_each_factor_that_several_people_spoke_of(made: Ledger) -> None:
    for row in rank(made, SETTINGS):
        score, lines = row.score, panel(made, row.idea.id)
        several = [len(factor.people) > 1 for factor in (score.chance, score.gain, score.hours)]
        assert len(lines) == 5 + sum(several)
        assert all(line.startswith(" people  ") and len(line) <= 80 for line in lines[5:])


def test_the_neighbours_are_named_and_those_too_close_to_tell_apart_marked() -> None:
    made = ledger([BEST, GOOD, POOR])
    assert "(next: good " in panel(made, 1)[0]
    header = panel(made, 2)[0]
    assert header.startswith("rank 2  good  ")
    assert "above: best " in header
    assert ", ≈ · next: poor " in header
    assert "≈" not in panel(made, 3)[0]


def test_a_change_that_is_not_written_yet_is_shown_among_its_new_neighbours() -> None:
    made = ledger([BEST, GOOD, POOR])
    ranked = rank(made, SETTINGS)
    header = why(replace(ranked[2], rank=2), ranked, made.calibration)[0]
    assert header.startswith("rank 2  poor")
    assert "(above: best " in header
    assert "next: good " in header


def test_text_from_people_is_shown_as_they_typed_it() -> None:
    title = "[/bold] <b>&amp; \x1b[31m"
    assert title in panel(ledger([replace(BEST, title=title)]), 1)[0]


def test_the_reader_is_spoken_to_and_others_by_name() -> None:
    made = ledger([BEST])
    assert "you said 60 % · you usually say" in panel(made, 1, reader="ana")[1]
    assert "ana said 60 % · ana usually says" in panel(made, 1, reader="bo")[1]
    assert "ana said 4.0 · ana's usual is" in panel(made, 1, reader="bo")[2]


def test_several_people_speak_with_one_median() -> None:
    both = replace(BEST, estimates={**BEST.estimates, "bo": said("bo", hours=3, likelihood=0.2, gain=1)})
    lines = panel(ledger([both]), 1)
    assert "2 people said 40 % · they usually say" in lines[1]
    assert "2 people said 2.5 · their usual is" in lines[2]


def test_each_of_several_people_is_shown_beside_the_pooled_number() -> None:
    both = replace(BEST, estimates={**BEST.estimates, "bo": said("bo", hours=3, likelihood=0.2, gain=1)})
    made = ledger([both])
    usual = {"ana": Usual(chance=-0.12, gain=1.0), "bo": Usual(chance=-0.85, gain=0.5)}
    chance, gain, hours = panel(replace(made, calibration=replace(made.calibration, usual=usual)), 1)[5:]
    assert chance == " people  chance   ana 60 % (usually 47 %) · bo 20 % (usually 30 %) → pooled 15 %"
    assert gain == " people  gain     ana 4.0 (usually 2.7) · bo 1.0 (usually 1.6) → pooled 1.9 MEI"
    assert hours == " people  hours    ana 1.0 (takes ×1.15) · bo 3.0 (takes ×1.15) → pooled 2.4"


def test_the_median_of_the_people_is_what_the_score_uses() -> None:
    three = [said(who, hours=hours, likelihood=odds, gain=gain) for who, hours, odds, gain in OPINIONS]
    found = score(idea(1, "", *three), ledger([]).calibration, SETTINGS)
    for factor in (found.chance, found.gain):
        assert sorted(one.centred for one in factor.people)[1] == factor.centred
    middle = sorted(one.centred for one in found.hours.people)[1]
    assert exp(middle + 0.6**2 / 2) == pytest.approx(found.hours.implement_total)


def test_many_people_still_fit_a_line() -> None:
    crowd = [said(f"a person of long name {place}", likelihood=0.1 * place) for place in range(1, 9)]
    (line,) = panel(ledger([idea(1, "", *crowd)]), 1)[5:]
    assert len(line) <= 80
    assert "more → pooled" in line


def test_hours_that_are_done_have_no_line_of_people() -> None:
    done = idea(1, "", said(hours=1), said("bo", hours=2), change=Change(implemented=True))
    assert len(panel(ledger([done]), 1)) == 5


def test_a_range_is_shown_as_it_was_said() -> None:
    ranges = {"hours": (2.0, 5.0), "likelihood": (0.1, 0.3), "impact": (0.2, 0.8)}
    one = idea(1, "", said(hours=10**0.5, likelihood=0.18, gain=2, ranges=ranges))
    lines = panel(ledger([one]), 1)
    assert "you said 10–30 % · " in lines[1]
    assert "you said 1.0–4.0 · " in lines[2]
    assert "you said 2.0–5.0, record" in lines[3]


def test_what_nobody_said_is_shown_as_the_planners() -> None:
    lines = panel(ledger([idea(1)]), 1)
    assert all("nobody said" in line for line in lines[1:4])


def test_a_learned_factor_says_on_how_much_it_rests() -> None:
    made = landed(
        calibrated(ledger([BEST, GOOD, POOR])), outcome(1, "improved", q=0.95, hours=3.0, kept=True)
    )
    lines = panel(made, 2)
    assert "base rate 28 % (from 1 outcome)" in lines[1]
    assert "an average win is" in lines[2]
    assert "(from 1)" in lines[2]
    assert "from 1 task, not enough yet" in lines[3]


def test_a_record_of_six_tasks_is_enough() -> None:
    made = ledger([BEST])
    known = replace(made, calibration=replace(made.calibration, person_tasks={"ana": 6}))
    assert "from 6 tasks" in panel(known, 1)[3]
    assert "not enough" not in panel(known, 1)[3]


def test_the_nearest_finished_relatives_are_named_with_their_verdicts() -> None:
    first = calibrated(ledger([replace(BEST, category="loss"), replace(GOOD, category="loss"), POOR]))
    made = landed(first, outcome(1, "improved", q=0.95, kept=True))
    lines = panel(made, 2)
    assert "relatives ×1.08 (best: improved)" in lines[1]
    assert "kept relatives take 12 %" in lines[2]


def test_an_idea_that_can_run_has_nothing_to_implement() -> None:
    assert (
        "implement 0 (done) + runs" in panel(ledger([replace(BEST, change=Change(implemented=True))]), 1)[3]
    )


def test_hours_already_spent_are_shown() -> None:
    assert "0.50 of 1.5 spent" in panel(ledger([replace(BEST, spent_hours=0.5)]), 1)[3]


def test_an_idea_alone_can_not_be_moved() -> None:
    assert panel(ledger([BEST]), 1)[4].endswith("nothing, it stands alone")


def test_a_finished_idea_says_what_became_of_it() -> None:
    made = landed(calibrated(ledger([BEST, GOOD])), outcome(1, "no gain", q=0.05))
    lines = panel(made, 1)
    assert lines[0].startswith("no gain  best")
    assert lines[4].endswith("nothing, it is settled: no gain")


def test_a_finished_idea_has_what_it_gained_where_others_have_a_score() -> None:
    made = landed(calibrated(ledger([BEST, GOOD])), outcome(1, "improved", q=0.95, gain=2.13))
    assert panel(made, 1)[0] == "improved  best        gained 2.1 MEI"
    assert "MEI per 100 h" in panel(made, 2)[0]


def test_when_runs_are_scarce_the_panel_says_that_hours_do_not_count() -> None:
    lines = panel(
        ledger([BEST, POOR]), 2 + 1, settings=replace(SETTINGS, score=ScoreSettings(bottleneck="runs"))
    )
    assert " MEI per 100 h" not in lines[0]
    assert "not counted: runs are scarce" in lines[3]
    assert "hours" not in lines[4]


# -- what would change it -----------------------------------------------------------------------


def rows(made: Ledger) -> tuple[RankedIdea, ...]:
    return rank(made, SETTINGS)


def test_the_chance_that_would_change_the_rank_does() -> None:
    first, second, _ = rows(ledger([BEST, GOOD, POOR]))
    tip = chance_at(first.score, second.score.value)
    assert tip is not None
    hours = first.score.hours
    growing = hours.runs + hours.tax
    assert tip < first.score.chance.used
    seeds = (1.6 + 3.4 * tip) / (1.6 + 3.4 * first.score.chance.used)
    moved = hours.used - growing + hours.runs * seeds + hours.tax * tip / first.score.chance.used
    assert tip * first.score.gain.used / moved == pytest.approx(second.score.value)


def test_the_hours_that_would_change_the_rank_do() -> None:
    first, second, _ = rows(ledger([BEST, GOOD, POOR]))
    tip = hours_at(first.score, second.score.value)
    assert tip is not None
    assert first.score.chance.used * first.score.gain.used / tip == pytest.approx(second.score.value)


def test_no_chance_is_named_where_none_would_do() -> None:
    poor = score(POOR, ledger([]).calibration, SETTINGS)
    assert chance_at(poor, 100.0) is None
    assert hours_at(poor, 100.0) is None


def test_an_idea_that_only_a_larger_gain_would_move_says_so() -> None:
    best = replace(BEST, change=Change(implemented=True), estimates={"ana": said(likelihood=0.9, gain=50)})
    assert panel(ledger([best, replace(POOR, spent_hours=99)]), 3)[4].endswith("only a larger gain")
