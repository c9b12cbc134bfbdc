"""Start the queued runs that fit, and say on each of the others why it waits."""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from typing import Literal

from planner.clock import after
from planner.dispatcher.again import told_again
from planner.dispatcher.beside import beside
from planner.dispatcher.checkouts import HELD, Checkouts
from planner.dispatcher.code import apart
from planner.dispatcher.telling import secrets_of, spec_of
from planner.domain.gpu import GpuState
from planner.domain.ledger import Ledger
from planner.domain.mistake import Failed, Mistake, StoreNeedsAttention
from planner.domain.outcome import Baseline
from planner.domain.run import LIVE, Run
from planner.domain.settings import Settings
from planner.executors.base import Executor, Job
from planner.executors.worktree import forget_gone, remove_worktree, worktrees
from planner.gpu.ask import current
from planner.gpu.choice import HIDDEN, choose, slots, visible
from planner.gpu.lease import Leases
from planner.gpu.nvml import NO_GPU
from planner.rules.waiting import in_order
from planner.store import files, withheld
from planner.store.refusal import explained
from planner.store.runfolder import RunFolder
from planner.workspace.project import Project
from planner.workspace.resuming import kept_for

WAITS_FOR_SLOT = "waits for a free slot"
"""Why most queued runs wait."""
WAITS_FOR_CODE = "its code is being checked out"
"""Why a run waits whose code is large, or goes through a filter that is slow."""
WAITS_FOR_GPUS = "the GPUs are being asked how they are"
"""Why runs wait on a machine that is busy, or whose driver is."""
SOON = 3.0
"""Seconds that a look waits for word of the GPUs it has just asked for: most is there in less."""
ASK_AGAIN = 2.0
"""Seconds an answer about GPUs holds."""
ASK_AGAIN_WITHOUT = 60.0
"""Seconds the answer holds that there are none: asking costs a process."""
REST = 3.0
"""Seconds until what could not be started is tried again, after the first time."""
DOUBLINGS = 5
"""How often that grows to twice as long."""
CALM = (NO_GPU, HIDDEN)
"""Answers that mean a CPU box; any other absence is a fault, and a run that wants its GPU waits."""


