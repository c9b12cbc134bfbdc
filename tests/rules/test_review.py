"""The weekly review: a small week worked out by hand, and Markdown that nobody's text can bend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Change, Dispatch, Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Overruled, Revision
from planner.domain.review import Review
from planner.domain.score import Chance, Gain, Hours, Score
from planner.domain.settings import RungSettings, Settings
from planner.domain.view import RankedIdea
from planner.rules.learning.calibrate import calibrate
from planner.rules.reviewing.page import review_markdown
from planner.rules.reviewing.review import base_rate_at, review
from planner.rules.reviewing.weeks import week_named, week_of
from planner.rules.scoring.ranking import rank
from planner.rules.wording.display import fit
from planner.rules.wording.markdown import literal
from tests.rules.ledgers import a_ledger, a_run, an_idea, an_outcome, baseline_runs, idea_runs, some_evidence
from tests.rules.scoring_facts import some_ledger, tried

GOAL = Goal(metric="val_accuracy", minimum_effect=0.2, target=78.1)
SETTINGS = Settings(goal=GOAL, rungs={"full": RungSettings(seeds=5)})
WEEK = "2026-W47"  # Monday 16 to Sunday 22 November
BEFORE = "2026-11-13T10:00:00.000Z"
MONDAY = "2026-11-16T00:00:00.000Z"
FRIDAY = "2026-11-20T10:00:00.000Z"
NEXT_MONDAY = "2026-11-23T00:00:00.000Z"
NOW = "2026-11-23T09:00:00.000Z"


def believed(idea: int, *, hours: float, chance: float, planner: float, gain: float) -> Idea:
    """An idea whose one estimate was frozen before it ran."""
    estimate = Estimate(by="ana", at=BEFORE, hours=hours, likelihood=chance)
    frozen = Frozen(
        at=BEFORE,
        estimates={"ana": estimate},
        digest="",
        calibration=1,
        score=0.06,
        chance=planner,
        gain=gain,
        hours=5.0,
        centred_gain=0.0,
        overlap=1.0,
        slow=1.0,
    )
    return an_idea(idea, title=f"idea {idea}", frozen=frozen, dispatch=None, created_at=BEFORE)


def a_score(idea: int, value: float) -> Score:
    """A score of that value, with terms that are plain to see."""
    chance = Chance(
        said=None, usual=0.4, base=0.2, centred=0.0, trust=0.8, stated=0.2, relatives=1.0, used=0.2
    )
    gain = Gain(said=None, usual=3.0, scale=2.0, centred=0.0, overlap=1.0, used=2.0)
    hours = Hours(
        said=None,
        ratio=1.0,
        slow=1.0,
        implement_total=3.0,
        spent=1.0,
        implement=2.0,
        low=1.0,
        high=4.0,
        run_hours=4.0,
        runs=2.0,
        gpu=8.0,
        overhead=1.0,
        complexity=1.0,
        tax=0.5,
        used=5.5,
    )
    return Score(idea=idea, calibration=1, value=value, per_hour=True, chance=chance, gain=gain, hours=hours)


def a_row(idea: int, rank: int | None, value: float) -> RankedIdea:
    """An idea at a place of the ranking."""
    return RankedIdea(idea=an_idea(idea), status="ready", score=a_score(idea, value), rank=rank)


def a_revision(number: int, idea: int, before: float, after: float, at: str = FRIDAY) -> Revision:
    """A score that moved."""
    return Revision(
        id=number,
        at=at,
        idea=idea,
        before=before,
        after=after,
        rank_before=2,
        rank_after=1,
        because="relative won",
        calibration=2,
    )


def small_week() -> Ledger:
    """Idea 1 won before the week; in it idea 2 won, 3 did not, 4 was invalid, and 5 lost the week after."""
    ideas = [
        believed(1, hours=1.0, chance=0.5, planner=0.25, gain=2.0),
        believed(2, hours=2.0, chance=0.5, planner=0.3, gain=2.5),
        believed(3, hours=4.0, chance=0.6, planner=0.2, gain=1.5),
        believed(4, hours=1.0, chance=0.9, planner=0.2, gain=1.5),
        believed(5, hours=1.0, chance=0.1, planner=0.1, gain=1.0),
        an_idea(6, title="forgotten", dispatch=None, created_at="2026-10-26T08:00:00.000Z"),
        an_idea(
            7, title="stuck", dispatch=Dispatch(at=BEFORE, by="bo", halted="run r3 was stopped by a person")
        ),
    ]
    runs = [
        *baseline_runs(ended_at=BEFORE, hours=1.0, energy_wh=100.0),
        *idea_runs([76.4], idea=1, ended_at=BEFORE, hours=2.0),
        *idea_runs([76.6, 76.8], idea=2, ended_at=MONDAY, hours=1.5, energy_wh=150.0),
        *idea_runs([76.0], idea=3, ended_at=FRIDAY, hours=2.5),
        a_run("crashed", 3, seed=1, status="crashed", ended_at=FRIDAY, hours=0.5, energy_wh=200.0),
        a_run("late", 5, value=99.0, ended_at=NEXT_MONDAY, hours=7.0),
    ]
    win, loss = some_evidence(gain=2.5, q=0.95), some_evidence(gain=-0.3, q=0.05)
    outcomes = (
        an_outcome(1, "improved", BEFORE, hours=3.0, evidence=some_evidence(1.5, 0.92), kept=True),
        an_outcome(3, "inconclusive", BEFORE, hours=3.0, evidence=some_evidence(0.5, 0.4)),
        an_outcome(2, "improved", MONDAY, hours=3.0, evidence=win, kept=True, worth=True),
        an_outcome(3, "no gain", FRIDAY, hours=5.0, evidence=loss),
        an_outcome(4, "invalid", FRIDAY, hours=0.5, rung="check", reason="KeyError: 'lr'"),
        an_outcome(5, "improved", NEXT_MONDAY, hours=9.0, evidence=win, kept=True),
    )
    revisions = (
        a_revision(1, 6, 0.050, 0.055),
        a_revision(2, 7, 0.080, 0.060),
        a_revision(3, 6, 0.9, 0.1, at=BEFORE),
    )
    return a_ledger(ideas, runs, outcomes=outcomes, revisions=revisions)


def the_review(ledger: Ledger | None = None, **fields: Any) -> Review:
    """The review of the small week."""
    return review(ledger or small_week(), SETTINGS, **({"week": WEEK, "now": NOW} | fields))


# -- what happened --------------------------------------------------------------------------------


def test_the_week_holds_what_landed_from_monday_to_sunday():
    seen = the_review()
    assert (seen.start, seen.end) == (MONDAY, NEXT_MONDAY)
    assert [(one.idea, one.verdict) for one in seen.tried] == [
        (2, "improved"),
        (3, "no gain"),
        (4, "invalid"),
    ]
    assert seen.verdicts == {"improved": 1, "no gain": 1, "worse": 0, "inconclusive": 0, "invalid": 1}


def test_the_gain_kept_is_shrunk_and_said_in_both_units():
    seen = the_review()
    assert seen.gain_kept == pytest.approx(2.5)
    assert seen.gain_kept_metric == pytest.approx(0.5)
    loss = Settings(goal=Goal(metric="val_loss", direction="min", minimum_effect=0.1))
    assert review(small_week(), loss, week=WEEK, now=NOW).gain_kept_metric == pytest.approx(-0.25)


def test_the_standing_is_the_best_mean_on_the_way_to_the_target():
    standing = the_review().standing
    assert (standing.best, standing.holder) == (pytest.approx(76.7), "idea 2")
    assert standing.first == pytest.approx(76.1)
    assert standing.share == pytest.approx(0.3)
    assert not standing.reached


def test_a_lucky_seed_that_did_not_improve_is_no_progress():
    ledger = small_week()
    lucky = a_run("lucky", 3, seed=2, value=79.0, ended_at=FRIDAY)
    assert the_review(replace(ledger, runs=ledger.runs | {"lucky": lucky})).standing.holder == "idea 2"


def test_the_goal_reached_is_said():
    near = Settings(goal=replace(GOAL, target=76.7 - 1e-9))
    seen = review(small_week(), near, week=WEEK, now=NOW)
    assert seen.standing.reached
    assert "**the goal is reached.**" in review_markdown(seen)


# -- what paid off --------------------------------------------------------------------------------


def test_people_and_gpus_are_counted_apart_and_an_idea_judged_again_adds_only_what_is_new():
    cost = the_review().cost
    assert cost.human_hours == pytest.approx(3.0 + (5.0 - 3.0) + 0.5)
    assert cost.gpu_hours == pytest.approx(1.5 + 1.5 + 2.5 + 0.5)
    assert cost.energy_wh == pytest.approx(150.0 + 150.0 + 200.0)
    assert cost.wins == 1


def test_cost_so_far_counts_the_baseline_too_and_is_divided_among_the_wins():
    so_far = the_review().cost_so_far
    assert so_far.human_hours == pytest.approx(3.0 + 3.0 + 3.0 + 2.0 + 0.5)
    assert so_far.gpu_hours == pytest.approx(5 * 1.0 + 2.0 + 6.0)
    assert so_far.wins == 2
    assert so_far.per_win(so_far.human_hours) == pytest.approx(5.75)


def test_a_week_without_a_win_has_no_cost_per_win():
    seen = the_review(a_ledger([]))
    assert seen.cost.per_win(seen.cost.gpu_hours) is None
    assert seen.cost.energy_wh is None


def test_invalid_ideas_are_no_misses():
    seen = the_review()
    assert (seen.hits.wins, seen.hits.judged, seen.hits.rate) == (1, 2, 0.5)
    assert (seen.hits_so_far.wins, seen.hits_so_far.judged) == (2, 3)


def test_the_base_rate_is_that_of_the_time_not_of_today():
    seen = the_review()
    # Before: idea 1 with q .92 at weight ½^(1/20) = .9659, idea 3 with q .40 at weight 1.
    assert seen.base_before == pytest.approx((1 + 0.9659 * 0.92 + 0.40) / (6 + 1.9659), rel=1e-4)
    # After: 1 at ½^(2/20) = .9330, 2 with .95 at .9659, 3 judged again with .05; idea 4 says nothing.
    assert seen.base == pytest.approx((1 + 0.9330 * 0.92 + 0.9659 * 0.95 + 0.05) / (6 + 2.8989), rel=1e-4)


def test_an_outcome_overruled_later_counts_in_the_base_rate_of_the_time_as_it_stood():
    ledger = small_week()
    overruled = [
        replace(
            one,
            verdict="no gain",
            kept=False,
            overruled=Overruled(
                verdict="improved", reason=one.reason, kept=True, worth=True, by="bo", at=NEXT_MONDAY
            ),
        )
        if (one.idea, one.at) == (2, MONDAY)
        else one
        for one in ledger.outcomes
    ]
    assert the_review(replace(ledger, outcomes=tuple(overruled))).base == the_review().base


def test_the_drought_counts_what_gave_evidence_since_the_last_win():
    seen = the_review()
    assert (seen.drought, seen.after_drought) == (1, 0.32)
    dry = [an_outcome(number, "worse", MONDAY) for number in range(1, 8)]
    assert the_review(a_ledger([], outcomes=tuple(dry))).after_drought == 0.10


def test_what_was_imported_counts_as_it_was_reported():
    log = {"rung": "full", "imported": "runs.csv", "reported_gain": 2.5}
    outcomes = (
        an_outcome(1, "improved", BEFORE, kept=True, **log),
        an_outcome(2, "improved", FRIDAY, kept=True, **log),
        an_outcome(3, "no gain", FRIDAY, **(log | {"reported_gain": None})),
    )
    ideas = [an_idea(number, dispatch=None) for number in (1, 2, 3)]
    seen = the_review(a_ledger(ideas, outcomes=outcomes, baselines=()))
    assert (seen.gain_kept, seen.hits.wins, seen.hits.judged) == (2.5, 1, 2)
    assert (seen.standing.best, seen.cost.gpu_hours, seen.cost.human_hours) == (None, 0, 0)
    # A win without seeds is 90 % sure: (1 + .9·.9330 + .9·.9659 + 0) / (6 + .9330 + .9659 + 1).
    assert seen.base == pytest.approx((1 + 0.9 * 0.9330 + 0.9 * 0.9659) / (6 + 2.8989), rel=1e-4)
    assert "| improved it is (imported from runs.csv) |" in review_markdown(seen)


@tried
@given(ledger=some_ledger(), week=st.sampled_from([WEEK, "2026-W46", "2026-W48", "2020-W53"]))
def test_any_ledger_has_a_review_for_any_week(ledger: Ledger, week: str):
    seen = review(ledger, SETTINGS, week=week, now=NOW, ranked=rank(ledger, SETTINGS))
    later = week_named("2026-W50").start
    assert base_rate_at(ledger, later) == calibrate(ledger, SETTINGS, at=later, because="").base
    assert 0 < seen.base < 1
    assert 0 <= seen.concentration.hours <= 1 + 1e-9
    assert sum(seen.verdicts.values()) == len(seen.tried)
    assert seen.hits.wins <= seen.hits.judged <= len(seen.tried)
    planned = [one.idea for one in seen.plan]
    for place, one in enumerate(seen.plan):
        assert set(one.after) <= set(planned[:place])
    MARKDOWN.render(review_markdown(seen))


def test_an_idea_that_is_known_no_more_is_named_by_its_number():
    seen = the_review(a_ledger([], outcomes=(an_outcome(7, "no gain", FRIDAY, hours=2.0),)))
    assert seen.tried[0].title == "idea 7"
    assert seen.concentration.category == "other"
    assert review_markdown(seen)


# -- how good were the guesses --------------------------------------------------------------------


def test_guesses_stand_beside_what_happened():
    first, second, third = the_review().guesses
    assert (first.said_hours, first.hours, first.said_chance, first.chance, first.q) == (
        2.0,
        3.0,
        0.5,
        0.3,
        0.95,
    )
    assert (first.forecast_gain, first.gain) == (2.5, 2.5)
    assert (second.q, second.gain) == (0.05, None)
    assert (third.said_chance, third.q) == (0.9, None)


def test_an_idea_given_up_counts_as_one_that_did_not_work():
    ideas = [believed(1, hours=1.0, chance=0.7, planner=0.2, gain=1.0)]
    given_up = an_outcome(1, "no gain", FRIDAY, hours=9.0)
    assert the_review(a_ledger(ideas, outcomes=(given_up,))).guesses[0].q == 0.0


def test_only_what_was_frozen_before_the_runs_counts_as_said():
    late = Estimate(by="ana", at=FRIDAY, hours=3.0, likelihood=0.99)
    ledger = small_week()
    idea = replace(ledger.ideas[2], estimates={"ana": late})
    seen = the_review(replace(ledger, ideas=ledger.ideas | {2: idea}))
    assert seen.guesses[0].said_chance == 0.5


def test_hours_are_compared_by_the_median_ratio_so_far():
    ratio = the_review().hours_ratio
    assert ratio is not None
    assert (ratio.median, ratio.tasks) == (pytest.approx((1.25 + 1.5) / 2), 4)


def test_stated_chances_are_compared_with_what_happened_bin_by_bin():
    bins = the_review().chances
    assert [(one.low, one.ideas) for one in bins] == [(0.4, 2), (0.6, 1)]
    assert bins[0].worked == pytest.approx((0.92 + 0.95) / 2)
    assert bins[0].planner == pytest.approx(0.275)
    assert bins[1].said == pytest.approx(0.6)


def test_scores_that_moved_are_told_with_the_largest_change_first():
    assert [(one.idea, one.before) for one in the_review().moved] == [(7, 0.080), (6, 0.050)]


def test_a_score_that_moved_often_is_told_once_with_how_far_it_came():
    there, back = a_revision(1, 6, 0.1, 0.3), replace(a_revision(2, 6, 0.3, 0.2), because="overruled")
    (moved,) = the_review(a_ledger([], revisions=(there, back))).moved
    assert (moved.before, moved.after, moved.times, moved.because) == (0.1, 0.2, 2, "relative won")


def test_a_score_that_came_back_to_where_it_was_has_not_moved():
    there = replace(a_revision(1, 6, 0.1, 0.3), rank_before=1)
    back = replace(a_revision(2, 6, 0.3, 0.1), rank_after=1)
    assert the_review(a_ledger([], revisions=(there, back))).moved == ()


# -- what next ------------------------------------------------------------------------------------


def test_the_plan_is_the_first_five_of_the_ranking():
    rows = [a_row(number, rank, 0.1 / number) for number, rank in [(9, 2), (8, 1), (3, None)]]
    rows += [a_row(number, number, 0.01) for number in range(10, 15)]
    plan = the_review(ranked=rows).plan
    assert [one.idea for one in plan] == [8, 9, 10, 11, 12]
    assert (plan[0].score, plan[0].chance, plan[0].hours, plan[0].gpu_hours) == (0.0125, 0.2, 2.0, 8.0)


def test_ideas_untouched_for_four_weeks_are_stale():
    assert [one.title for one in the_review().stale] == ["forgotten"]
    ledger = small_week()
    for touch in (
        {"estimates": {"bo": Estimate(by="bo", at="2026-10-27T08:00:00.000Z")}},
        {"edited_at": "2026-11-20T08:00:00.000Z"},
        {"timer_since": "2026-10-26T08:00:00.000Z"},
        {"place": "parked"},
    ):
        idea = replace(ledger.ideas[6], **touch)
        assert the_review(replace(ledger, ideas=ledger.ideas | {6: idea})).stale == ()


def test_invalid_ideas_wait_for_repair_until_somebody_edits_them():
    ledger = small_week()
    assert [(one.idea, one.reason) for one in the_review(ledger).repair] == [(4, "KeyError: 'lr'")]
    mended = replace(ledger.ideas[4], edited_at="2026-11-21T08:00:00.000Z", change=Change(params={"lr": 1}))
    assert the_review(replace(ledger, ideas=ledger.ideas | {4: mended})).repair == ()


def test_halted_ideas_are_named_with_their_reason():
    (stuck,) = the_review().halted
    assert (stuck.title, stuck.reason) == ("stuck", "run r3 was stopped by a person")


# -- weeks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-22T23:59:59.999Z", "2026-W47"),
        ("2026-11-23T00:00:00.000Z", "2026-W48"),
        ("2027-01-01T00:00:00.000Z", "2026-W53"),
        ("2025-12-29T00:00:00.000Z", "2026-W01"),
        ("2026-11-23T01:00:00.000+02:00", "2026-W47"),
    ],
)
def test_weeks_are_iso_weeks_in_utc(moment, week):
    assert week_of(moment) == week


@given(moment=st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z"))
def test_every_moment_lies_in_the_week_it_names(moment):
    if moment < "9999-12-20":
        assert week_named(week_of(moment)).holds(moment)


@pytest.mark.parametrize(
    "name", ["2026-W54", "2026-W00", "2025-W53", "0000-W10", "9999-W52", "last", "2026-47"]
)
def test_a_week_that_is_none_is_a_mistake_that_shows_one(name):
    with pytest.raises(Mistake, match="such as 2026-W47"):
        the_review(week=name)


# -- Markdown -------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


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
