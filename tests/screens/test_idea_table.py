"""Which rows are lit, and which columns are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.view import RankedIdea
from screens.widgets.idea_table import IdeaTable, risen
from tests.screens import project
from tests.screens.fake import FakeEngine


def ranked(engine: FakeEngine) -> tuple[RankedIdea, ...]:
    return engine.view().ranked


def test_a_row_that_a_nudge_has_raised_has_risen_and_those_it_passed_have_not_fallen():
    engine = project.engine()
    before = ranked(engine)
    for _ in range(4):
        engine.nudge(5, "likelihood", 1)
    assert risen(before, ranked(engine)) == {5: 1}


def test_an_idea_that_is_added_or_dropped_moves_no_other():
    engine = project.engine()
    before = ranked(engine)
    engine.add("a quick win -t 5m -c 0 -i +3pp -l 95% --set a=1")
    assert risen(before, ranked(engine)) == {}
    engine.drop(9)
    assert risen(before, ranked(engine)) == {}


def test_scores_that_move_together_without_passing_one_another_are_not_lit():
    engine = project.engine()
    before = ranked(engine)
    after = tuple(replace(row, score=replace(row.score, value=row.score.value * 2)) for row in before)
    assert risen(before, after) == {}


@pytest.mark.parametrize("width", range(1, 200, 7))
def test_columns_never_take_more_than_there_is(width: int):
    columns = IdeaTable().columns(width)
    assert "title" in {column.name for column in columns}
    if width > 60:
        assert sum(column.width + 1 for column in columns) + 1 == width