class Launcher:
    """Hands runs to the executor; remembers the leases it holds for them."""

    def __init__(self, project: Project, executor: Executor) -> None:
        self.project = project
        self.executor = executor
        self.leases = Leases()
        self.started: dict[str, Job] = {}
        self.checkouts = Checkouts(project)
        self._state = GpuState()
        self._asked: float | None = None
        self._asking: Future[GpuState] | None = None
        self._rests: dict[str, float] = {}
        """Until when a run that could not be started is left alone, monotonic."""
        self._tries: Counter[str] = Counter()

    def start_what_fits(self) -> None:
        """Start queued runs in order while there are slots."""
        ledger = self.project.store.read()
        queue = [run for run in in_order(ledger.runs.values()) if not self._follows(run)]
        if not queue:
            return
        if ledger.paused:
            self._say(queue, f"paused: {ledger.paused}")
            return
        running = sum(run.status == "running" for run in self.project.store.read().runs.values())
        self._start(queue, ledger, running)

    def follow_started(self) -> None:
        """Follow the runs whose workers a dispatcher started just before it died."""
        for run in in_order(self.project.store.read().runs.values()):
            self._follows(run)

    def tidy(self, run: Run) -> None:
        """Give back what a run held: its GPU and its worktree."""
        if run.device:
            self.leases.release(run.device)
        if apart(run):
            self._clear(run.id)

    def let_go(self) -> bool:
        """Take away the code of runs that have left the queue; whether some is still being checked out."""
        runs = self.project.store.read().runs
        return self.checkouts.let_go([run.id for run in runs.values() if run.status == "queued"])

    def sweep(self) -> None:
        """Take away the worktrees of runs that have ended, left by a dispatcher that died."""
        runs, layout = self.project.store.read().runs, self.project.layout
        if any(map(apart, runs.values())):
            forget_gone(layout.project, layout.home)
        for run_id in worktrees(layout.home):
            if run_id not in runs or runs[run_id].status not in LIVE:
                self._clear(run_id)

    def _clear(self, run_id: str) -> None:
        with contextlib.suppress(Failed):  # it lies there until the next dispatcher sweeps
            remove_worktree(self.project.layout.project, self.project.layout.home, run_id)

    def _follows(self, run: Run) -> bool:
        """Whether a queued run has a worker already, or had one; it is followed from now on."""
        folder = self.project.layout.run(run.id)
        if not folder.claim.exists():
            return False
        device = None
        with contextlib.suppress(Mistake):  # a damaged spec is its worker's to tell of
            device = folder.read_spec().device
        self._begin(run, lambda: folder, device)  # it holds the lease of that GPU itself
        return True

    def _start(self, queue: list[Run], ledger: Ledger, running: int) -> None:
        settings = self.project.settings
        limit = settings.dispatch.slots
        if limit != "auto" and running >= limit:
            self._say(queue, WAITS_FOR_SLOT)
            return
        state = self._gpus()
        if state is None:
            self._say(queue, WAITS_FOR_GPUS)
            return
        if state.absent and state.absent not in CALM:
            self._say(queue, state.absent)
            return
        held = self.leases.held_by_anyone()
        room = _room(limit, state, held, running)
        for place, run in enumerate(queue):
            device, reason = choose(state, held)
            if state.readings and device is None:
                self._say(queue[place:], reason)
                return
            if time.monotonic() < self._rests.get(run.id, 0.0):
                continue
            if room <= 0:
                self._say(queue[place:], WAITS_FOR_SLOT)
                return
            if device is not None and not self.leases.take(device):
                self._say(queue[place:], "another project has just taken the GPU")
                return
            if self._launch(run, ledger, settings, device):
                room -= 1
                held = held | {device} if device else held

    def _gpus(self) -> GpuState | None:
        """The GPUs this process may use, asked for again only when the answer may have changed.

        None while nobody knows how they are: a driver, or a busy machine, may let one wait for the answer.
        """
        fresh = ASK_AGAIN_WITHOUT if self._state.absent in CALM else ASK_AGAIN
        if self._asked is None or time.monotonic() - self._asked > fresh:
            self._asking = self._asking or beside(current, SOON)
            if not self._asking.done():
                return self._state if self._state.absent else None
            self._state = visible(self._asking.result(), os.environ.get("CUDA_VISIBLE_DEVICES"))
            self._asked, self._asking = time.monotonic(), None
        return self._state

    def _launch(self, run: Run, ledger: Ledger, settings: Settings, device: str | None) -> bool:
        """Start one run; whether it took a slot: not where it can't be started and has failed, or waits."""
        begun, since = False, time.monotonic() - self.checkouts.seconds(run)
        try:
            if self.project.store.read().runs[run.id].status != "queued":  # meanwhile it has left the queue
                return False
            if (code := self.checkouts.code(run)) is None:
                self._say([run], WAITS_FOR_CODE)
                return self.checkouts.seconds(run) < HELD
            begun = self._begin(run, lambda: self._folder(run, ledger, settings, str(code), device), device)
        except (Failed, StoreNeedsAttention) as mistake:
            self._say([run], str(mistake))  # the machine's fault, so it is tried again
            self._tries[run.id] += 1
            rest = rest_after(self._tries[run.id], took=time.monotonic() - since)
            self._rests[run.id] = time.monotonic() + rest
        except Mistake as mistake:
            ended = self.project.now()
            self._put(replace(run, status="failed", cause=str(mistake), ended_at=ended, waits=""))
        finally:
            if device and not begun:
                self.leases.release(device)
        return begun

    def _begin(self, run: Run, folder: Callable[[], RunFolder], device: str | None) -> bool:
        """Hand a run to the executor and write that down; False when it has left the queue meanwhile.

        Within one transaction: there is no moment in which it could be stopped, and trained all the same.
        """
        says = f"run {run.id} running"
        with self.project.store.transaction(says, by="dispatcher", undoable=False) as tables:
            queued = tables.get(Run, run.id)
            if queued is None or queued.status != "queued":
                return False
            holding = self.leases.descriptors(device)
            secrets = self._withheld(run, tables.all(Baseline))
            job = self.executor.submit(folder(), holding, secrets)
            at = after(self.project.now(), queued.queued_at)
            tables.put(replace(queued, status="running", job=job.id, device=device, started_at=at, waits=""))
        self.started[run.id] = job
        return True

    def _folder(
        self, run: Run, ledger: Ledger, settings: Settings, code: str, device: str | None
    ) -> RunFolder:
        """The run's folder with its spec, made anew where a dispatcher died before its worker began."""
        with explained(self.project.layout.runs):
            files.remove(self.project.layout.run(run.id).spec)
        return RunFolder.create(
            self.project.layout.runs,
            told_again(self.project, run, code=code, device=device)
            if run.replay_of
            else spec_of(run, ledger, settings, code, device, self._to_go_on_from(run, ledger)),
        )

    def _withheld(self, run: Run, baselines: Iterable[Baseline]) -> dict[str, str]:
        """What the worker needs and its folder must not hold."""
        if run.replay_of is None:
            return secrets_of(run, baselines, self.project.settings)
        again = told_again(self.project, run)
        return withheld.environment(again.params, again.command, again.beside)

    def _to_go_on_from(self, run: Run, ledger: Ledger) -> str | None:
        kept = kept_for(run, ledger.runs.values(), self.project.layout)
        return kept.run if kept else None

    def _say(self, waiting: list[Run], reason: str) -> None:
        for run in waiting:
            if run.waits != reason:
                self._put(replace(run, waits=reason))

    def _put(self, run: Run) -> None:
        """Write a run's new state over what the store holds, unless a person ended it meanwhile."""
        says = f"run {run.id} waits" if run.status == "queued" else f"run {run.id} {run.status}"
        with self.project.store.transaction(says, by="dispatcher", undoable=False) as tables:
            current_run = tables.get(Run, run.id)
            if current_run and current_run.status == "queued":
                tables.put(replace(run, order=current_run.order))


def rest_after(tries: int, *, took: float) -> float:
    """Seconds until what has failed so often is tried again: at least as long as the last try `took`."""
    return max(took, REST * 2.0 ** min(tries - 1, DOUBLINGS))


def _room(limit: Literal["auto"] | int, state: GpuState, held: frozenset[str], running: int) -> int:
    """Runs that may start now: by the number set, or one for each free GPU, or one in all on a CPU box."""
    if limit != "auto":
        return limit - running
    return slots(state, held) if state.readings else 1 - running
