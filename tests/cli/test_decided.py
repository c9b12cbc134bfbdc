"""The last lines of `dispatch --wait`: which rung decided what, and what it took."""

from __future__ import annotations

from planner.cli.decided import summary
from planner.domain.view import View
from tests.rules.ledgers import (
    NOW,
    SETTINGS,
    a_check,
    a_ledger,
    a_run,
    an_idea,
    an_outcome,
    baseline_runs,
    some_evidence,
)

IDEAS = [an_idea(1, title="mixup"), an_idea(2, title="dropout 0.5"), an_idea(3, title="new head")]
BEFORE = View(settings=SETTINGS, ledger=a_ledger(IDEAS, [a_run("old", 1, hours=50.0)]))
RUNS = [
    *baseline_runs(hours=0.5),
    a_check("c1", 1, hours=0.25),
    a_check("c2", 2, hours=0.25),
    a_run("s2", 2, rung="small", hours=0.5),
    a_run("f1", 1, hours=1.0),
]
OUTCOMES = (
    an_outcome(1, "improved", NOW, evidence=some_evidence(2.0, 0.99), run_hours=1.25),
    an_outcome(2, "worse", NOW, rung="small", evidence=some_evidence(-9.0, 0.01), run_hours=0.75),
    an_outcome(3, "invalid", NOW, rung="check", run_hours=0.01),
)
AFTER = View(
    settings=SETTINGS, ledger=a_ledger(IDEAS, [a_run("old", 1, hours=50.0), *RUNS], outcomes=OUTCOMES)
)


def test_several_ideas_end_with_the_rung_that_decided_each_and_the_hours_by_rung() -> None:
    assert summary(BEFORE, AFTER, [1, 2, 3]) == [
        "",
        "decided   idea            at             runs took",
        "improved  #1 mixup        full, 2 seeds  1h 15m",
        "worse     #2 dropout 0.5  small          45m 00s",
        "invalid   #3 new head     check          36s",
        "runs took 4h 30m: check 30m 00s (2), small 30m 00s (1), full 3h 30m (6); "
        "the baseline's 2h 30m among them",
    ]


def test_one_idea_alone_needs_no_summary() -> None:
    assert summary(BEFORE, AFTER, [1]) == []
    assert summary(AFTER, AFTER, [1, 2, 3]) == []
