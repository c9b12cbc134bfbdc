"""What a run does between its first and its last word, by the kind of its recipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from planner.trial import Trial
from planner.worker import command, device, loop, recipe, resume, seed, tensorflow
from planner.worker.check import ask
from planner.worker.context import Context
from planner.worker.signals import StopRequested
from planner.worker.task import Task


def work(task: Task) -> None:
    """Train or check; raises StopRequested, a Mistake, or whatever the project's code raises."""
    context = _prepared(task)
    if task.spec.command is not None:
        (command.check if task.checking else command.train)(task)
    else:
        with seed.sown(task.spec.seed):
            _with_recipe(task, context)
        context.end()
    if not task.checking:
        task.demand_metric(set(task.report.metrics))
        resume.forget(task.folder)


def _prepared(task: Task) -> Context:
    """The stage set: the device chosen, the context written down, the project's folder entered."""
    device.choose_device(task.spec.device)
    device.choose_backend(device.wanted_backend(task.spec), needed=task.spec.command is None)
    tensorflow.prepare()
    context = Context(task)
    context.begin()
    task.signals.obey()
    os.chdir(task.spec.project)
    sys.path.insert(0, task.spec.project)
    return context


def _with_recipe(task: Task, context: Context) -> None:
    found = _loaded(task)
    context.code_in_use()
    seed.sow(task.spec.seed)
    if found.own_loop:
        (loop.check if task.checking else loop.train)(task, found)
        return
    trial = _built(task, found)
    context.trial(trial)
    task.signals.obey()
    (_with_keras if recipe.is_keras(trial.model) else _with_estimator)(task, trial)


def _loaded(task: Task) -> recipe.Recipe:
    with task.signals.abruptly():
        return recipe.load(task.spec.entry or "", task.project)


def _built(task: Task, found: recipe.Recipe) -> Trial:
    """The recipe's trial; on the rung `check` its coming to be is the first answer."""
    trials: list[Trial] = []

    def builds() -> str:
        trials.append(found.trial(task))
        return f"{found.entry} returns a trial of a {type(trials[0].model).__name__}"

    with task.signals.abruptly():
        if task.checking:
            ask(task, "recipe", builds)
        else:
            builds()
    return trials[0]


def _with_keras(task: Task, trial: Trial) -> None:
    """Keras has been imported by the project, so the worker's own part of it costs little more."""
    from planner.worker import check_keras, evaluate, fit, histograms
    from planner.worker.keras_judge import KerasJudge

    if task.checking:
        check_keras.check(task, trial)
        return
    fit.fit(task, trial)
    if task.spec.rung == "full":
        judge = KerasJudge(trial.model, dict(trial.fit or {}))
        _look_closer(task, "weights", lambda: histograms.write_histograms(trial.model, task.folder))
        _look_closer(task, "evaluation", lambda: evaluate.evaluate(task, trial, judge))


def _with_estimator(task: Task, trial: Trial) -> None:
    from planner.worker import check_estimator, estimator, evaluate

    if task.checking:
        check_estimator.check(task, trial)
        return
    estimator.fit(task, trial)
    if task.spec.rung == "full":
        judge = estimator.EstimatorJudge(trial.model)
        _look_closer(task, "evaluation", lambda: evaluate.evaluate(task, trial, judge))


def _look_closer(task: Task, what: str, look: Callable[[], None]) -> None:
    """Look at the trained model; its metrics are in, so neither a failure nor a stop takes them back."""
    try:
        with task.signals.abruptly():
            look()
    except StopRequested:
        task.report.alert(f"the {what} was left out: the run was asked to stop after training")
    except Exception as error:
        # It runs the project's own model and data once more, which may raise anything.
        task.report.alert(f"the {what} failed ({type(error).__name__}: {error})")
