"""What an evaluation asks of a trained model, whatever library it comes from."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np

from planner.worker.data import Arrays

Style = Literal["classes", "several", "numbers"]
"""One class out of many, any number of classes at once, or values."""
Floats = np.ndarray[Any, np.dtype[np.float64]]
"""An array of floats."""


class Judge(Protocol):
    """A trained model that can be asked for its metrics and its answers."""

    confident: bool
    """Whether the answers are probabilities rather than bare decisions."""
    names: tuple[str, ...]
    """Names of the classes in the order of the answers, as far as the model knows them."""

    def metrics(self, data: Any) -> dict[str, float]:
        """Every metric on arrays or batches, without the `val_` prefix."""
        ...

    def style(self, answers: Floats) -> Style | None:
        """What kind of answers these are; None when examples can't be judged one by one."""
        ...

    def answers(self, batch: Arrays) -> Floats | None:
        """Probabilities (n,) or (n, classes), or values, of the examples; None from several outputs."""
        ...

    def expected(self, y: Any) -> Any:
        """The labels as numbers of classes, one-hot rows or values, one row per example."""
        ...
