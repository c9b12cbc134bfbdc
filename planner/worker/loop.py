"""Recipes that keep their own loop, and what they hold of their run."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.store import files
from planner.store.runfolder import RunFolder
from planner.trial import Trial
from planner.worker import resume
from planner.worker.agreement import agreement
from planner.worker.cause import headline
from planner.worker.checks.asking import ask
from planner.worker.checks.reading import demand_read
from planner.worker.checks.watched import Watched
from planner.worker.enough import Enough
from planner.worker.lingering import wait_for
from planner.worker.numbering import Numbering, whole
from planner.worker.recipe import Recipe
from planner.worker.report import bad_numbers, number_of
from planner.worker.task import Task


class EnoughSeen(BaseException):
    """The rung `check` has its answer, so the loop ends; no `except Exception` of a recipe may swallow it."""


class LiveRun:
    """The run as a recipe with a loop of its own sees it."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._numbering = Numbering()
        self._one_at_a_time = threading.Lock()
        self._process = os.getpid()
        self._asked = False
        self._over = False
        self._enough = False
        self._wanted = Enough(task.spec.metric)
        self._reporters: set[threading.Thread] = set()
        self._last: int | None = None
        self._names: set[str] = set()
        self._earlier: RunFolder | None = None
        self.fault: Mistake | None = None
        """What the rung `check` found wrong with what was logged; None while nothing is."""
        planned = task.spec.params.get("epochs")
        self._epochs = planned if isinstance(planned, int) else None

    @property
    def seed(self) -> int:
        """The seed; Python's, NumPy's, TensorFlow's and PyTorch's generators have it already."""
        return self._task.spec.seed

    @property
    def rung(self) -> str:
        """The step of the ladder: `check`, `tiny`, `small` or `full`."""
        return self._task.spec.rung

    @property
    def fraction(self) -> float:
        """The share of the training data to use, above 0 to 1."""
        return self._task.spec.fraction or 1.0

    @property
    def stopping(self) -> bool:
        """Whether the loop should save what it wants to keep, and return."""
        self._asked = True
        return self._enough or self._task.signals.stopping

    @property
    def folder(self) -> Path:
        """A folder of this run's own to write artefacts to."""
        return artefacts(self._task)

    @property
    def resumed_from(self) -> Path | None:
        """The folder of a run like this one that broke off, with what it had written; None to begin anew."""
        return self._earlier.artefacts if self._earlier is not None else None

    @property
    def names(self) -> set[str]:
        """Every metric logged so far."""
        return set(self._names)

    @property
    def untold(self) -> str:
        """Why the rung `check` can't tell whether the goal's metric comes; empty where it can."""
        return self._wanted.untold

    def go_on_from(self, earlier: RunFolder | None) -> None:
        """Offer the recipe what an earlier run has written; the first epoch logged says where it goes on."""
        self._earlier = earlier

    def log(
        self, epoch: int | None = None, metrics: Mapping[str, float] | None = None, /, **named: float
    ) -> None:
        """Report an epoch's metrics, by name or in a dict; what counts from 0 is shifted to count from 1.

        A loop that never looks at `stopping` is ended here when somebody asks the run to stop.
        """
        if os.getpid() != self._process:
            raise Mistake(
                "run.log was called in a process that the recipe has started: call it in its parent"
            )
        said = whole(named.pop("epoch", None) if epoch is None else epoch)
        if said is None:
            raise Mistake(f"run.log was given the epoch {_shown(epoch)}; it must be a whole number from 0 on")
        if not isinstance(metrics, Mapping | None):
            raise Mistake(
                f"run.log was given {_shown(metrics)} without a name: write run.log(epoch, name=...)"
            )
        self._take(said, _numbers({**(metrics or {}), **named}))
        if not self._asked:
            self._task.signals.obey()

    def _take(self, said: int, numbers: dict[str, float]) -> None:
        with self._one_at_a_time:
            if self._over:
                raise Mistake("run.log was called after the recipe had returned: let it wait for its threads")
            self._log(self._numbering.number(said), numbers)

    def wait_for_threads(self) -> None:
        """Wait for threads that report, or for any before the first report, as Python would; may stop."""
        own = threading.current_thread()
        others = (self._reporters if self._names else set(threading.enumerate())) - {own}
        wait_for(others, self._task.project, self._task.signals.obey)

    def close(self) -> None:
        """Nothing is logged from now on; a thread may still try."""
        with self._one_at_a_time:
            self._over = True

    def _log(self, epoch: int, numbers: dict[str, float]) -> None:
        self._reporters.add(threading.current_thread())
        self._names |= set(numbers)
        if self._task.checking:
            self._seen(epoch, numbers)
        if self._last is None and self._earlier is not None:
            inherit(self._task, self._earlier, epoch - 1)
        self._last = epoch
        self._task.report.epoch(epoch, self._epochs, numbers)

    def _seen(self, epoch: int, numbers: dict[str, float]) -> None:
        """End the check once the metric is there, or when it has not come for long."""
        if bad := hopeless(numbers, self._task.spec.metric):
            self.fault = Mistake(f"{bad} is {numbers[bad]} in epoch {epoch}")
        if self.fault or self._wanted.seen(epoch, self._names):
            self._task.report.words += self._enough  # one that goes on all the same is not silent
            self._enough = True  # which a loop in another thread, out of reach of what is raised, may look at
            raise EnoughSeen


