"""The hours of the work: the timer, what is typed, and what an outcome learns of them late."""

from dataclasses import replace

import pytest

from planner.domain.calibration import Calibration
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.rules.reviewing.attention import forgotten
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.projects import Clock, workspace


def wait(work: Workspace, **how_long: float) -> None:
    clock = work.project.now
    assert isinstance(clock, Clock)
    clock.advance(**how_long)


def settle(work: Workspace, idea: int, *, hours: float | None = None) -> None:
    """Let an idea come to an outcome, and the calibration follow it."""
    with work.project.store.transaction("settle", by="dispatcher") as tables:
        at = work.project.now()
        tables.put(
            Outcome(idea=idea, at=at, verdict="no gain", reason="", rung="full", baseline=1, hours=hours)
        )
        learn(tables, work.settings, at=at, because="a verdict", outcome_of=idea)


def outcome(work: Workspace, idea: int = 1) -> Outcome:
    return next(one for one in work.view().ledger.outcomes if one.idea == idea)


def calibration(work: Workspace) -> Calibration:
    return work.view().ledger.calibration


# -- forgotten timers ---------------------------------------------------------------------------


def test_a_timer_left_over_night_is_named_with_what_to_type(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=27)
    (found,) = forgotten(work.view().ledger, now=work.project.now())
    assert found.reason == (
        "the timer of “mixup” has run 27 h: `planner stop 1 --hours 3h` says what the work took"
    )


def test_a_timer_of_a_working_day_is_nothing_to_ask_about(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=9)
    assert forgotten(work.view().ledger, now=work.project.now()) == ()
    assert work.ideas.stop_timer(1).spent_hours == pytest.approx(9, abs=1e-3)


def test_a_forgotten_timer_is_not_added_silently(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=27)
    with pytest.raises(Mistake, match=r"has run 27 h: `planner stop 1 --hours 3h`.*--as-measured"):
        work.ideas.stop_timer(1)
    assert work.view().ledger.ideas[1].timer_since
    assert work.ideas.stop_timer(1, hours="3h").spent_hours == 3


def test_a_forgotten_timer_is_taken_as_measured_when_somebody_says_so(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=27)
    assert work.ideas.stop_timer(1, as_measured=True).spent_hours == pytest.approx(27, abs=1e-3)


def test_parking_keeps_what_the_timer_measured(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=2)
    parked = work.ideas.park(1)
    assert (parked.timer_since, parked.timer_by) == (None, None)
    assert parked.spent_hours == pytest.approx(2, abs=1e-3)


def test_a_clock_that_was_set_back_takes_no_hours_away(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.start_timer(1)
    wait(work, hours=-5)
    assert work.ideas.stop_timer(1).spent_hours == 0


# -- one idea at a time -------------------------------------------------------------------------


def test_a_second_timer_names_the_first(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.add("cutmix")
    work.ideas.start_timer(1)
    wait(work, hours=2)
    with pytest.raises(
        Mistake, match=r"has run 2\.0 h on idea 1 “mixup”: `planner stop 1`.*`planner start 2"
    ):
        work.ideas.start_timer(2)
    assert not work.view().ledger.ideas[2].timer_since


def test_switching_stops_the_first_and_adds_its_hours(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.add("cutmix")
    work.ideas.start_timer(1)
    wait(work, hours=2)
    assert work.ideas.start_timer(2, switch=True).timer_by == "ana"
    first = work.view().ledger.ideas[1]
    assert (first.timer_since, first.spent_hours) == (None, pytest.approx(2, abs=1e-3))
    work.undo()
    assert work.view().ledger.ideas[1].timer_since


def test_switching_from_a_forgotten_timer_asks_about_it_first(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.add("cutmix")
    work.ideas.start_timer(1)
    wait(work, hours=27)
    with pytest.raises(Mistake, match="planner stop 1 --hours"):
        work.ideas.start_timer(2, switch=True)


def test_two_people_work_on_two_ideas(work: Workspace) -> None:
    work.ideas.add("mixup")
    work.ideas.add("cutmix")
    work.ideas.start_timer(1)
    workspace(work.layout, who="bo").ideas.start_timer(2)
    assert [idea.timer_by for idea in work.view().ledger.ideas.values()] == ["ana", "bo"]


# -- hours that come late -----------------------------------------------------------------------


def test_hours_typed_after_the_outcome_calibrate(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    settle(work, 1)
    assert calibration(work).person_tasks == {}
    work.ideas.stop_timer(1, hours="5h")
    assert outcome(work).hours == 5
    assert calibration(work).person_tasks == {"ana": 1}
    assert "'mixup' took 5.0 h" in calibration(work).because


def test_late_hours_teach_what_early_ones_would_have(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    settle(work, 1)
    work.ideas.stop_timer(1, hours="5h")
    late = calibration(work)
    work.undo()
    assert outcome(work).hours is None
    work.undo()
    settle(work, 1, hours=5)
    early = calibration(work)
    assert replace(late, number=0, at="", because="") == replace(early, number=0, at="", because="")


def test_a_timer_that_ran_on_past_the_outcome_is_added_to_it(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    work.ideas.stop_timer(1, hours="1h")
    work.ideas.start_timer(1)
    settle(work, 1, hours=1)
    wait(work, hours=3)
    work.ideas.stop_timer(1)
    assert outcome(work).hours == pytest.approx(4, abs=1e-3)


def test_the_hours_in_all_can_be_said_before_and_after(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    work.ideas.start_timer(1)
    wait(work, hours=30)
    said = work.ideas.set_spent(1, "3h")
    assert (said.spent_hours, said.timer_since) == (3, None)
    settle(work, 1, hours=3)
    work.ideas.set_spent(1, "4h")
    assert (outcome(work).hours, work.view().ledger.ideas[1].spent_hours) == (4, 4)


def test_no_hours_at_all_teach_nothing(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    settle(work, 1, hours=3)
    work.ideas.set_spent(1, "0")
    assert outcome(work).hours is None
    assert calibration(work).person_tasks == {}


def test_the_same_hours_again_make_no_calibration(work: Workspace) -> None:
    work.ideas.add("mixup", hours="2h")
    work.ideas.set_spent(1, "3h")
    settle(work, 1, hours=3)
    number = calibration(work).number
    work.ideas.set_spent(1, "3h")
    assert calibration(work).number == number


def test_hours_of_no_idea_are_refused(work: Workspace) -> None:
    with pytest.raises(Mistake, match="no idea 9"):
        work.ideas.set_spent(9, "2h")
    work.ideas.add("mixup")
    with pytest.raises(NothingToDo):
        work.ideas.stop_timer(1, as_measured=True)
