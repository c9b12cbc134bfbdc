"""A project with two weeks behind it, frozen in tests/data/review; `python -m` this file makes it anew.

Small round numbers, so that its review can be worked out by hand in `test_review_example.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Frozen, Idea
from planner.domain.outcome import Baseline, Evidence, Outcome, Revision
from planner.domain.run import Run
from planner.domain.verdict import Verdict
from planner.store.layout import Layout
from planner.store.store import Store
from planner.store.tables import Tables
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace

FROZEN = Path(__file__).parents[1] / "data" / "review"
"""Where the frozen files lie: `planner.toml` and `backlog.json`."""
NOW = "2026-11-23T09:00:00.000Z"
"""The Monday after the week: when its review is held."""
EARLIER = "2026-11-12T10:00:00.000Z"
"""A moment of the week before."""

TOML = """\
[goal]
metric = "val_accuracy"
minimum_effect = 0.002
target = 0.98

[recipe]
entry = "experiment:train"

[baseline]
params = { lr = 0.1 }
"""

TITLES = {
    1: ("wider layers", "scale"),
    2: ("dropout 0.5", "regularisation"),
    3: ("cosine schedule", "optimizer"),
    4: ("mixup", "augmentation"),
    5: ("random erasing", "augmentation"),
    6: ("cutout", "augmentation"),
    7: ("label smoothing", "loss"),
    8: ("warm restarts", "optimizer"),
    9: ("clean the labels", "data"),
    10: ("deeper network", "scale"),
    11: ("distil the deeper network", "scale"),
}


def idea(number: int) -> Idea:
    """Ana says 1 h, complexity 1, +0.004 and 40 % of each; what has come to an outcome is frozen so."""
    title, category = TITLES[number]
    said = Estimate(by="ana", at=EARLIER, hours=1.0, complexity=1.0, impact=0.004, likelihood=0.4)
    frozen = Frozen(
        at=EARLIER, estimates={"ana": said}, digest="", calibration=0, score=0.06, chance=0.17, gain=2.0,
        hours=5.0, centred_gain=0.0, overlap=1.0, slow=1.0,
    )  # fmt: skip
    return Idea(
        id=number,
        title=title,
        category=category,
        created_at="2026-11-09T09:00:00.000Z",
        created_by="ana",
        estimates={"ana": said},
        change=Change(params={"idea": number}) if number <= 8 else Change(),
        frozen=frozen if number <= 7 else None,
        after=(10,) if number == 11 else (),
        edited_at="2026-11-22T10:00:00.000Z" if number == 6 else None,
    )


def run(number: int | None, seed: int, value: float, ended_at: str) -> Run:
    """A full run of half an hour and 100 Wh."""
    return Run(
        id=f"r{number or 0}-{seed}", idea=number, baseline=1, rung="full", seed=seed, value=value,
        params={"lr": 0.1} | ({"idea": number} if number else {}), queued_at=ended_at, order=0.0,
        status="finished", ended_at=ended_at, hours=0.5, energy_wh=100.0,
    )  # fmt: skip


def outcome(number: int, verdict: Verdict, at: str, q: float, gain: float) -> Outcome:
    """What two seeds said at a noise of 1 MEI: standard error √(1/2 + 1/5) = .8367 MEI."""
    seeds = Evidence(
        pairs=(), seeds=2, baseline_seeds=5, effect=gain, error=0.7**0.5, low=gain - 1.64, high=gain + 1.64,
        q=q, gain=gain, noise=0.002, paired=False,
    )  # fmt: skip
    invalid = verdict == "invalid"
    return Outcome(
        idea=number,
        at=at,
        verdict=verdict,
        reason="KeyError: 'cutout'" if invalid else f"{verdict}, as two seeds said",
        rung="check" if invalid else "full",
        baseline=1,
        evidence=None if invalid else seeds,
        kept=verdict == "improved",
        worth=True if verdict == "improved" else None,
        hours=4.0,
    )


def fill(tables: Tables) -> None:
    """Everything that happened, and the calibration it makes."""
    tables.put(Baseline(version=1, params={"lr": 0.1}, at=EARLIER, metric="val_accuracy"))
    for number in TITLES:
        tables.put(idea(number))
    for seed, value in enumerate((0.960, 0.962, 0.958, 0.961, 0.959)):
        tables.put(run(None, seed, value, EARLIER))
    for number, values, day in (
        (1, (0.966, 0.966), 12), (2, (0.960, 0.960), 13), (3, (0.970, 0.970), 16), (4, (0.959, 0.961), 17),
        (5, (0.958, 0.960), 18), (7, (0.961, 0.963), 20),
    ):  # fmt: skip
        for seed, value in enumerate(values):
            tables.put(run(number, seed, value, f"2026-11-{day}T12:00:00.000Z"))
    tables.put(outcome(1, "improved", "2026-11-12T12:00:00.000Z", 0.95, 3.0))
    tables.put(outcome(2, "no gain", "2026-11-13T12:00:00.000Z", 0.05, 0.0))
    tables.put(outcome(3, "improved", "2026-11-16T12:00:00.000Z", 0.95, 5.0))
    tables.put(outcome(4, "no gain", "2026-11-17T12:00:00.000Z", 0.10, 0.1))
    tables.put(outcome(5, "no gain", "2026-11-18T12:00:00.000Z", 0.05, -0.2))
    tables.put(outcome(6, "invalid", "2026-11-19T12:00:00.000Z", 0.0, 0.0))
    tables.put(outcome(7, "inconclusive", "2026-11-20T12:00:00.000Z", 0.40, 0.6))
    for number, moved, before, after in ((1, 8, 0.06, 0.09), (2, 9, 0.05, 0.045)):
        tables.put(
            Revision(
                id=number, at="2026-11-16T12:00:00.000Z", idea=moved, before=before, after=after,
                rank_before=2, rank_after=1, because="relative “cosine schedule” won", calibration=1,
                outcome_of=3,
            )
        )  # fmt: skip


def make(folder: Path) -> None:
    """Write the example's `planner.toml` and `.planner/` into a folder."""
    (folder / "planner.toml").write_text(TOML)
    layout = Layout(folder)
    Store(layout).create()
    work = Workspace(layout, now=lambda: "2026-11-20T12:00:00.000Z", who="ana")
    with work.project.store.transaction("two weeks", by="ana") as tables:
        fill(tables)
        learn(tables, work.settings, at="2026-11-20T12:00:00.000Z", because="'label smoothing': inconclusive")


def freeze() -> None:
    """Make the frozen files anew, as this release writes them."""
    FROZEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        shutil.copyfile(Layout(Path(folder)).backlog, FROZEN / "backlog.json")
        shutil.copyfile(Path(folder) / "planner.toml", FROZEN / "planner.toml")


if __name__ == "__main__":
    freeze()
