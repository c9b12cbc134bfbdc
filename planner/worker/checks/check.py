"""The rung `check`, by the kind of the recipe."""

from __future__ import annotations

from collections.abc import Callable

from planner.trial import Trial
from planner.worker import command, loop
from planner.worker.checks.asking import ask, warn_of_unknown
from planner.worker.checks.builder import Builder
from planner.worker.checks.places import ask_for_places
from planner.worker.checks.project_test import ask_for_test
from planner.worker.checks.reading import ask_whether_read
from planner.worker.recipe import Recipe, is_keras
from planner.worker.task import Task

WITHOUT = ("tiny",)
"""Rungs that mean nothing for a recipe whose model the planner does not hold in its hands."""


def check_command(task: Task) -> None:
    """Every question about a command; raises what the first failing one raised."""
    _begin(task)
    ask_for_places(task)
    command.check(task)
    task.report.covers = WITHOUT


def check_recipe(task: Task, recipe: Recipe, built: Callable[[Trial], None]) -> None:
    """Every question about a function of the project; `built` is told of the trial that it returns."""
    _begin(task)
    if recipe.own_loop:
        _check_loop(task, recipe)
        return
    builder = Builder(task, recipe)
    trial = _built(task, builder)
    built(trial)
    task.signals.obey()
    if is_keras(trial.model):
        from planner.worker.checks import network

        network.check(task, trial, builder)
        return
    from planner.worker.checks import estimator

    estimator.check(task, trial, builder)
    task.report.covers = WITHOUT


def _check_loop(task: Task, recipe: Recipe) -> None:
    params = loop.watched(task)
    loop.check(task, recipe, params)
    ask_whether_read(task, params, later=True)
    task.report.covers = WITHOUT


def _begin(task: Task) -> None:
    warn_of_unknown(task)
    ask_for_test(task)


def _built(task: Task, builder: Builder) -> Trial:
    """The recipe's trial, whose coming to be is an answer too."""
    trials: list[Trial] = []

    def builds() -> str:
        trials.append(builder.trial())
        return f"{task.spec.entry} returns a trial of a {type(trials[0].model).__name__}"

    with task.signals.abruptly():
        ask(task, "recipe", builds)
    return trials[0]
