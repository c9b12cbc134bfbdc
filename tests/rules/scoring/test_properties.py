"""What must hold of every score and calibration, whatever people say and whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.rules.defaults import BASE_FAILURES, BASE_WINS, HALF_LIFE, SLOPES
from planner.rules.learning.calibrate import calibrate
from planner.rules.scoring.leaning import leaning
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import Scorer, score
from planner.rules.wording.explain import why
from tests.rules.programmes import Programme, nobodys_runs, some_programme
from tests.rules.scoring_facts import SETTINGS, TUESDAY, idea, outcome, said

tried = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
hardly = settings(tried, max_examples=15)
"""For properties that walk a whole programme, outcome by outcome."""

Key = TypeVar("Key")
Value = TypeVar("Value")
LOWERS = "a higher chance lowers it"
RAISES = "a higher chance still raises it"


def learned(made: Ledger) -> Calibration:
    """What the whole ledger teaches, at a fixed time and number."""
    calibration = calibrate(made, SETTINGS, at=TUESDAY, because="")
    return replace(calibration, number=0)


def values(made: Ledger) -> dict[int, float]:
    return {number: score(one, made.calibration, SETTINGS).value for number, one in made.ideas.items()}


def with_chance(one: Idea, chance: float) -> Idea:
    """The idea as it would be had the first to speak said this chance."""
    who, estimate = next(iter(one.estimates.items()))
    return replace(one, estimates={**one.estimates, who: replace(estimate, likelihood=chance)})


def chance_line(one: Idea, calibration: Calibration) -> str:
    made = Ledger(ideas={one.id: one}, calibration=calibration)
    ranked = rank(made, SETTINGS)
    return why(ranked[0], ranked, calibration)[1]


# -- the base rate ------------------------------------------------------------------------------

FADED: float = 0.5 ** (1 / HALF_LIFE)
"""What is left of every earlier outcome once another has landed."""


def highest_base_raised_by(q: float) -> float:
    """The base rate above which even a win lowers it: the earlier wins fade more than the new one brings."""
    lost = 1 - FADED
    return (q + lost * BASE_WINS) / (1 + lost * (BASE_WINS + BASE_FAILURES))


@tried
@given(some_programme(), st.floats(0.9, 1.0))
def test_a_win_never_lowers_the_base_rate_while_fewer_than_three_in_four_win(
    programme: Programme, q: float
) -> None:
    made = replace(programme.start, outcomes=programme.outcomes)
    before = learned(made).base
    assume(before < 0.75)
    won = replace(
        made, ideas={**made.ideas, 99: idea(99)}, outcomes=(*made.outcomes, outcome(99, "improved", q=q))
    )
    assert learned(won).base >= before


@tried
@given(st.lists(st.floats(0.9, 1.0), max_size=60), st.floats(0.9, 1.0))
def test_a_less_sure_win_lowers_the_base_rate_only_where_nearly_everything_wins(
    labels: list[float], q: float
) -> None:
    ideas = {number: idea(number) for number in range(len(labels) + 1)}
    won = [outcome(number, "improved", q=label) for number, label in enumerate([*labels, q])]
    before, after = (learned(Ledger(ideas=ideas, outcomes=tuple(each))).base for each in (won[:-1], won))
    assert (after >= before) == (before <= highest_base_raised_by(q)) or after == pytest.approx(before)
    assert highest_base_raised_by(0.9) > 0.775


# -- what people state --------------------------------------------------------------------------


@tried
@given(some_programme(), st.floats(1.0, 100.0), st.randoms(use_true_random=False))
def test_more_hours_from_any_one_person_never_raise_a_score(
    programme: Programme, factor: float, luck: Random
) -> None:
    made = programme.end()
    for one in made.ideas.values():
        spoken = [who for who, each in one.estimates.items() if each.hours is not None]
        if not spoken:
            continue
        who = luck.choice(spoken)
        estimate = one.estimates[who]
        longer = replace(estimate, hours=(estimate.hours or 0.0) * factor)
        slower = replace(one, estimates={**one.estimates, who: longer})
        before, after = (score(each, made.calibration, SETTINGS).value for each in (one, slower))
        assert after <= before * (1 + 1e-12)


@st.composite
def some_calibration(draw: st.DrawFn) -> Calibration:
    """What a programme has taught; now and then with any trust at all, far from what ledgers teach."""
    calibration = draw(some_programme()).end().calibration
    if draw(st.booleans()):
        weights = draw(st.lists(st.floats(0, 1), min_size=len(SLOPES), max_size=len(SLOPES)))
        assume(sum(weights) > 0.1)
        base, spread = draw(st.floats(0.02, 0.8)), draw(st.floats(0.05, 6.0))
        trust = tuple(weight / sum(weights) for weight in weights)
        return replace(calibration, trust=trust, base=base, spread=spread)
    return calibration


SPOKEN = idea(99, "quite other words", said(hours=3, complexity=1, gain=2, likelihood=0.5))


@tried
@given(some_calibration(), st.floats(0.021, 0.979))
def test_a_slightly_higher_stated_chance_moves_the_score_the_way_the_panel_says(
    calibration: Calibration, chance: float
) -> None:
    one = with_chance(SPOKEN, chance)
    found = score(one, calibration, SETTINGS)
    lean = leaning(found.chance, calibration)
    assume(abs(lean) > 1e-6)
    step = 1e-6 * chance * (1 - chance)
    higher = score(with_chance(SPOKEN, chance + step), calibration, SETTINGS)
    assert (higher.value > found.value) == (lean > 0)
    told = chance_line(one, calibration)
    assert (LOWERS in told) == (lean < 0)
    assert (RAISES in told) == (lean > 0 > found.chance.trust)


@tried
@given(some_calibration(), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_a_higher_stated_chance_never_lowers_a_score_unless_trust_is_negative_and_the_panel_says_so(
    calibration: Calibration, one_chance: float, other_chance: float
) -> None:
    low, high = sorted((one_chance, other_chance))
    found = [score(with_chance(SPOKEN, chance), calibration, SETTINGS) for chance in (low, high)]
    if found[1].value >= found[0].value * (1 - 1e-12):
        return
    assert found[0].chance.trust < 0
    steps = (low + (high - low) * step / 200 for step in range(200))
    assert any(LOWERS in chance_line(with_chance(SPOKEN, chance), calibration) for chance in steps)


def contrary() -> Calibration:
    """After thirty ideas of which only those people doubted have won."""
    doubted = [idea(number, "", said(likelihood=0.1)) for number in range(1, 16)]
    praised = [idea(number, "", said(likelihood=0.8)) for number in range(16, 31)]
    made = Ledger(
        ideas={one.id: one for one in (*doubted, *praised)},
        outcomes=(
            *[outcome(one.id, "improved", q=0.98) for one in doubted],
            *[outcome(one.id, "no gain", q=0.02) for one in praised],
        ),
    )
    return calibrate(made, SETTINGS, at=TUESDAY, because="")


def test_odds_that_pointed_the_wrong_way_are_said_to() -> None:
    calibration = contrary()
    told = chance_line(with_chance(SPOKEN, 0.4), calibration)
    assert "stated odds point the wrong way here (trust −0.50), so a higher chance lowers it" in told


def test_far_below_the_usual_a_drought_turns_no_chance_round() -> None:
    """What is left of the contrary slope would: .02 would have a better chance than .03."""
    drought = replace(Calibration(), base=0.05, outcomes=30)
    two, three = (score(with_chance(SPOKEN, chance), drought, SETTINGS) for chance in (0.02, 0.03))
    assert three.chance.trust > 0.6
    assert three.value == two.value
    assert LOWERS not in chance_line(with_chance(SPOKEN, 0.02), drought)


def test_trust_just_below_none_can_still_raise_and_the_panel_says_so() -> None:
    mixed = replace(Calibration(), trust=(0.82, 0, 0, 0, 0, 0, 0.18), outcomes=30)
    told = chance_line(with_chance(SPOKEN, 0.7), mixed)
    assert "trust in what is said −0.05 · yet here a higher chance still raises it" in told


def test_where_nothing_is_said_or_saying_more_changes_nothing_no_direction_is_told() -> None:
    silent = chance_line(idea(99, "quite other words"), contrary())
    certain = chance_line(with_chance(SPOKEN, 1.0), contrary())
    assert LOWERS not in silent
    assert LOWERS not in certain


# -- order and path -----------------------------------------------------------------------------


@tried
@given(some_programme(), st.randoms(use_true_random=False))
def test_the_order_of_ideas_and_of_people_is_irrelevant_to_every_score(
    programme: Programme, luck: Random
) -> None:
    made = programme.end()
    turned = {
        number: replace(one, estimates=shuffled(one.estimates, luck))
        for number, one in shuffled(made.ideas, luck).items()
    }
    again = replace(made, ideas=turned)
    again = replace(again, calibration=replace(learned(again), number=made.calibration.number))
    assert replace(again.calibration, because="", at="") == replace(made.calibration, because="", at="")
    assert values(again) == {number: values(made)[number] for number in turned}


def shuffled(items: dict[Key, Value], luck: Random) -> dict[Key, Value]:
    return dict(luck.sample(list(items.items()), len(items)))


@hardly
@given(some_programme())
def test_calibrating_after_each_outcome_comes_to_the_same_as_calibrating_once(programme: Programme) -> None:
    *_, last = programme.steps()
    assert learned(replace(last, calibration=Calibration())) == replace(
        last.calibration, number=0, because="", at=TUESDAY
    )


# -- between calibrations -------------------------------------------------------------------------


@tried
@given(some_programme(), some_programme(), st.randoms(use_true_random=False))
def test_adding_editing_or_dropping_an_idea_moves_nobodys_score(
    programme: Programme, strangers: Programme, luck: Random
) -> None:
    made = programme.end()
    before, shared = values(made), Scorer(made.calibration, SETTINGS)
    other = luck.choice(list(strangers.start.ideas.values()))
    number = luck.choice([*made.ideas, 99])
    changes: Sequence[Callable[[], dict[int, Idea]]] = (
        lambda: {**made.ideas, 99: replace(other, id=99)},
        lambda: {**made.ideas, number: replace(other, id=number)},
        lambda: {**made.ideas, number: replace(made.ideas.get(number, other), id=number, place="dropped")},
        lambda: {key: one for key, one in made.ideas.items() if key != number},
    )
    changed = luck.choice(changes)()
    after = {key: shared(one).value for key, one in changed.items()}
    untouched = before.keys() & after.keys() - {number}
    assert {key: after[key] for key in untouched} == {key: before[key] for key in untouched}


# -- nobody's evidence --------------------------------------------------------------------------


@tried
@given(some_programme(), st.randoms(use_true_random=False))
def test_runs_that_failed_crashed_were_stopped_or_struck_out_teach_nothing(
    programme: Programme, luck: Random
) -> None:
    made = programme.end()
    assert learned(replace(made, runs=nobodys_runs(made, luck))) == learned(made)


@tried
@given(some_programme(), st.integers(0, 24), st.floats(0.1, 90.0))
def test_a_bug_between_two_outcomes_teaches_nothing(programme: Programme, place: int, hours: float) -> None:
    made = programme.end()
    judged = {each.idea for each in made.outcomes}
    open_ideas = [number for number in made.ideas if number not in judged]
    assume(open_ideas)
    bug = outcome(open_ideas[0], "invalid", hours=hours, run_hours=hours)
    landed = (*made.outcomes[:place], bug, *made.outcomes[place:])
    assert learned(replace(made, outcomes=landed)) == learned(made)
