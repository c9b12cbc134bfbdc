"""The recipe: found in the project, called with the params, its answer examined."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.nearest import did_you_mean
from planner.worker.task import Task


@dataclass(frozen=True, slots=True)
class Recipe:
    """A function of the project that makes trials, or one that keeps its own loop."""

    entry: str
    """`module:function`, as `planner.toml` has it."""
    function: Callable[..., Any]
    """The function itself."""
    own_loop: bool
    """Whether it takes `(params, run)` and trains by itself."""

    def trial(self, task: Task, params: dict[str, Any] | None = None) -> Trial:
        """Call it with these params or with the run's; Mistake when what it returns is no trial."""
        answer = self.function(deepcopy(task.spec.params if params is None else params))
        _examine(self.entry, answer, task.spec.metric)
        assert isinstance(answer, Trial)
        return answer


def load(entry: str, project: Path) -> Recipe:
    """Import the recipe from the project; Mistake when there is no such module or function."""
    module_name, _, name = entry.partition(":")
    if not module_name or not name:
        raise Mistake(f"recipe.entry in planner.toml is {entry!r}; write it as module:function")
    module = _module(module_name, project)
    function = getattr(module, name, None)
    if not callable(function):
        own = [key for key, value in vars(module).items() if inspect.isfunction(value)]
        what = "no function" if function is None else "a value, not a function,"
        raise Mistake(f"{module_name} has {what} {name}{did_you_mean(name, own)}")
    return Recipe(entry, function, _takes_run(entry, function))


def is_estimator(model: object) -> bool:
    """Whether it works the way scikit-learn's estimators do; some can predict only once they are fitted."""
    verbs = ("fit", "predict", "get_params")
    return all(hasattr(model, verb) or hasattr(type(model), verb) for verb in verbs)


def is_keras(model: object) -> bool:
    """Whether it is a Keras model; Keras is not imported to find out."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(model, keras.Model)


def _module(name: str, project: Path) -> Any:
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name != missing and not name.startswith(f"{missing}."):
            raise  # the module is there; what it imports is not
        files = [path.stem for path in project.glob("*.py")]
        raise Mistake(f"there is no module {name} in {project}{did_you_mean(name, files)}") from error


def _takes_run(entry: str, function: Callable[..., Any]) -> bool:
    """Whether it has a second parameter for the run; Mistake when it takes no params at all."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    places = [place for place in inspect.signature(function).parameters.values() if place.kind in kinds]
    required = [place for place in places if place.default is inspect.Parameter.empty]
    if not places or len(required) > 2:
        raise Mistake(f"{entry} must take (params), or (params, run) to keep its own loop")
    return len(required) == 2 or (len(places) > 1 and places[1].name == "run")


def _examine(entry: str, answer: object, metric: str) -> None:
    """Mistake when the recipe's answer is no trial that can run."""
    if answer is None:
        raise Mistake(f"{entry} returned nothing; it must return planner.Trial(...)")
    if not isinstance(answer, Trial):
        raise Mistake(f"{entry} returned a {type(answer).__name__}; it must return planner.Trial(...)")
    _examine_model(entry, answer.model)
    split = (answer.fit or {}).get("validation_split")
    if metric.startswith("val_") and answer.validation is None and not split:
        raise Mistake(
            f"{entry} returned a Trial without validation data, which the metric {metric} needs; "
            "write Trial(..., validation=(x, y))"
        )


def _examine_model(entry: str, model: object) -> None:
    if is_keras(model):
        if not getattr(model, "compiled", False):
            raise Mistake(
                f"{entry} returned a model that is not compiled; "
                "call model.compile(optimizer=..., loss=..., metrics=[...]) first"
            )
        return
    if isinstance(model, type):
        raise Mistake(
            f"{entry} returned a Trial whose model is the class {model.__name__}: write {model.__name__}()"
        )
    if not is_estimator(model):
        kind = f"{type(model).__module__}.{type(model).__qualname__}"
        raise Mistake(
            f"{entry} returned a Trial whose model is a {kind}; it must be a compiled keras.Model or a "
            "scikit-learn estimator (a recipe that takes (params, run) keeps its own loop)"
        )
