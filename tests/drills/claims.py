"""Ten dispatchers that go for the same runs at once, though but one of them should be at work."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from planner.dispatcher.__main__ import Trouble
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.outcome import Baseline
from planner.domain.run import Run
from planner.executors import local
from planner.store.layout import Layout
from planner.workspace.project import Project
from tests.drills.doors import Unsynced, through
from tests.drills.figure import Figure
from tests.drills.forks import forked_worker, in_clean_process
from tests.projects import make_project

DISPATCHERS = 10
PATIENCE = 600.0
"""Seconds after which what should have come to an end has failed to."""
TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.002

[recipe]
entry = "experiment:train"

[dispatch]
slots = 1000
"""
RECIPE = '''
"""Tells that it has trained, and with which seed."""

import os


def train(params, run):
    line = f"{run.seed} {os.getpid()}\\n".encode()
    tally = os.open(params["tally"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(tally, line)
    os.close(tally)
    run.log(1, val_accuracy=0.9)
'''


def claims(times: int, folder: Path, seed: int) -> Figure:
    """`times` runs, ten dispatchers beneath the lock that keeps them apart: each is made and settled once."""
    layout = make_project(folder, recipe=RECIPE, toml=TOML)
    tally = folder / ".planner" / "tally"
    _queue(layout, times, tally)
    gate = time.monotonic() + 1.5
    each = [in_clean_process(_dispatch, layout, gate, seed + place) for place in range(DISPATCHERS)]
    fell = 0
    for dispatcher in each:
        dispatcher.join(PATIENCE + 60)
        fell += dispatcher.exitcode != 0
    trained = Counter(line.split()[0] for line in tally.read_text().splitlines())
    store = Project(layout, who="drill").store
    settled = Counter(one.says for one in store.operations() if one.says.endswith(" finished"))
    held = sum(
        trained[str(run.seed)] == 1
        and run.status == "finished"
        and settled[f"run {run.id} finished"] == 1
        and layout.run(run.id).read_claim() is not None
        for run in store.read().runs.values()
    )
    made, ended = sum(trained.values()), sum(settled.values())
    note = f"{len(trained)} distinct claims, {made} trainings, {ended} settled"
    return Figure(
        what=f"runs that {DISPATCHERS} dispatchers went for at once, made and settled once",
        tried=times,
        held=0 if fell else held,
        note=note + (f", {fell} dispatchers fell" if fell else ""),
    )


def _queue(layout: Layout, times: int, tally: Path) -> None:
    project = Project(layout, who="drill")
    at, params = project.now(), {"tally": str(tally)}
    with project.store.transaction("queue", by="drill", undoable=False) as tables:
        tables.put(Baseline(version=1, params=params, at=at))
        for number in range(1, times + 1):
            run_id = f"r{number}-{number:04x}"
            one = Run(
                id=run_id,
                idea=None,
                baseline=1,
                rung="full",
                seed=number,
                params=params,
                queued_at=at,
                order=0.0,
            )
            tables.put(one)


def _dispatch(layout: Layout, gate: float, seed: int) -> None:
    """Tick until nothing is left, in an order of one's own, with workers that are forks of this process."""
    local._start = forked_worker
    chance = random.Random(seed)
    dispatcher = Dispatcher.of(Project(layout, who="dispatcher"))
    time.sleep(max(0.0, gate - time.monotonic()))
    give_up = time.monotonic() + PATIENCE
    trouble, busy = Trouble(), True
    with through(Unsynced()):
        while busy:
            assert time.monotonic() < give_up, "it never came to an end"
            with trouble:  # a store that the others hold for long is waited for, as every dispatcher does
                busy = dispatcher.tick()
            time.sleep(chance.uniform(0.05, 0.25))
