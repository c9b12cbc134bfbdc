"""What a judged idea added is measured beside the loop: git may be slow, and its verdict alone waits."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

from planner.dispatcher.beside import beside
from planner.dispatcher.complexity import Between, complexity_between

SOON = 1.0
"""Seconds that a look waits for what it has just begun to measure: most is measured in less."""


class Measured(NamedTuple):
    """What came of measuring."""

    complexity: float | None
    """Complexity 0 to 5; None where nobody can tell."""


UNTOLD = Measured(None)
"""Nothing is there to be measured."""


class Measurements:
    """What is being measured, for each idea once at most.

    Nothing is lost with them: the same states of the code lie as far apart the next time.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._begun: dict[int, tuple[Between, Future[float | None]]] = {}

    def of(self, idea: int, wanted: Between | None) -> Measured | None:
        """What an idea added, which lies between two states of the code; None while it is measured."""
        if wanted is None:
            return UNTOLD
        known, future = self._begun.get(idea, (None, None))
        if future is None or known != wanted:
            future = self._begin(idea, wanted)
        return Measured(future.result()) if future.done() else None

    def keep(self, ideas: Collection[int]) -> None:
        """Forget what was measured for all other ideas."""
        self._begun = {idea: begun for idea, begun in self._begun.items() if idea in ideas}

    def _begin(self, idea: int, wanted: Between) -> Future[float | None]:
        future = beside(lambda: complexity_between(self._project, wanted), SOON)
        self._begun[idea] = wanted, future
        return future
