"""A small project with a win, a failure and two open ideas, for what a person says over the seeds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import settings

from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.projects import Clock
from tests.rules.scoring_facts import idea, outcome, said, tried

TOML = """
[goal]
metric = "accuracy"
minimum_effect = 0.2

[recipe]
entry = "experiment:train"
"""
WEDNESDAY = datetime.fromisoformat("2026-11-18T09:00:00+00:00")
FRIDAY = "2026-11-13T09:00:00.000Z"


tried_on_disk = settings(tried, max_examples=15)
"""Each example writes and syncs a dozen times."""


@contextmanager
def a_project(of: Ledger) -> Iterator[Workspace]:
    """A workspace whose store holds the ledger, and the calibration that it makes."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.toml.write_text(TOML)
        Store(layout).create()
        work = Workspace(layout, now=Clock(WEDNESDAY), who="ana")
        with work.project.store.transaction("begin", by="test", undoable=False) as tables:
            for fact in (*of.ideas.values(), *of.runs.values(), *of.baselines, *of.outcomes):
                tables.put(fact)
            learn(tables, work.settings, at=FRIDAY, because="the beginning")
        yield work


def now(work: Workspace) -> Ledger:
    return work.project.store.read()


def learned(calibration: Calibration) -> Calibration:
    """What scores depend on of it."""
    return replace(calibration, number=0, at="", because="")


def scores(work: Workspace) -> dict[int, float]:
    """The score of every idea, as it is shown now."""
    return {row.idea.id: row.score.value for row in work.view().ranked}


def land(work: Workspace, found: Outcome) -> None:
    """Let an outcome land as the dispatcher does."""
    landed = replace(found, at=work.project.now())
    with work.project.store.transaction("land", by="dispatcher", undoable=False) as tables:
        tables.put(landed)
        learn(tables, work.settings, at=landed.at, because="it landed", outcome_of=landed.idea)


MIXUP = idea(1, "mixup", said(gain=3, hours=2, likelihood=0.5, complexity=3), category="augmentation")
CUTMIX = idea(2, "cutmix", said(gain=3, hours=3, likelihood=0.45), category="augmentation")
WARMUP = idea(3, "warmup", said(gain=2, hours=1, likelihood=0.6), category="optimizer")
EMA = idea(4, "ema", said("bo", gain=2, hours=6, likelihood=0.3), category="optimizer")
WON = outcome(1, "improved", q=0.97, kept=True, hours=4.0, worth=True, reason="improved: +2.0 MEI")
LOST = outcome(3, "no gain", q=0.02)
