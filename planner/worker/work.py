"""What a run does between its first and its last word, by the kind of its recipe."""

from __future__ import annotations

import os
from collections.abc import Callable

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker import command, device, fresh, loop, recipe, resume, seed, tensorflow
from planner.worker.checks import check
from planner.worker.context import Context
from planner.worker.signals import StopRequested
from planner.worker.task import Task
from planner.worker.tiny.questions import ask_nothing

ONLY_KERAS = "a learning rate can only be looked for where the planner trains a Keras model itself"


def work(task: Task) -> None:
    """Train or check; raises StopRequested, a Mistake, or whatever the project's code raises."""
    context = _prepared(task)
    if task.spec.command is not None:
        (check.check_command if task.checking else command.train)(task)
    else:
        with seed.sown(task.spec.seed):
            _with_recipe(task, context)
        context.end()
    if not task.asking:
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
    fresh.enter(task.spec.project)
    return context


def _with_recipe(task: Task, context: Context) -> None:
    found = _loaded(task)
    context.code_in_use()
    seed.sow(task.spec.seed)
    if task.checking:
        check.check_recipe(task, found, context.trial)
        if task.goes_on:
            seed.sow(task.spec.seed)
            further = task.on_tiny()
            context.climbed(further)
            _on_a_few(further, _built(task, found), found)
        return
    if found.own_loop:
        _with_own_loop(task, found)
        return
    trial = _built(task, found)
    context.trial(trial)
    task.signals.obey()
    if task.spec.rung == "lr":
        _with_rates(task, trial)
        return
    if task.asking:
        _on_a_few(task, trial, found)
        return
    (_with_keras if recipe.is_keras(trial.model) else _with_estimator)(task, trial)


def _loaded(task: Task) -> recipe.Recipe:
    with task.signals.abruptly():
        return recipe.load(task.spec.entry or "", task.project)


def _built(task: Task, found: recipe.Recipe) -> Trial:
    with task.signals.abruptly():
        return found.trial(task)


def _with_own_loop(task: Task, found: recipe.Recipe) -> None:
    if task.spec.rung == "lr":
        raise Mistake(f"{found.entry} keeps its own loop: {ONLY_KERAS}")
    if task.asking:
        ask_nothing(task, "a recipe with a loop of its own trains by itself")
    else:
        loop.train(task, found)


def _on_a_few(task: Task, trial: Trial, found: recipe.Recipe) -> None:
    """The rung `tiny`."""
    if not recipe.is_keras(trial.model):
        ask_nothing(task, "what is no Keras model is not trained step by step")
        return
    from planner.worker.tiny import rung

    rung.tiny(task, trial, found)


def _with_rates(task: Task, trial: Trial) -> None:
    """The search for the learning rate."""
    if not recipe.is_keras(trial.model):
        raise Mistake(f"a {type(trial.model).__name__} is no Keras model: {ONLY_KERAS}")
    from planner.worker import finder

    finder.find(task, trial)


def _with_keras(task: Task, trial: Trial) -> None:
    """Keras has been imported by the project, so the worker's own part of it costs little more."""
    from planner.worker import evaluate, fit, histograms
    from planner.worker.keras_judge import KerasJudge

    fit.fit(task, trial)
    if task.spec.rung == "full":
        judge = KerasJudge(trial.model, dict(trial.fit or {}))
        _look_closer(task, "weights", lambda: histograms.write_histograms(trial.model, task.folder))
        _look_closer(task, "evaluation", lambda: evaluate.evaluate(task, trial, judge))


def _with_estimator(task: Task, trial: Trial) -> None:
    from planner.worker import estimator, evaluate

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
