"""Learning from an outcome and scoring anew, beside sorting the same ideas by a number they already have."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from time import process_time

from benchmarks.projects import AT, SETTINGS, make_ledger
from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.revise import revisions
from planner.rules.scoring import score as rule
from planner.rules.scoring.columns import columns_of
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import Scorer

SIZES = ((10_000, 2_000), (10_000, 500), (1_000, 200))
"""Ideas, and how many of them are finished."""
SMALL = (100, 60)
"""The same of a project like those that the foresight benchmark simulates."""
ROUNDS = 5
"""Times each is done; the least counts, since other work on the machine only ever adds."""


def main() -> None:
    """Print the milliseconds of each step and, for scale, how many bare sorts they take."""
    for ideas, finished in SIZES:
        print(f"  {ideas:,} ideas, {finished:,} finished")
        report(calibrated(make_ledger(ideas, finished)))
    print(f"  {SMALL[0]} ideas, {SMALL[1]} finished, without a break")
    small = calibrated(make_ledger(*SMALL))
    line("calibrate", least(lambda: learnt(small), 20), 0.0, 1)
    line("score all, one by one", least(lambda: one_by_one(small), 20), 0.0)
    line("score all, side by side", least(lambda: side_by_side(small), 20), 0.0, 1)


def calibrated(ledger: Ledger) -> Ledger:
    """The ledger with the calibration that holds before it has learned from its last outcome."""
    before = replace(ledger, outcomes=ledger.outcomes[:-1])
    return replace(ledger, calibration=calibrate(before, SETTINGS, at=AT, because="benchmark"))


def report(now: Ledger) -> None:
    """What one more outcome costs."""
    ideas, after = list(now.ideas.values()), learnt(now)
    numbers = {idea.id: Scorer(after, SETTINGS)(idea).value for idea in ideas[:: len(ideas) // 100]}
    sort = least(lambda: sorted(ideas, key=lambda idea: (numbers.get(idea.id, 0.5), idea.id)))
    line("sort by a known number", sort, sort)
    line("calibrate", least(lambda: learnt(now)), sort)
    line("revise", least(lambda: revised(now, after)), sort)
    line("calibrate and revise", least(lambda: revised(now, learnt(now))), sort, 1_000)
    columns_of(ideas)
    line("score all: the numbers", least(lambda: Scorer(after, SETTINGS).values(ideas)), sort, 50)
    line("score all: the scores", least(lambda: Scorer(after, SETTINGS).all(ideas)), sort)
    line("rank under a new calibration", least(lambda: ranked(replace(now, calibration=after))), sort)


def learnt(ledger: Ledger) -> Calibration:
    """The next calibration."""
    return calibrate(ledger, SETTINGS, at=AT, because="benchmark")


def revised(ledger: Ledger, after: Calibration) -> int:
    """How many scores the next calibration moves."""
    outcome = ledger.outcomes[-1].idea
    rule._newest = None
    before = ledger.calibration
    return len(revisions(ledger, before, after, SETTINGS, at=AT, outcome_of=outcome, first_id=1))


def ranked(ledger: Ledger) -> None:
    """Rank with a scorer that knows no score yet."""
    rule._newest = None
    rank(ledger, SETTINGS)


def one_by_one(ledger: Ledger) -> None:
    """Score every idea with a new scorer."""
    scorer = Scorer(ledger.calibration, SETTINGS)
    for idea in ledger.ideas.values():
        scorer(idea)


def side_by_side(ledger: Ledger) -> None:
    """Score all ideas at once with a new scorer."""
    Scorer(ledger.calibration, SETTINGS).all(ledger.ideas.values())


def least(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds of processor time of one piece of work, the least of several rounds."""
    found = []
    for _ in range(ROUNDS):
        gc.collect()
        start = process_time()
        for _ in range(times):
            work()
        found.append(1000 * (process_time() - start) / times)
    return min(found)


def line(name: str, milliseconds: float, sort: float, aim: float | None = None) -> None:
    """One line of the report."""
    ratio = f"   ratio {milliseconds / sort:7.1f}" if sort else " " * 16
    print(f"    {name:30} {milliseconds:8.2f} ms{ratio}" + (f"   (aim: {aim:,.0f} ms)" if aim else ""))
