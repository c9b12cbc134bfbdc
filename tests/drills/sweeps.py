"""Sweeps whose processes are killed at random moments: no configuration is tried twice, one verdict lands."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from planner.domain.event import Started
from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.domain.sweep import METHODS, Method
from planner.executors.process import ProcessIdentity, send
from planner.rules.sweeping.values import key_of
from planner.workspace import standing
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.projects import TOML, make_project

RECIPE = '''
"""What three params are worth; wide and fast fails, and seeds differ a little."""

import time
from math import log10

NOISE = (0.000, 0.001, -0.001, 0.0005, -0.0005, 0.0008, -0.0008)


def train(params, run):
    time.sleep(params["pause"])
    if params["width"] == 128 and params["lr"] > 0.05:
        raise ValueError("the loss is not finite")
    value = 0.95 - abs(log10(params["lr"]) + 2) / 50 - abs(params["dropout"] - 0.2) / 20
    run.log(1, val_accuracy=value + params["width"] / 1e4 + NOISE[run.seed], epochs=1)
'''
SETTINGS = TOML.replace("lift = 0.0", "lr = 1e-3, width = 32, dropout = 0.0, pause = 0.1").replace(
    "seeds = 3", "seeds = 1"
)
SETTINGS += (
    "\n[dispatch]\nstandby = false\n"  # each would import Keras, for dispatchers that live for seconds
)
AXES = ("lr=1e-4..1e-1", "width=32,64,128", "dropout=0..0.5:0.1")
FEW = ("lr=1e-3..1e-1", "width=32,128")
"""Fewer params, of which the coarsest grid has four configurations."""
SEARCHED = 5.0
"""Seconds in which a searcher is asked, where any is."""
AGAIN = 1.0
"""Seconds between two looks of a person at whether the work is at rest."""
PATIENCE = 600.0
"""Seconds after which a sweep that should have ended has failed to."""


def sweep_kills(times: int, folder: Path, seed: int) -> Figure:
    """One sweep of 30 configurations by each method, killed `times` times in all."""
    found = [
        killed_sweep(method, 30, times // len(METHODS), folder / method, seed + place)
        for place, method in enumerate(METHODS)
    ]
    return Figure(
        what="sweeps of 30 configurations, dispatchers and workers killed",
        tried=sum(one.tried for one in found),
        held=sum(one.held for one in found),
        note="; ".join(one.note for one in found),
    )


def killed_sweep(method: Method, configs: int, kills: int, folder: Path, seed: int) -> Figure:
    """One sweep whose dispatcher, worker or searcher is killed `kills` times on the way."""
    chance = random.Random(seed)
    work = Workspace(make_project(folder, recipe=RECIPE, toml=SETTINGS), who="ana")
    axes = AXES if configs >= 12 else FEW
    idea = work.ideas.add("tune", sweep=axes, method=method, configs=str(configs))
    work.queue.dispatch([idea.id])
    ends = sorted(chance.uniform(0.0, configs) for _ in range(kills))
    for end in ends:
        _come_so_far(work, end)
        time.sleep(chance.uniform(0.0, 0.5))
        _kill(work, method, chance)
    _to_the_end(work)
    ledger = work.project.store.read()
    faults = list(_faults(work, ledger, configs))
    crashed = sum(run.status == "crashed" for run in ledger.runs.values())
    told = "; ".join(faults) or f"no configuration twice, one verdict, {crashed} runs crashed"
    held = 0 if faults else kills
    return Figure(
        what=f"{method} sweep killed at a random moment", tried=kills, held=held, note=f"{method}: {told}"
    )


def _come_so_far(work: Workspace, configs: float) -> None:
    """Let the sweep end so many configurations."""
    give_up = time.monotonic() + PATIENCE
    looked = -AGAIN
    while _ended(work) < configs and _climbs(work) and time.monotonic() < give_up:
        if time.monotonic() - looked > AGAIN:
            _go_on(work)
            looked = time.monotonic()
        time.sleep(0.1)


def _kill(work: Workspace, method: Method, chance: random.Random) -> None:
    """Kill a searcher, a worker, the dispatcher, or some of them; now and then the next dispatcher too."""
    if method == "tpe" and chance.random() < 0.5:
        _kill_a_searcher()
        if chance.random() < 0.5:
            return
    if chance.random() < 0.5:
        _kill_a_worker(work)
    _kill_dispatchers()
    if chance.random() < 0.3:
        _go_on(work)
        time.sleep(chance.uniform(0.0, 1.5))
        _kill_dispatchers()


def _kill_dispatchers() -> None:
    for process in standing._started:
        process.kill()
        process.wait()


def _kill_a_searcher() -> None:
    """The one that is asked next, if any is asked within a while."""
    give_up = time.monotonic() + SEARCHED
    while time.monotonic() < give_up:
        for process in standing._started:
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(process.pid).children():
                    if "planner.searcher" in child.cmdline():
                        child.kill()
                        return
        time.sleep(0.02)


def _kill_a_worker(work: Workspace) -> None:
    for run in work.project.store.read().runs.values():
        who = ProcessIdentity.decode((run.job or "").partition(":")[0])
        if run.status == "running" and who is not None:
            send(who, signal.SIGKILL)
            return


def _to_the_end(work: Workspace) -> None:
    give_up = time.monotonic() + PATIENCE
    while _climbs(work) and time.monotonic() < give_up:
        _go_on(work)
        time.sleep(AGAIN)


def _go_on(work: Workspace) -> None:
    """What a person does who finds the work at rest."""
    if work.project.store.read().paused:
        work.queue.resume()
    work.ensure_dispatcher()
    if len(standing._started) < 2:  # a second one finds the lock held and ends
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(standing, "dispatcher_holds", lambda layout: False)
            work.ensure_dispatcher()


def _ended(work: Workspace) -> int:
    runs = work.project.store.read().runs.values()
    return sum(run.config is not None and run.ended_at is not None for run in runs)


def _climbs(work: Workspace) -> bool:
    wishes = [idea.dispatch for idea in work.project.store.read().ideas.values()]
    return any(wish is not None and wish.halted is None for wish in wishes)


def _faults(work: Workspace, ledger: Ledger, configs: int) -> Iterator[str]:
    """What is not as it would be had nothing been killed."""
    tried = [run for run in ledger.runs.values() if run.config is not None]
    first = [run for run in tried if run.retry_of is None]
    keys = Counter(key_of({name: run.params[name] for name in ("lr", "width", "dropout")}) for run in first)
    yield from (f"{key} was tried {many} times" for key, many in keys.items() if many > 1)
    fewest = configs if ledger.ideas[1].change.sweep.method != "grid" else configs // 2  # type: ignore[union-attr]
    if not fewest <= len(first) <= configs:
        yield f"{len(first)} configurations were tried"
    yield from (fault for run in tried if (fault := _no_retry(run, ledger)))
    if [one.verdict for one in ledger.outcomes] != ["improved"]:
        yield f"the outcomes are {[(one.verdict, one.reason) for one in ledger.outcomes]}"
    elif (chosen := ledger.outcomes[0].chosen) is None or chosen.tried != len(first):
        yield f"the verdict is about {chosen}"
    for run in ledger.runs.values():
        events, _ = work.layout.run(run.id).read_events()
        began = sum(isinstance(event, Started) for event in events)
        if began > 1 or (began == 0 and run.status == "finished"):
            yield f"{run.id} began {began} times"


def _no_retry(run: Run, ledger: Ledger) -> str:
    """What is wrong about a second try: only what crashed is tried again, as the same configuration."""
    if run.retry_of is None:
        return ""
    earlier = ledger.runs[run.retry_of]
    same = (earlier.config, earlier.params, earlier.status) == (run.config, run.params, "crashed")
    return "" if same else f"{run.id} repeats {earlier.id}, which is {earlier.status}"
