"""A nudge drawn before it is written is what the engine then says."""

from __future__ import annotations

import pytest

from screens.foresight import nudged
from tests.screens import project
from tests.screens.fake import NOW


@pytest.mark.parametrize("criterion", ["hours", "complexity", "impact", "likelihood"])
@pytest.mark.parametrize("step", [-3, -1, 1, 3])
@pytest.mark.parametrize("idea", [1, 5, 10, 6])
def test_the_foreseen_ranking_is_the_engine_s_own(criterion: str, step: int, idea: int):
    engine = project.engine()
    foreseen = nudged(engine.view(), idea, criterion, step, who=engine.who, at=NOW)
    engine.nudge(idea, criterion, step)
    assert foreseen.ranked == engine.view().ranked
