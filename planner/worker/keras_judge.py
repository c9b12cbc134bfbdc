"""A trained Keras model's metrics and answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.worker.data import Arrays
from planner.worker.judge import Floats, Style
from planner.worker.report import number_of


class KerasJudge:
    """Asks a compiled Keras model."""

    confident = True
    names: tuple[str, ...] = ()

    def __init__(self, model: Any, fit: dict[str, Any]) -> None:
        self._model = model
        self._batch = fit.get("validation_batch_size") or fit.get("batch_size")
        self._steps = fit.get("validation_steps")

    def metrics(self, data: Any) -> dict[str, float]:
        """The loss and the compiled metrics, over arrays or batches."""
        if isinstance(data, Arrays):
            found = self._model.evaluate(
                data.x,
                data.y,
                sample_weight=data.weight,
                batch_size=self._batch,
                verbose=0,
                return_dict=True,
            )
        else:
            found = self._model.evaluate(data, steps=self._steps, verbose=0, return_dict=True)
        return {name: value for name, raw in found.items() if (value := number_of(raw)) is not None}

    def style(self, answers: Floats) -> Style | None:
        """Told by the loss; a loss of the project's own by what the answers look like."""
        name = _loss_name(self._model.loss)
        if name is None or answers.ndim > 2 or "hinge" in name:
            return None
        single = answers.ndim == 1 or answers.shape[1] == 1
        if "binary" in name:
            return "classes" if single else "several"
        if "crossentropy" in name:
            return "classes"
        return "classes" if not single and _sums_to_one(answers) else "numbers"

    def answers(self, batch: Arrays) -> Floats | None:
        """Probabilities also where the model itself gives logits; None from several outputs."""
        raw = self._model.predict_on_batch(batch.x)
        if not hasattr(raw, "shape"):
            return None
        values = np.asarray(raw, dtype=np.float64)
        if not getattr(self._model.loss, "from_logits", False):
            return values
        binary = "binary" in (_loss_name(self._model.loss) or "")
        return _sigmoid(values) if binary else _softmax(values)

    def expected(self, y: Any) -> Any:
        """Keras's labels are numbers already."""
        return np.asarray(y)


def _loss_name(loss: Any) -> str | None:
    """The loss's name in small letters without underscores; None for several losses."""
    if loss is None or isinstance(loss, dict | list | tuple):
        return None
    name = loss if isinstance(loss, str) else getattr(loss, "name", None) or getattr(loss, "__name__", "")
    return str(name).lower().replace("_", "")


def _sums_to_one(answers: Floats) -> bool:
    return bool(np.all(answers >= 0) and np.allclose(answers.sum(axis=1), 1, atol=1e-3))


def _sigmoid(values: Floats) -> Floats:
    return np.exp(-np.logaddexp(0, -values))


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)
