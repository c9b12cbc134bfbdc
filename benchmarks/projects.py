"""Projects to measure with: a backlog of as many plausible ideas as asked for."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import CATEGORIES, Change, Frozen, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Outcome
from planner.domain.settings import Settings
from planner.rules.learning.calibrate import calibrate
from planner.store.layout import Layout
from planner.store.store import Store

SETTINGS = Settings(goal=Goal(metric="val_accuracy", minimum_effect=0.002))
AT = "2026-11-02T09:00:00.000Z"
KNOBS = (
    "dropout warmup cosine mixup cutmix width depth norm residual smoothing momentum decay crop flip noise"
)


def make_project(folder: Path, ideas: int, finished: int = 0) -> Path:
    """A project in `folder` whose backlog holds `ideas` ideas by two people, `finished` of them finished."""
    folder.mkdir(parents=True)
    planner = Path(sys.executable).parent / "planner"
    subprocess.run(
        [planner, "-C", folder, "init", "--recipe", "experiment:build"], check=True, capture_output=True
    )
    made = make_ledger(ideas, finished)
    with Store(Layout(folder)).transaction(f"{ideas - 1} ideas", by="benchmark") as tables:
        for idea in [*made.ideas.values()][:-1]:
            tables.put(idea)
        for outcome in made.outcomes:
            tables.put(outcome)
        if finished:
            tables.put_calibration(calibrate(made, SETTINGS, at=AT, because="benchmark"))
    # The backlog carries its last change, which is one idea on most days.
    with Store(Layout(folder)).transaction("1 idea", by="benchmark") as tables:
        tables.put(made.ideas[ideas])
    return folder


def make_ledger(ideas: int, finished: int) -> Ledger:
    """A ledger of `ideas` ideas, `finished` of them with an outcome, one in five a win that was kept."""
    chance = random.Random(0)  # plausible numbers, not secrets
    made = {number: _idea(number, chance) for number in range(1, ideas + 1)}
    done = chance.sample(range(1, ideas), finished)
    made |= {number: replace(made[number], frozen=_frozen(made[number])) for number in done}
    return Ledger(ideas=made, outcomes=tuple(_outcome(number, chance) for number in done))


def _frozen(idea: Idea) -> Frozen:
    return Frozen(
        at=AT,
        estimates=idea.estimates,
        digest="",
        calibration=0,
        score=0.05,
        chance=0.2,
        gain=2.0,
        hours=4.0,
        centred_gain=0.1,
        overlap=1.0,
        slow=1.0,
    )


def _outcome(idea: int, chance: random.Random) -> Outcome:
    won = chance.random() < 0.2
    gain = abs(chance.gauss(2.0, 1.0)) if won else chance.gauss(0.0, 0.3)
    seeds = Evidence(
        pairs=(),
        seeds=2,
        baseline_seeds=5,
        effect=gain,
        error=0.3,
        low=gain - 0.6,
        high=gain + 0.6,
        q=0.95 if won else 0.03,
        gain=gain,
        noise=0.001,
        paired=False,
    )
    return Outcome(
        idea=idea,
        at=AT,
        verdict="improved" if won else "no gain",
        reason="",
        rung="full",
        baseline=1,
        evidence=seeds,
        kept=won,
        hours=round(chance.lognormvariate(0.8, 0.6), 2),
    )


def _idea(number: int, chance: random.Random) -> Idea:
    words = chance.sample(KNOBS.split(), 3)
    by = chance.choice(("ana", "bo"))
    estimate = Estimate(
        by=by,
        at=AT,
        hours=round(chance.lognormvariate(0.7, 0.8), 2),
        complexity=chance.randint(0, 4),
        impact=round(0.002 * chance.lognormvariate(0.9, 0.7), 5),
        likelihood=round(chance.uniform(0.05, 0.7), 2),
    )
    return Idea(
        id=number,
        title=f"idea-{number} {' '.join(words)}",
        created_at=AT,
        created_by=by,
        category=chance.choice(CATEGORIES),
        tags=(words[0],),
        change=Change(params={words[1]: chance.random()}),
        estimates={by: estimate},
    )
