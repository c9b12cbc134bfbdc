from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.rules.learning.merging import merged

EARLY, LATE, LATER = (f"2026-11-{day}T09:00:00.000Z" for day in (1, 2, 3))
IDEA = Idea(id=1, title="mixup", created_at=EARLY, created_by="ana")


def said(at: str, by: str = "ana", **numbers: float) -> Estimate:
    return Estimate(by=by, at=at, **numbers)


def test_several_people_stand_beside_each_other() -> None:
    idea = merged(merged(IDEA, said(EARLY, hours=2), dated=False), said(LATE, "bo", hours=3), dated=False)
    assert {who: one.hours for who, one in idea.estimates.items()} == {"ana": 2, "bo": 3}
    assert idea.history == ()


def test_the_same_numbers_again_change_nothing() -> None:
    once = merged(IDEA, said(EARLY, hours=2, likelihood=0.3), dated=False)
    assert merged(once, said(LATE, hours=2), dated=False) is once


def test_the_newer_numbers_win_and_the_older_go_to_the_history_whichever_comes_first() -> None:
    forwards = merged(merged(IDEA, said(EARLY, hours=2), dated=True), said(LATE, hours=3), dated=True)
    backwards = merged(merged(IDEA, said(LATE, hours=3), dated=True), said(EARLY, hours=2), dated=True)
    assert forwards == backwards
    assert forwards.estimates["ana"].hours == 3
    assert [one.hours for one in forwards.history] == [2]
    assert merged(backwards, said(EARLY, hours=2), dated=True) is backwards


def test_older_numbers_speak_where_the_newer_ones_are_silent() -> None:
    idea = merged(
        merged(IDEA, said(LATE, hours=3), dated=True), said(EARLY, hours=2, likelihood=0.3), dated=True
    )
    assert (idea.estimates["ana"].hours, idea.estimates["ana"].likelihood) == (3, 0.3)


def test_numbers_that_were_replaced_come_back_only_when_somebody_says_when() -> None:
    idea = merged(merged(IDEA, said(EARLY, hours=2), dated=False), said(LATE, hours=3), dated=False)
    assert merged(idea, said(LATER, hours=2), dated=False) is idea
    assert merged(idea, said(LATER, hours=2), dated=True).estimates["ana"].hours == 2
