"""`python -m benchmarks.ladder [--quick] [FOLDER]`: the ladder's cost and finds beside five full seeds each.

Every run is made once, by a real worker that stood by, and what it said is kept: in FOLDER, where one is
named, so that this may be stopped and called again with the same code. Then `dispatch --all` is replayed by
the product's own dispatcher with the seeds in several orders, and compared with five full seeds each.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.run import Run, Rung, Spec
from planner.executors.local import LocalExecutor, LocalJob
from planner.rules.judging import verdict
from planner.rules.judging.comparison import evidence_so_far
from planner.store import encoding
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace

BACKENDS = {"digits": "tensorflow", "diabetes": "tensorflow"}
"""The demo projects, and the backend a worker stands by with; a third project is made here."""
FULL: Rung = "full"
"""The rung it is compared with."""
SEEDS = 5
"""Full seeds of the way it is compared with; the ladder meets the same ones, in another order each time."""
ORDERS = 3
"""Orders of the seeds."""
READY = 120.0
"""Seconds that a worker may take to stand by."""
AIM = 0.5
"""Share of those five seeds' hours that the ladder may cost."""

OWN = '''
"""Which of three kinds is it? Logistic regression in NumPy, with a loop of its own."""

import numpy as np


def kinds(params, run):
    fixed, chance = np.random.default_rng(0), np.random.default_rng(run.seed)
    y = fixed.integers(0, 3, 460)
    x = fixed.normal(0, 1, (460, 12)) + 0.6 * fixed.normal(0, 1, (3, 12))[y]
    x *= 10.0 ** fixed.uniform(-2, 1, 12)  # as measured, in units of all sizes
    if params["scale"]:
        x = (x - x[:60].mean(0)) / x[:60].std(0)
    validation = slice(60, None)
    w = chance.normal(0, params["spread"], (x.shape[1] + 1, 3))
    x = np.c_[x, np.ones(len(x))]
    for epoch in range(1, params["epochs"] + 1):
        for batch in np.array_split(chance.permutation(60), 60 // params["batch"]):
            scores = x[batch] @ w
            p = np.exp(scores - scores.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            p[np.arange(len(batch)), y[batch]] -= 1
            w -= params["lr"] * (x[batch].T @ p / len(batch) + params["l2"] * w)
        right = (x[validation] @ w).argmax(1) == y[validation]
        run.log(epoch, val_accuracy=right.mean())
'''
OWN_TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.02

[recipe]
entry = "experiment:kinds"

[baseline.params]
scale = false
spread = 0.01
batch = 20
lr = 0.00003
l2 = 0.0
epochs = 8000

[rungs.small.params]
epochs = 1600
"""
OWN_IDEAS = {
    "standardised inputs": "scale=true",
    "learning rate 3e-6": "lr=0.000003",
    "learning rate 3e-4": "lr=0.0003",
    "a penalty of 0.1": "l2=0.1",
    "larger first weights": "spread=0.1",
    "large first weights": "spread=2.0",
    "batches of 5": "batch=5",
    "a batch of all": "batch=60",
    "three times as long": "epochs=24000",
}


class Measured(LocalExecutor):
    """Answers a run with what the same run said before; the first time a worker makes it."""

    def __init__(self, kept: Path, order: tuple[int, ...], backend: str | None) -> None:
        super().__init__()
        self._kept = kept
        self._order = order
        self._backend = backend

    def prepare(self, backend: str | None) -> bool:  # noqa: ARG002  # the dispatcher's wish
        """Nothing: somebody stands by only where a worker is needed."""
        return True

    def close(self) -> None:
        """Let go whoever stands by."""
        super().prepare(None)

    def submit(
        self, folder: RunFolder, holding: Collection[int] = (), withheld: Mapping[str, str] | None = None
    ) -> LocalJob:
        """Make the run's folder what that of a worker with the seed of this order would be."""
        spec = folder.read_spec()
        seeded = replace(spec, seed=self._order[spec.seed])
        folder.spec.unlink()
        folder.spec.write_bytes(encoding.encode(seeded))
        place = self._kept / f"{_key(seeded)}.jsonl"
        if not place.exists():
            self._ready()
            job = super().submit(folder, holding, withheld or {})
            while job.alive():  # and the next one gets ready, as in a dispatch of many
                super().prepare(self._backend)
                time.sleep(0.1)
            part = place.with_suffix(".part")
            part.write_bytes(folder.events.read_bytes())
            part.rename(place)
        else:
            folder.take()
            folder.events.write_bytes(place.read_bytes())
        return LocalJob(f"gone:{folder.path}", folder, None)

    def _ready(self) -> None:
        """Wait until a worker stands by, as one does for all but the first runs of a dispatch."""
        end = time.monotonic() + READY
        while not super().prepare(self._backend):
            if time.monotonic() > end:
                raise TimeoutError(f"nobody stood by within {READY:.0f} s")
            time.sleep(0.05)


