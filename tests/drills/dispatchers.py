"""Dispatchers killed at random moments: what they started goes on, and the next one finds it."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from planner.domain.event import Started
from planner.workspace import standing
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.projects import TOML, make_project

PATIENCE = 600.0
"""Seconds after which something that should happen has failed to."""
LIFE = 5.0
"""Seconds a dispatcher lives at most, from when it holds its lock to its kill."""


def dispatcher_kills(times: int, folder: Path, seed: int) -> Figure:
    """Kill `times` dispatchers, each followed by the next: every idea has one outcome, no run is lost."""
    chance = random.Random(seed)
    work = Workspace(make_project(folder, toml=TOML.replace("seeds = 3", "seeds = 1")), who="ana")
    under_way = 0
    for number in range(times):
        if not _waiting(work):
            idea = work.ideas.add(f"idea {number}", params=["lift=0.02", "epochs=3", "pause=0.1"])
            work.queue.dispatch([idea.id])
        work.ensure_dispatcher()
        give_up = time.monotonic() + PATIENCE
        while not standing.dispatcher_holds(work.layout) and time.monotonic() < give_up:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, LIFE))
        under_way += any(run.status == "running" for run in work.project.store.read().runs.values())
        for process in standing._started:
            process.kill()
            process.wait()
    _finish(work)
    faults = _faults(work)
    told = "; ".join(faults) or "each run trained and settled once"
    note = f"{under_way} of them with a run under way; {told}"
    held = 0 if faults else times
    return Figure(what="dispatchers killed at a random moment", tried=times, held=held, note=note)


def _waiting(work: Workspace) -> bool:
    return any(idea.dispatch for idea in work.project.store.read().ideas.values())


def _finish(work: Workspace) -> None:
    """What the next `planner` does, until nothing is left to do."""
    give_up = time.monotonic() + PATIENCE
    while _waiting(work) and time.monotonic() < give_up:
        work.ensure_dispatcher()
        time.sleep(0.2)


def _faults(work: Workspace) -> list[str]:
    """What is not as it would be had no dispatcher been killed."""
    ledger = work.project.store.read()
    said = Counter(one.says for one in work.project.store.operations())
    outcomes = Counter(one.idea for one in ledger.outcomes)
    faults = [f"{run.id} is {run.status}" for run in ledger.runs.values() if run.status != "finished"]
    for run in ledger.runs.values():
        events, _ = work.layout.run(run.id).read_events()
        trained = sum(isinstance(event, Started) for event in events)
        settled = said[f"run {run.id} finished"]
        if (trained, settled) != (1, 1):
            faults.append(f"{run.id} trained {trained} times, settled {settled} times")
    faults += [f"idea {idea} has {outcomes[idea]} outcomes" for idea in ledger.ideas if outcomes[idea] != 1]
    moved = Counter((one.idea, one.outcome_of) for one in ledger.revisions if one.outcome_of)
    faults += [
        f"idea {idea} moved {count} times over idea {of}" for (idea, of), count in moved.items() if count > 1
    ]
    return faults + ([f"paused: {ledger.paused}"] if ledger.paused else [])
