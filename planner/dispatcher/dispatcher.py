"""The only loop: settle what ended, climb the ladder, start what fits; safe to call twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.clock import after
from planner.dispatcher.climb import climb
from planner.dispatcher.code import keep_code
from planner.dispatcher.launch import Launcher
from planner.dispatcher.measuring import Measurements
from planner.dispatcher.searching import Searches
from planner.dispatcher.settle import settled
from planner.dispatcher.standing_by import StandingBy
from planner.domain.event import Progress
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.executors.base import Executor, Job
from planner.executors.local import LocalExecutor
from planner.rules.progress import fold
from planner.workspace.project import Project


class Dispatcher:
    """Looks at the store and the run folders, and does the next thing for each."""

    def __init__(self, project: Project, executor: Executor) -> None:
        self.project = project
        self.executor = executor
        self.launcher = Launcher(project, executor)
        self.stands_by = False
        """Whether a worker with Keras imported is kept for the next run."""
        self._standing_by = StandingBy(project)
        self._searches = Searches()
        self._measurements = Measurements(project.layout.project)
        self._jobs: dict[str, Job] = {}

    @classmethod
    def of(cls, project: Project) -> Dispatcher:
        """The dispatcher of a project with the executor its settings name."""
        settings = project.settings.dispatch
        return cls(project, LocalExecutor(python=None if settings.python == "auto" else settings.python))

    def adopt(self) -> None:
        """After a start: go on where the last one ended; runs that vanished unwatched pause the queue."""
        self.launcher.follow_started()
        self.launcher.sweep()
        for run in _running(self.project.store.read()):
            if run.device:
                self.launcher.leases.take(run.device)
        vanished = [run for run in _running(self.project.store.read()) if self._vanished(run)]
        if vanished:
            names = ", ".join(run.id for run in vanished)
            reason = f"{names} vanished while no dispatcher was watching; `planner dispatch --resume` goes on"
            with self.project.store.transaction("pause dispatch", by="dispatcher", undoable=False) as tables:
                tables.set_paused(reason)

    def tick(self) -> bool:
        """One look at the world; answers whether anything is left to do."""
        self._settle_ended()
        climb(self.project, self._searches, self._measurements)
        busy = self.has_work()
        # While nothing runs, a run had better wait until Keras is imported than import it once more.
        if self._ready(busy=busy) or _running(self.project.store.read()):
            self.launcher.start_what_fits()
        return self.launcher.let_go() or self.has_work()

    def leave(self) -> None:
        """Let go of who stands by and of who is asked; runs go on."""
        self.executor.prepare(None)
        self._searches.keep(())

    def has_work(self) -> bool:
        """Whether a run is live, or a dispatched idea has not come to its verdict."""
        ledger = self.project.store.read()
        if _running(ledger):
            return True
        if ledger.paused:
            return False
        queued = any(run.status == "queued" for run in ledger.runs.values())
        return queued or any(idea.dispatch and not idea.dispatch.halted for idea in ledger.ideas.values())

    def _ready(self, *, busy: bool) -> bool:
        backend = self._standing_by.backend(self.project.store.read(), busy=busy)
        self.stands_by = backend is not None
        return self.executor.prepare(backend)

    def _settle_ended(self) -> None:
        for run in _running(self.project.store.read()):
            if self.project.store.read().runs[run.id].status != "running":
                continue  # settled while others were looked at
            job = self._job(run)
            if run.stop_requested and job.alive():
                job.stop()
            if not job.alive():
                self._settle(run, job)

    def _settle(self, run: Run, job: Job) -> None:
        folder = self.project.layout.run(run.id)
        keep_code(self.project, run)
        progress = fold(Progress(), folder.read_events()[0])
        outcomes = self.project.store.read().outcomes
        ended = settled(
            run,
            progress,
            metric=self.project.settings.goal.metric,
            exit_code=job.exit_code(),
            folder=folder,
            # After every verdict so far, none of which rests on it, wherever the clock stands now.
            at=after(self.project.now(), run.started_at or run.queued_at, *_made_here(outcomes)),
        )
        with self.project.store.transaction(
            f"run {run.id} {ended.status}", by="dispatcher", undoable=False
        ) as tables:
            current = tables.get(Run, run.id)
            if current and current.status == "running":
                tables.put(replace(ended, order=current.order))
                if ended.status == "crashed" and progress.ended:  # by its own word it can't be made here
                    tables.set_paused(ended.cause)
        self.launcher.tidy(run)
        self._jobs.pop(run.id, None)

    def _job(self, run: Run) -> Job:
        if run.id not in self._jobs:
            started = self.launcher.started.pop(run.id, None)
            self._jobs[run.id] = started or self.executor.attach(run.job or "")
        return self._jobs[run.id]

    def _vanished(self, run: Run) -> bool:
        if self._job(run).alive():
            return False
        events, _ = self.project.layout.run(
            run.id
        ).read_events()  # after its death, so that nothing is missed
        return fold(Progress(), events).ended is None


def _made_here(outcomes: Iterable[Outcome]) -> list[str]:
    """When the outcomes landed that no file brought with it."""
    return [outcome.at for outcome in outcomes if not outcome.imported]


def _running(ledger: Ledger) -> list[Run]:
    return [run for run in ledger.runs.values() if run.status == "running"]