def _key(spec: Spec) -> str:
    """What makes two runs the same."""
    parts: list[Any] = [spec.rung, spec.through, spec.seed, spec.params, spec.fraction, spec.beside]
    return sha256(json.dumps([Path(spec.project).name, *parts], sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Cost:
    """What one way of trying all ideas took and found."""

    hours: float
    improved: frozenset[int]


def main(arguments: Sequence[str] = ()) -> None:
    """Measure what is missing, and print the comparison for each project."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ladder")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--quick", action="store_true", help="the small project alone, two orders")
    wanted = parser.parse_args(arguments)
    kinds, orders = (("kinds",), 2) if wanted.quick else ((*BACKENDS, "kinds"), ORDERS)
    with tempfile.TemporaryDirectory() as scratch:
        for kind in kinds:
            _compare(kind, orders, (wanted.folder or Path(scratch)) / kind)


def _compare(kind: str, orders: int, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    found = [_both(kind, number, kept) for number in range(orders)]
    shares = [ladder.hours / full.hours for ladder, full in found]
    same = sum(ladder.improved == full.improved for ladder, full in found)
    seconds = [3600 * median(cost.hours for cost in way) for way in zip(*found, strict=True)]
    print(
        f"  {kind}: {seconds[0]:.0f} s of runs by the ladder, {seconds[1]:.0f} s with {SEEDS} full seeds each"
    )
    spread = f"{min(shares):.2f} to {max(shares):.2f}"
    print(f"    share of the hours      {median(shares):.2f} ({spread})   (aim: at most {AIM})")
    print(f"    the same ideas improved in {same} of {orders} orders of the seeds")
    for ladder, full in found:
        if ladder.improved != full.improved:
            print(f"      ladder {sorted(ladder.improved)}, full {sorted(full.improved)}")


def _both(kind: str, number: int, kept: Path) -> tuple[Cost, Cost]:
    """All ideas up the ladder, then the full seeds that are still missing."""
    order = tuple(random.Random(number).sample(range(SEEDS), SEEDS)) if number else tuple(range(SEEDS))
    with tempfile.TemporaryDirectory() as scratch:
        layout = _project(kind, Path(scratch).resolve() / kind)
        work, executor = Workspace(layout, who="bench"), Measured(kept, order, BACKENDS.get(kind))
        with contextlib.closing(executor):
            work.queue.dispatch([row.idea.id for row in work.queue.ready()])
            dispatcher = Dispatcher(Project(layout, who="dispatcher"), executor)
            while dispatcher.tick():
                pass
            return _by_ladder(work), _in_full(work, layout, executor)


def _by_ladder(work: Workspace) -> Cost:
    ledger = work.view().ledger
    improved = {one.idea for one in ledger.outcomes if one.verdict == "improved"}
    return Cost(sum(run.hours for run in ledger.runs.values()), frozenset(improved))


def _in_full(work: Workspace, layout: Layout, executor: Measured) -> Cost:
    """What five full seeds of every idea and of the baseline cost, and what they say by the same rule.

    Each idea is judged by itself: the noise is that of its own seeds and the baseline's.
    """
    project = Project(layout, who="bench")
    ideas = [one.idea for one in work.view().ranked if one.outcome is not None]
    with project.store.transaction("the seeds that are missing", by="bench") as tables:
        ledger = tables.ledger()
        for run in _missing(ledger, ideas):
            tables.put(run)
    dispatcher = Dispatcher(project, executor)
    while dispatcher.tick():
        pass
    ledger, settings = work.view().ledger, project.settings
    runs = [run for run in ledger.runs.values() if run.rung == "full" and run.seed < SEEDS]
    improved = set()
    for idea in ideas:
        alone = {key: run for key, run in ledger.runs.items() if run.idea in (None, idea.id)}
        evidence = evidence_so_far(idea, replace(ledger, runs=alone), settings)
        if evidence is not None and verdict.judge(evidence, SEEDS) == "improved":
            improved.add(idea.id)
    return Cost(sum(run.hours for run in runs), frozenset(improved))


def _missing(ledger: Ledger, ideas: list[Idea]) -> list[Run]:
    """Full runs that the ladder did not need."""
    baseline = ledger.baselines[-1]
    there = {(run.idea, run.seed) for run in ledger.runs.values() if run.rung == FULL}
    wanted: list[tuple[int | None, Mapping[str, object]]] = [(None, {})]
    wanted += [(idea.id, idea.change.params) for idea in ideas]
    pairs = [(idea, params, seed) for idea, params in wanted for seed in range(SEEDS)]
    return [
        Run(
            id=f"r{len(ledger.runs) + number}-full",
            idea=idea,
            baseline=baseline.version,
            rung=FULL,
            seed=seed,
            params={**baseline.params, **params},
            queued_at=ledger.ideas[1].created_at,
            order=float(number),
        )
        for number, (idea, params, seed) in enumerate(pairs, start=1)
        if (idea, seed) not in there
    ]


def _project(kind: str, folder: Path) -> Layout:
    """A new project of that kind with its ideas."""
    if kind != "kinds":
        _planner("demo", str(folder), "--kind", kind)
        return Layout(folder)
    folder.mkdir()
    (folder / "experiment.py").write_text(OWN)
    (folder / "planner.toml").write_text(OWN_TOML)
    _planner("-C", str(folder), "init")
    for title, param in OWN_IDEAS.items():
        _planner("-C", str(folder), "add", title, "--set", param)
    return Layout(folder)


def _planner(*arguments: str) -> None:
    planner = Path(sys.executable).parent / "planner"
    subprocess.run([planner, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main(sys.argv[1:])
