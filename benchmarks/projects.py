"""Projects to measure with: a backlog of as many plausible ideas as asked for."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from planner.domain.estimate import Estimate
from planner.domain.idea import CATEGORIES, Change, Idea
from planner.store.layout import Layout
from planner.store.store import Store

AT = "2026-11-02T09:00:00.000Z"
KNOBS = (
    "dropout warmup cosine mixup cutmix width depth norm residual smoothing momentum decay crop flip noise"
)


def make_project(folder: Path, ideas: int) -> Path:
    """A project in `folder` whose backlog holds `ideas` ideas by two people."""
    folder.mkdir(parents=True)
    planner = Path(sys.executable).parent / "planner"
    subprocess.run(
        [planner, "-C", folder, "init", "--recipe", "experiment:build"], check=True, capture_output=True
    )
    chance = random.Random(0)  # plausible numbers, not secrets
    _add(folder, ideas - 1, chance)
    _add(folder, 1, chance)  # the backlog carries its last change, which is one idea on most days
    return folder


def _add(folder: Path, ideas: int, chance: random.Random) -> None:
    with Store(Layout(folder)).transaction(f"{ideas} ideas", by="benchmark") as tables:
        for _ in range(ideas):
            tables.put(_idea(tables.next_id(Idea), chance))


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
