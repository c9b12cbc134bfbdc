"""The rung `small`: one simplified seed beside the baseline's, which ends only what is clearly worse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.idea import Dispatch
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging import transfer
from planner.rules.judging.ladder import next_step
from planner.rules.judging.small import CLEARLY_WORSE, steps
from planner.rules.judging.steps import Halt, Settle, Start, Step, Wait
from planner.rules.judging.striking import sides, struck_anew
from planner.rules.learning.settled import soft_label
from tests.rules.ledgers import (
    ASKED,
    LATER,
    NOW,
    SETTINGS,
    WRITTEN,
    a_check,
    a_ledger,
    a_run,
    an_idea,
    an_outcome,
    baseline_runs,
    idea_runs,
    some_evidence,
    with_runs,
)

BEFORE = "2026-11-01T12:00:00.000Z"
SMALL = RungSettings(params={"epochs": 2, "width": 8}, fraction=0.5)
ONE = replace(SETTINGS, rungs={**SETTINGS.rungs, "small": SMALL})
UNDONE = replace(ONE, rungs={**ONE.rungs, "small": replace(SMALL, undo=("fraction", "width", "epochs"))})
IDEA = an_idea(1)
CHECKED = (a_check(),)


def a_small(name: str, idea: int | None = 1, simpler: RungSettings = SMALL, **fields: Any) -> Run:
    """A finished run of the rung with its simplifications as its record has them."""
    here = {"rung": "small", "rung_params": simpler.params, "fraction": simpler.fraction}
    return a_run(name, idea, **(here | {"hours": 0.2, "ended_at": LATER} | fields))


def step(*runs: Run, settings: Settings = ONE, idea: Any = IDEA, **fields: Any) -> Step:
    return next_step(idea, a_ledger([idea], [*CHECKED, *runs], **fields), settings, now=NOW)


def ended(*runs: Run, settings: Settings = ONE, **fields: Any) -> Outcome:
    found = step(*runs, settings=settings, **fields)
    assert isinstance(found, Settle), found
    return found.outcome


# -- when it is in force, and in which order --------------------------------------------------------


def test_a_rung_that_simplifies_nothing_is_no_rung() -> None:
    assert steps(SETTINGS) == []
    nothing = replace(SETTINGS, rungs={**SETTINGS.rungs, "small": RungSettings(fraction=1.0)})
    assert step(settings=nothing) == Start(None, "full", 0)


def test_the_baseline_runs_once_and_the_idea_beside_it() -> None:
    assert step() == Start(None, "small", 0)
    assert step(a_small("b", None, status="queued")) == Start(1, "small", 0)
    assert step(a_small("b", None, value=70.0)) == Start(1, "small", 0)
    waits = step(a_small("b", None, status="running"), a_small("i", value=70.0))
    assert waits == Wait("waits for run b of the baseline (small, seed 0)")


def test_every_idea_is_compared_with_the_same_run_of_the_baseline() -> None:
    other = an_idea(2)
    ledger = a_ledger([IDEA, other], [*CHECKED, a_check("c2", 2), a_small("b", None, value=70.0)])
    assert next_step(other, ledger, ONE, now=NOW) == Start(2, "small", 0)


def test_a_new_baseline_runs_anew() -> None:
    versions = (
        Baseline(version=1, params={"lr": 0.1}, at=WRITTEN),
        Baseline(version=2, params={"lr": 0.2}, at=WRITTEN),
    )
    assert step(a_small("b", None, value=70.0), baselines=versions) == Start(None, "small", 0)


def test_an_idea_that_is_not_clearly_worse_goes_on_to_full() -> None:
    for value in (69.0, 70.0, 75.0):
        assert step(a_small("b", None, value=70.0), a_small("i", value=value)) == Start(None, "full", 0)


def test_no_step_leads_down_again() -> None:
    runs = (a_small("b", None, value=70.0), *baseline_runs(), a_run("f", 1, status="crashed"))
    assert step(*runs) == Start(1, "full", 0, retry_of="f")


def test_what_was_dispatched_under_an_older_ladder_goes_on_where_it_was() -> None:
    assert step(*baseline_runs(), *idea_runs([76.55])) == Start(1, "full", 1)


# -- what ends an idea, and what does not -----------------------------------------------------------


def test_an_idea_that_is_clearly_worse_ends_here_and_the_sentence_says_how_little_was_run() -> None:
    outcome = ended(a_small("b", None, value=70.0), a_small("i", value=60.0))
    assert (outcome.verdict, outcome.rung, outcome.kept) == ("worse", "small", False)
    assert outcome.reason == (
        "worse: -50.0 MEI (val_accuracy -10.00) on one simplified seed (epochs = 2, width = 8, 0.5 of the "
        "data), clearly behind the baseline; chance that it gains anything in full under 1 %"
    )
    assert outcome.evidence is not None
    assert [(pair.idea, pair.baseline) for pair in outcome.evidence.pairs] == [(60.0, 70.0)]
    assert soft_label(outcome) == outcome.evidence.q <= CLEARLY_WORSE


def test_a_metric_to_minimise_turns_it_round() -> None:
    goal = replace(SETTINGS.goal, direction="min")
    falling = replace(ONE, goal=goal)
    better = (a_small("b", None, value=70.0), a_small("i", value=60.0))
    assert step(*better, settings=falling) == Start(None, "full", 0)
    assert ended(a_small("b", None, value=60.0), a_small("i", value=70.0), settings=falling).rung == "small"


def test_a_value_that_is_missing_makes_the_idea_invalid() -> None:
    outcome = ended(a_small("b", None, value=70.0), a_small("i", value=None))
    assert (outcome.verdict, outcome.rung) == ("invalid", "small")
    assert outcome.reason == "val_accuracy was missing or not finite in run i"


def test_a_run_that_failed_makes_the_idea_invalid_by_its_cause() -> None:
    outcome = ended(a_small("b", None, value=70.0), a_small("i", status="failed", cause="no such file"))
    assert (outcome.verdict, outcome.rung, outcome.reason) == ("invalid", "small", "no such file")


def test_a_crash_is_repeated_once_on_the_same_step() -> None:
    whole = replace(SMALL, fraction=None)
    runs = (a_small("b", None, value=70.0), a_small("i", value=69.0), a_small("b1", None, whole, value=70.0))
    crash = a_small("i1", 1, whole, step=1, status="crashed")
    assert step(*runs, crash, settings=UNDONE) == Start(1, "small", 0, retry_of="i1", step=1)


def test_a_baseline_that_fails_here_halts_the_idea() -> None:
    found = step(a_small("b", None, status="failed", cause="no such file"))
    assert found == Halt("baseline run b failed: no such file")


# -- simplifications undone one after another -------------------------------------------------------


def test_the_steps_undo_one_simplification_after_another_short_of_full() -> None:
    assert [(one.params, one.fraction) for one in steps(UNDONE)] == [
        ({"epochs": 2, "width": 8}, 0.5),
        ({"epochs": 2, "width": 8}, None),
        ({"epochs": 2}, None),
    ]


def test_each_step_has_its_own_pair() -> None:
    runs = [a_small("b", None, value=70.0), a_small("i", value=69.0)]
    for number, simpler in enumerate(steps(UNDONE)[1:], start=1):
        assert step(*runs, settings=UNDONE) == Start(None, "small", 0, step=number)
        runs.append(a_small(f"b{number}", None, simpler, step=number, value=70.0))
        assert step(*runs, settings=UNDONE) == Start(1, "small", 0, step=number)
        runs.append(a_small(f"i{number}", 1, simpler, step=number, value=69.0))
    assert step(*runs, settings=UNDONE) == Start(None, "full", 0)


def test_runs_under_other_simplifications_are_no_pair() -> None:
    other = replace(SMALL, params={"epochs": 3, "width": 8})
    assert step(a_small("b", None, other, value=70.0)) == Start(None, "small", 0)
    assert step(a_small("b", None, value=70.0), a_small("i", 1, other, value=9.0)) == Start(1, "small", 0)


# -- dispatched again, struck out -------------------------------------------------------------------


def test_an_idea_that_it_has_ended_goes_past_it_when_it_is_dispatched_again() -> None:
    old = (a_small("b", None, value=70.0), a_small("i", value=60.0, queued_at=BEFORE))
    ruled = an_outcome(1, "worse", BEFORE, rung="small", evidence=some_evidence(-50.0, 0.001))
    assert step(*old, outcomes=(ruled,)) == Start(None, "full", 0)
    edited = replace(IDEA, edited_at=LATER, change=replace(IDEA.change, params={"idea": 7}))
    assert step(*old, outcomes=(ruled,), idea=edited) == Start(1, "small", 0)


def test_an_idea_with_seeds_in_full_never_goes_back_to_it() -> None:
    old = idea_runs([76.3], queued_at=BEFORE)
    assert step(*old) == Start(None, "full", 0)


def test_an_older_run_of_the_same_thing_is_not_repeated() -> None:
    old = (a_small("b", None, value=70.0), a_small("i", value=69.0, queued_at=BEFORE))
    assert step(*old) == Start(None, "full", 0)
    anyway = an_idea(1, dispatch=Dispatch(at=ASKED, by="ana", anyway="it ran before"))
    assert step(*old, idea=anyway) == Start(1, "small", 0)


@pytest.mark.parametrize("mark", [{"struck": "broken"}, {"replay_of": "r1"}, {"config": 0}])
def test_what_is_nobodys_evidence_counts_for_nothing_here(mark: dict[str, Any]) -> None:
    theirs = a_small("b", None, value=70.0)
    assert step(theirs, a_small("i", value=60.0, **mark)) == Start(1, "small", 0)
    assert step(a_small("b", None, value=70.0, **mark), a_small("i", value=60.0)) == Start(None, "small", 0)


def struck(name: str, ledger: Ledger) -> Run:
    return replace(ledger.runs[name], struck="the disk was full")


@pytest.mark.parametrize("name", ["b", "i"])
def test_striking_either_run_withdraws_the_outcome_and_back_restores_it(name: str) -> None:
    pair = [a_small("b", None, value=70.0), a_small("i", value=60.0)]
    outcome = ended(*pair)
    ledger = a_ledger([IDEA], [*CHECKED, *pair], outcomes=(outcome,))
    assert sides(outcome, ledger) == ({0: 60.0}, {0: 70.0})
    out = with_runs(ledger, struck(name, ledger))
    (gone,) = struck_anew({1: outcome}, out.runs[name], out, ONE).values()
    assert (gone.withdrawn, gone.evidence) == (True, None)
    (back,) = struck_anew({1: gone}, ledger.runs[name], ledger, ONE).values()
    assert back == outcome


def test_a_full_run_struck_out_leaves_an_outcome_of_small_alone() -> None:
    pair = [a_small("b", None, value=70.0), a_small("i", value=60.0)]
    outcome = ended(*pair)
    full = a_run("f", None, value=76.0, ended_at=LATER, struck="broken")
    ledger = a_ledger([IDEA], [*CHECKED, *pair, full], outcomes=(outcome,))
    assert struck_anew({1: outcome}, full, ledger, ONE) == {}


# -- how far it may be trusted ----------------------------------------------------------------------


def both_rungs(effects: dict[int, tuple[float, float]]) -> Ledger:
    """Ideas by their effects on the two rungs, in MEI."""
    runs = [*baseline_runs([76.0] * 5), a_small("b", None, value=70.0)]
    for idea, (simplified, in_full) in effects.items():
        runs += idea_runs([76.0 + 0.2 * in_full], idea=idea)
        runs.append(a_small(f"s{idea}", idea, value=70.0 + 0.2 * simplified))
    return a_ledger([an_idea(number) for number in effects], runs)


def taught(effects: list[tuple[float, float]]) -> transfer.Transfer:
    ledger = both_rungs(dict(enumerate(effects, start=1)))
    return transfer.learned(ledger, ONE.goal, SMALL)


def test_how_the_two_effects_go_together_is_learned_from_ideas_that_ran_both() -> None:
    usual = transfer.Transfer(1.0, transfer.USUAL_DISTANCE)
    assert transfer.learned(a_ledger([]), ONE.goal, SMALL) == usual
    near = taught([(1.0, 1.0)] * 8)
    assert near == pytest.approx((1.0, transfer.USUAL_DISTANCE * (4 / 12) ** 0.5))
    half = taught([(10.0, 5.0), (-10.0, -5.0)])
    assert half.share == pytest.approx((50 + 100) / (50 + 200))
    assert half.apart == pytest.approx(((4 * 9 + 2) / 6) ** 0.5)
    other = replace(SMALL, fraction=0.1)
    assert transfer.learned(both_rungs({1: (10.0, 5.0)}), ONE.goal, other) == usual


def test_effects_that_turn_round_leave_no_share_and_a_wide_error() -> None:
    misled = taught([(-10.0, 5.0)] * 4)
    assert misled.share == 0.0
    assert misled.apart == pytest.approx(((4 * 9 + 4 * 25) / 8) ** 0.5)


def test_the_sentence_says_what_part_is_usually_left() -> None:
    ledger = both_rungs({number: (sign * 10.0, sign * 5.0) for number, sign in ((1, 1), (2, -1))})
    idea = an_idea(9)
    pair = [a_check("c9", 9), a_small("i9", 9, value=64.0)]
    found = next_step(idea, with_runs(replace(ledger, ideas={9: idea}), *pair), ONE, now=NOW)
    assert isinstance(found, Settle)
    assert "-30.0 MEI (val_accuracy -6.00) on one simplified seed" in found.outcome.reason
    assert "of which 60 % are usually left in full; chance" in found.outcome.reason
    assert found.outcome.evidence is not None
    assert found.outcome.evidence.effect == pytest.approx(-18.0)


def test_where_small_has_misled_it_ends_less() -> None:
    pair = [a_small("i9", 9, value=66.0), a_check("c9", 9)]
    idea = an_idea(9)

    def next_of(ledger: Ledger) -> Step:
        return next_step(idea, with_runs(replace(ledger, ideas={9: idea}), *pair), ONE, now=NOW)

    assert isinstance(next_of(both_rungs({1: (0.0, 0.0), 2: (1.0, 1.0)})), Settle)
    misled = both_rungs(dict.fromkeys(range(1, 6), (-20.0, 2.0)))
    assert next_of(misled) == Start(9, "full", 0)
