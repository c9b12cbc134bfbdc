"""What a person does with ideas."""

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.workspace.workspace import Workspace
from tests.projects import Clock


def test_an_idea_needs_only_a_title(work: Workspace) -> None:
    idea = work.ideas.add("cosine schedule")
    row = work.view().ranked[0]
    assert (row.idea, row.status, row.rank) == (idea, "open", 1)
    assert row.score.assumed == ("hours", "complexity", "impact", "likelihood")


def test_one_call_captures_everything_as_typed(work: Workspace) -> None:
    idea = work.ideas.add(
        "label smoothing 0.1",
        hours="15m",
        complexity="0",
        impact="+0.3pp",
        likelihood="25%",
        params=["label_smoothing=0.1"],
        tags=["loss"],
    )
    said = idea.estimates["ana"]
    assert (said.hours, said.complexity, said.impact, said.likelihood) == (
        0.25,
        0.0,
        pytest.approx(0.003),
        0.25,
    )
    assert idea.change.params == {"label_smoothing": 0.1}
    assert work.view().ranked[0].status == "ready"


def test_nothing_is_written_when_one_number_is_wrong(work: Workspace) -> None:
    with pytest.raises(Mistake, match="150%"):
        work.ideas.add("dropout", likelihood="150%")
    assert work.view().ranked == ()


def test_an_unknown_idea_is_named_with_those_there_are(work: Workspace) -> None:
    work.ideas.add("dropout")
    with pytest.raises(Mistake, match="no idea 7: ideas run from 1 to 1"):
        work.ideas.estimate(7, hours="2h")


def test_a_newer_estimate_keeps_the_older_one_in_history(work: Workspace) -> None:
    work.ideas.add("dropout", hours="2h", likelihood="20%")
    idea = work.ideas.estimate(1, hours="3h")
    assert (idea.estimates["ana"].hours, idea.estimates["ana"].likelihood) == (3.0, 0.2)
    assert [old.hours for old in idea.history] == [2.0]


def test_colleagues_estimate_beside_each_other(work: Workspace) -> None:
    work.ideas.add("dropout", likelihood="20%")
    idea = work.ideas.estimate(1, by="bo", likelihood="60%")
    assert {by: said.likelihood for by, said in idea.estimates.items()} == {"ana": 0.2, "bo": 0.6}


def test_a_nudge_moves_one_criterion_of_ones_own(work: Workspace) -> None:
    work.ideas.add("dropout", likelihood="20%", hours="2h")
    assert work.ideas.nudge(1, "likelihood", +1).estimates["ana"].likelihood == pytest.approx(0.25)
    assert work.ideas.nudge(1, "hours", -1).estimates["ana"].hours == pytest.approx(1.6)


def test_a_nudge_of_what_nobody_said_starts_from_the_priors(work: Workspace) -> None:
    work.ideas.add("dropout")
    assert work.ideas.nudge(1, "likelihood", +1).estimates["ana"].likelihood == pytest.approx(
        1 / 6 + 0.05, abs=1e-4
    )


def test_adding_editing_or_dropping_moves_no_other_score(work: Workspace) -> None:
    work.ideas.add("mixup", likelihood="50%", hours="2h", category="augmentation")
    before = work.view().ranked[0].score
    work.ideas.add("cutmix", likelihood="90%", hours="10h", category="augmentation")
    work.ideas.edit(2, title="cutmix alpha 1", params=["cutmix=1.0"])
    work.ideas.drop(2)
    assert next(row.score for row in work.view().ranked if row.idea.id == 1) == before


def test_the_timer_adds_up_over_several_sittings(work: Workspace) -> None:
    clock = work.project.now
    assert isinstance(clock, Clock)
    work.ideas.add("dropout", hours="2h")
    for _ in range(2):
        work.ideas.start_timer(1)
        clock.advance(minutes=30)
        idea = work.ideas.stop_timer(1)
    assert idea.spent_hours == pytest.approx(1.0, abs=1e-4)
    assert idea.timer_since is None


def test_hours_can_be_typed_instead_of_timed(work: Workspace) -> None:
    work.ideas.add("dropout")
    assert work.ideas.stop_timer(1, hours="90m", implemented=True).spent_hours == 1.5
    assert work.view().ranked[0].status == "ready"


def test_a_timer_that_does_not_run_says_how_to_start_it(work: Workspace) -> None:
    work.ideas.add("dropout")
    with pytest.raises(NothingToDo, match="planner start 1"):
        work.ideas.stop_timer(1)


def test_parked_ideas_leave_the_ranking_and_come_back(work: Workspace) -> None:
    work.ideas.add("dropout")
    work.ideas.park(1)
    assert (work.view().ranked[0].status, work.view().ranked[0].rank) == ("parked", None)
    work.ideas.restore(1)
    assert work.view().ranked[0].rank == 1


def test_every_change_can_be_undone_and_redone(work: Workspace) -> None:
    work.ideas.add("dropout", hours="2h")
    work.ideas.estimate(1, hours="3h")
    assert "estimate" in work.undo()[0]
    assert work.view().ranked[0].idea.estimates["ana"].hours == 2.0
    work.redo()
    assert work.view().ranked[0].idea.estimates["ana"].hours == 3.0
    assert len(work.undo(2)) == 2
    assert work.view().ranked == ()


def test_an_idea_can_come_after_another_only_if_there_is_one(work: Workspace) -> None:
    with pytest.raises(Mistake, match="no idea 5 to come after"):
        work.ideas.add("narrower", after=[5])


def test_a_title_of_a_megabyte_is_refused_with_the_limit(work: Workspace) -> None:
    with pytest.raises(Mistake, match="at most 300 fit"):
        work.ideas.add("x" * 1_000_000)


def test_a_ref_that_looks_like_an_option_is_refused(work: Workspace) -> None:
    with pytest.raises(Mistake, match="no git branch"):
        work.ideas.add("dropout", ref="--upload-pack=evil")
