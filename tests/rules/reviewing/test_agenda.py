"""A plan whose order works."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.idea import Idea
from planner.domain.view import RankedIdea
from planner.rules.reviewing.agenda import agenda, outlook, planned
from tests.rules.ledgers import an_idea
from tests.rules.reviewing.small_week import a_score


def ranked_ideas(*ideas: Idea, status: str = "ready") -> list[RankedIdea]:
    """Ideas in the order of their ranks."""
    return [
        RankedIdea(idea=one, status=status, score=a_score(one.id, 1 / place), rank=place)  # type: ignore[arg-type]  # a status from a list of words
        for place, one in enumerate(ideas, start=1)
    ]


def test_an_idea_stands_after_those_it_follows_from():
    rows = ranked_ideas(an_idea(1, after=(3,)), an_idea(2), an_idea(3), an_idea(4, after=(77,)))
    assert [row.idea.id for row in agenda(rows)] == [2, 3, 1, 4]
    assert planned(rows[0], {1, 2, 3}).after == (3,)
    assert planned(rows[3], {1, 2, 3}).after == ()


def test_an_idea_whose_forerunner_finds_no_place_finds_none_either():
    rows = ranked_ideas(an_idea(1, after=(20,)), *[an_idea(number) for number in range(2, 21)])
    assert [row.idea.id for row in agenda(rows)] == [2, 3, 4, 5, 6]


def test_ideas_that_wait_for_each_other_are_left_out():
    rows = ranked_ideas(an_idea(1, after=(2,)), an_idea(2, after=(1,)), an_idea(3))
    assert [row.idea.id for row in agenda(rows)] == [3]


def test_five_to_run_and_five_to_implement():
    both = ranked_ideas(*[an_idea(number) for number in range(1, 13)])
    rows = [replace(row, status="open" if row.idea.id % 2 else "ready") for row in both]
    assert len(agenda(rows)) == 10


def test_only_the_best_of_several_variants_counts():
    rows = ranked_ideas(an_idea(1), an_idea(2, variant_of=1), an_idea(3))
    one = 0.2 * 2.0  # P·G of each
    assert outlook(rows).gain == pytest.approx(2 * one)
    assert outlook(rows).human_hours == pytest.approx(3 * 2.0)
