"""Many ideas scored side by side come to what each comes to alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.idea import Change, Idea
from planner.domain.ledger import Ledger
from planner.domain.settings import ScoreSettings, Settings
from planner.rules.scoring import score as rule
from planner.rules.scoring.columns import Columns
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import Scorer
from tests.rules.scoring_facts import SETTINGS, finished, idea, said, some_idea, some_ledger, tried

RUNS = replace(SETTINGS, score=ScoreSettings(bottleneck="runs"))


@tried
@given(some_ledger(), st.lists(st.integers(1, 6)), st.sampled_from([SETTINGS, RUNS]))
def test_side_by_side_is_as_alone_to_the_last_bit(made: Ledger, kin: list[int], settings: Settings) -> None:
    strangers = [replace(made.ideas[one], id=100 + n) for n, one in enumerate(kin) if one in made.ideas]
    ideas = [*made.ideas.values(), *strangers]
    together, alone = Scorer(made.calibration, settings), Scorer(made.calibration, settings)
    assert together.values(ideas) == [alone(one).value for one in ideas]


@tried
@given(some_ledger(), some_idea(3))
def test_columns_follow_an_idea_that_was_edited_or_added(made: Ledger, other: Idea) -> None:
    ideas = list(made.ideas.values())
    columns = Columns()
    columns.update(ideas)
    edited = [replace(other, id=one.id) if one.id == other.id else one for one in ideas] + [
        replace(other, id=77)
    ]
    columns.update(edited)
    fresh = Columns()
    fresh.update(edited)
    assert columns.ideas == fresh.ideas
    assert columns.plain.tolist() == fresh.plain.tolist()
    assert columns.gains.column(lambda one: len(one.estimates)).tolist() == [
        len(one.estimates) for one in edited
    ]


@pytest.mark.parametrize("kept", [True, False])
def test_kept_variants_and_the_ideas_own_wins_count_side_by_side_too(kept: bool) -> None:
    done = finished(1, "lr warmup long", category="loss", kept=kept, variants=1, gain=0.5)
    learned = Calibration(finished=(done, finished(2, "warmup", kept=True, variants=2, gain=0.1)))
    ideas = [
        idea(1, "lr warmup long", category="loss"),
        idea(3, "lr warmup", said(gain=2, hours=3), category="loss", variant_of=1, spent_hours=1.0),
        idea(4, "quite other words", change=Change(params={"lr": 1}), run_hours=2.0),
    ]
    alone = Scorer(learned, SETTINGS)
    assert Scorer(learned, SETTINGS).values(ideas) == [alone(one).value for one in ideas]


@tried
@given(some_ledger())
def test_the_ranking_is_the_same_whichever_way_it_was_scored(made: Ledger) -> None:
    def ranked() -> list[tuple[int, float]]:
        rule._newest = None
        return [(row.idea.id, row.score.value) for row in rank(made, SETTINGS)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule, "WORTH_COLUMNS", -1)
        patch.setattr(rule, "WORTH_NUMPY", -1)
        together = ranked()
        patch.setattr(rule, "WORTH_COLUMNS", float("inf"))
        patch.setattr(rule, "WORTH_NUMPY", float("inf"))
        assert ranked() == together


def test_a_small_project_is_ranked_without_numpy() -> None:
    program = (
        "import sys; from planner.domain.ledger import Ledger; "
        "from planner.rules.scoring.ranking import rank; "
        "from tests.rules.scoring_facts import *; "
        "rank(landed(ledger([idea(1, 'a'), idea(2, 'b')]), outcome(1, 'improved', q=0.9)), SETTINGS); "
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
