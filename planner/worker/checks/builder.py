"""Builds further trials beside the one under question: the baseline's, the same again, with another seed."""

from __future__ import annotations

from planner.trial import Trial
from planner.worker import seed
from planner.worker.checks.watched import Watched
from planner.worker.recipe import Recipe
from planner.worker.task import Task


class Builder:
    """Calls the recipe again for whoever needs to compare."""

    def __init__(self, task: Task, recipe: Recipe) -> None:
        self._task = task
        self._recipe = recipe
        self._beside: Trial | None = None
        self.params = Watched(dict(task.spec.params))
        """The idea's params, which remember who read them."""

    def trial(self) -> Trial:
        """The idea's trial; whatever the recipe raises."""
        return self._recipe.trial(self._task, self.params)

    def anew(self) -> Trial:
        """The idea's trial once more, from the same seed."""
        return self._built(self._task.spec.seed, dict(self._task.spec.params))

    def with_another_seed(self) -> Trial:
        """The idea's trial as another seed draws it."""
        return self._built(self._task.spec.seed + 1, dict(self._task.spec.params))

    def beside(self, *, anew: bool = False) -> Trial | None:
        """The baseline's trial, from the same seed, built once unless `anew`; None without a baseline."""
        params = self._task.spec.beside
        if params is None:
            return None
        if anew:
            return self._built(self._task.spec.seed, dict(params))
        self._beside = self._beside or self._built(self._task.spec.seed, dict(params))
        return self._beside

    def _built(self, number: int, params: dict[str, object]) -> Trial:
        seed.sow(number)
        try:
            return self._recipe.trial(self._task, params)
        finally:
            seed.sow(self._task.spec.seed)
