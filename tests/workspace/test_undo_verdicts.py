"""What a verdict did to the scores, and a correction of it, taken back after all."""

from __future__ import annotations

import pytest

from planner.domain.mistake import NothingToDo
from planner.rules.learning.calibrate import calibrate
from planner.workspace.records import calibrate_now
from planner.workspace.workspace import Workspace
from tests.rules.scoring_facts import outcome
from tests.workspace.corrected import learned, scores
from tests.workspace.undo_steps import (
    VERBS,
    again,
    full_run,
    land,
    now,
    to_verdict,
)


def test_undo_after_a_verdict_says_what_it_took_back_and_how_the_verdict_is(busy: Workspace) -> None:
    busy.ideas.edit(2, title="cut mix")
    busy.queue.dispatch([2])
    to_verdict(busy)
    done = busy.history.undo()
    assert done.says == ("edit #2 “cutmix”: title “cutmix” → “cut mix”",)
    assert done.stays[0] == (
        "the verdict on #2 “cutmix” stays: improved; "
        "`planner overrule 2 invalid` takes back what it did to the scores"
    )
    assert len(now(busy).outcomes) == 2


def test_an_idea_that_has_been_tried_is_not_taken_away(busy: Workspace) -> None:
    busy.undo(4)  # parking it, and the three that were never tried
    with pytest.raises(NothingToDo, match="nothing to undo; the verdict on #1 “mixup” stays: improved"):
        busy.undo()
    assert list(now(busy).ideas) == [1]


@pytest.mark.parametrize("verdict", ["improved", "no gain", "worse", "inconclusive"])
def test_what_a_verdict_did_to_the_scores_is_taken_back_bit_for_bit_and_that_is_undone(
    verdict: str, busy: Workspace
) -> None:
    before, score = now(busy), scores(busy)
    land(busy, outcome(2, verdict, q=0.6))  # type: ignore[arg-type]  # one of the verdicts
    after = now(busy)
    assert scores(busy) != score
    busy.ideas.estimate(3, likelihood="30%")
    busy.undo()
    busy.corrections.overrule(2, "invalid", "the validation split leaked")
    assert scores(busy) == score
    assert learned(now(busy).calibration) == learned(before.calibration)
    busy.undo()
    assert now(busy) == after
    busy.redo()
    assert scores(busy) == score
    busy.corrections.overrule_back(2)
    assert learned(now(busy).calibration) == learned(after.calibration)
    assert now(busy).outcomes == after.outcomes


def test_what_runs_taught_beside_goes_with_their_verdict(busy: Workspace) -> None:
    busy.ideas.estimate(3, impact="2%", likelihood="30%")
    score = scores(busy)
    busy.queue.dispatch([2])
    to_verdict(busy, lift=-0.02)
    assert scores(busy)[3] != score[3]
    busy.corrections.overrule(2, "invalid", "the validation split leaked")
    assert scores(busy) == score
    busy.corrections.overrule_back(2)
    assert scores(busy)[3] != score[3]


def test_an_invalid_verdict_moved_no_score_and_another_one_is_said_over_it(busy: Workspace) -> None:
    score = scores(busy)
    busy.ideas.keep(3)
    land(busy, outcome(2, "invalid", reason="a bug"))
    assert scores(busy) == score
    done = busy.history.undo()
    assert done.says == ("keep #3 “label smoothing”",)
    assert done.stays == (
        "the verdict on #2 “cutmix” stays: invalid, which moves no score; "
        "`planner overrule 2 VERDICT` says another",
    )
    before = now(busy)
    busy.corrections.overrule(2, "worse", "it was no bug")
    busy.undo()
    assert now(busy) == before


CORRECTIONS = {name: VERBS[name] for name in ("overrule", "decline", "give up", "strike", "spent")}


@pytest.mark.parametrize("verb", CORRECTIONS)
def test_a_correction_is_undone_after_a_later_outcome_and_all_is_learned_anew(
    verb: str, busy: Workspace
) -> None:
    do, says = CORRECTIONS[verb]
    expected = says.format(run=full_run(busy))
    before = now(busy)
    do(busy)
    land(busy, outcome(2, "no gain", q=0.1))
    after = now(busy)
    done = busy.history.undo()
    assert done.says == (expected,)
    assert len(done.stays) == 1
    undone = now(busy)
    assert undone.outcomes[: len(before.outcomes)] == before.outcomes
    assert undone.ideas == before.ideas
    fresh = calibrate(undone, busy.settings, at="", because="")
    assert learned(undone.calibration) == learned(fresh)
    assert undone.calibration.because.startswith(f"undo: {expected}")
    again(busy).redo()
    redone = now(busy)
    assert (redone.outcomes, redone.ideas) == (after.outcomes, after.ideas)
    assert learned(redone.calibration) == learned(after.calibration)


def test_an_older_calibration_that_was_asked_for_is_passed_over(busy: Workspace) -> None:
    busy.ideas.estimate(3, likelihood="30%")
    calibrate_now(busy.project)
    land(busy, outcome(2, "no gain", q=0.1))
    calibration = now(busy).calibration
    done = busy.history.undo()
    assert done.says == ("estimate #3 “label smoothing”: likelihood 30%",)
    assert "stays: calibrate anew: 2 scores moved (more has been learned since)" in done.stays
    assert now(busy).calibration == calibration