def train(task: Task, recipe: Recipe) -> None:
    """Let the recipe run its loop; the metrics it logs or returns are the run's."""
    run, params = LiveRun(task), watched(task)
    run.go_on_from(earlier_artefacts(task))
    task.report.training()
    take_answer(task, recipe, _answer(recipe, run, params))
    task.signals.obey()
    demand_metric(task, recipe, set(task.report.metrics))
    if "params" not in task.spec.skip:
        demand_read(task, params, later=False)


def watched(task: Task) -> Watched:
    """The params of the run, which remember who looks at them; of another process nobody can tell."""
    params = Watched(deepcopy(task.spec.params))
    os.register_at_fork(before=params.give_away)
    return params


def check(task: Task, recipe: Recipe, params: Watched) -> None:
    """Run the loop until it has logged the goal's metric, or has not for long."""
    run = LiveRun(task)

    def runs() -> str:
        try:
            take_answer(task, recipe, _answer(recipe, run, params))
        except EnoughSeen:
            if run.fault:
                raise run.fault from None
            return "the loop reports its first epoch"
        return "the loop ends by itself"

    def reports() -> str:
        if run.untold:
            return run.untold
        demand_metric(task, recipe, run.names | set(task.report.metrics))
        return f"the run reports {task.spec.metric}"

    ask(task, "loop", runs)
    task.signals.obey()
    ask(task, "metric", reports)
    if run.untold:
        task.report.alert(run.untold)


def demand_metric(task: Task, recipe: Recipe, logged: set[str]) -> None:
    """Mistake when the goal's metric was not logged."""
    if not logged:
        raise Mistake(
            f"{recipe.entry} ended and logged no metrics: call run.log(epoch, {task.spec.metric}=...) after "
            "each epoch"
        )
    task.demand_metric(logged)


def _answer(recipe: Recipe, run: LiveRun, params: Watched) -> object:
    """What the recipe returned, once its threads have reported as well."""
    try:
        answer = _returned(recipe, run, params)
        run.wait_for_threads()
        return answer
    finally:
        run.close()


def _returned(recipe: Recipe, run: LiveRun, params: Watched) -> object:
    """What the function returned; leaving with exit status 0 is how scripts say that all went well."""
    try:
        return recipe.function(params, run)
    except SystemExit as left:
        if left.code not in (None, 0):
            raise
        return None


def take_answer(task: Task, recipe: Recipe, answer: object) -> None:
    """What the recipe returned, as metrics of its last epoch; Mistake when it is neither a dict nor None."""
    if answer is None:
        return
    if isinstance(answer, Trial):
        raise Mistake(f"{recipe.entry} takes (params, run) and returned a Trial; let it take params alone")
    if not isinstance(answer, dict):
        kind = type(answer).__name__
        raise Mistake(
            f"{recipe.entry} returned a {kind}; a recipe with its own loop returns a dict of metrics"
        )
    task.report.epoch(
        max(1, task.report.epoch_number), None, _numbers({str(name): value for name, value in answer.items()})
    )


def artefacts(task: Task) -> Path:
    """The folder for what a recipe wants to keep, made when it is first asked for."""
    files.make_folder(task.folder.artefacts)
    return task.folder.artefacts


def earlier_artefacts(task: Task) -> RunFolder | None:
    """The run to go on from where the recipe keeps its own state; this one is marked as such a run too."""
    agrees = agreement(task)
    with contextlib.suppress(OSError):  # on a full disk nobody goes on from here, and that is all
        resume.mark(task, agrees)
    found = resume.earlier(task, agrees)
    return found[0] if found else None


def inherit(task: Task, earlier: RunFolder, last: int) -> None:
    """Take over the epochs of an earlier run up to the `last`, if it has told of any."""
    if told := resume.epochs_before(earlier, last):
        task.report.inherit(earlier.id, told)


def hopeless(metrics: dict[str, float], metric: str) -> str:
    """The first loss, or the goal's metric, that is NaN or infinite; empty where none is.

    Of other metrics NaN may mean that they were not measured.
    """
    return next((name for name in bad_numbers(metrics) if name == metric or name.endswith("loss")), "")


def _numbers(metrics: dict[str, float]) -> dict[str, float]:
    """The metrics as floats; Mistake for one that is no number."""
    found = {}
    for name, raw in metrics.items():
        value = number_of(raw)
        if value is None:
            raise Mistake(f"the metric {name} is {_shown(raw)}; it must be a number")
        found[name] = value
    return found


def _shown(raw: object) -> str:
    """A value in one short line."""
    return headline(repr(raw))[:60]
