"""A Keras model with its regularisation off: what is left is what it can learn at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from planner.worker import tensorflow
from planner.worker.data import Arrays

SMOOTHING = "label_smoothing"
"""What Keras's own losses call it."""
NORMS = (keras.constraints.MaxNorm, keras.constraints.MinMaxNorm, keras.constraints.UnitNorm)
"""Constraints that hold weights small, as penalties do."""


class Plain(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """The model within as it answers outside training, but for batch statistics; its penalties left out."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.training = False
        alone = getattr(inner, "_distribute_strategy", None) is None
        self._graphs = keras.config.backend() == "tensorflow" and alone and not inner.run_eagerly
        self._many: Any = None
        self._answer: Any = None
        if names := getattr(inner, "output_names", None):
            self.output_names = names
        for layer in flat_layers(inner):
            if isinstance(layer, keras.layers.BatchNormalization):
                _normalise_by_batch(layer)
        for variable in inner.trainable_variables:
            if isinstance(getattr(variable, "constraint", None), NORMS):
                variable.constraint = None

    def call(self, inputs: Any) -> Any:
        """What the model within answers, with dropout, noise and augmentation as after training."""
        if not self.inner._call_has_training_arg:
            return self.inner(inputs)
        return self.inner(inputs, training=self.training)

    def as_in_training(self) -> None:
        """From now on it answers as the model within does in training: what some do only there is learnt."""
        self.training, self._answer = True, None

    @property
    def losses(self) -> list[Any]:
        """No penalty of any layer."""
        return []

    def ready(self, optimizer: Any) -> None:
        """Compile it to be trained with an optimiser; the loss is the model's own, without smoothing."""
        self.compile(
            optimizer=optimizer,
            loss=unsmoothed(self.inner.loss),
            loss_weights=getattr(self.inner._compile_loss, "_user_loss_weights", None),
            run_eagerly=bool(self.inner.run_eagerly),
            jit_compile=False,
        )
        # What makes its variables while it is traced is traced twice.
        self.optimizer.build(self.inner.trainable_variables)
        self._many = None

    def steps(self, examples: Arrays, places: Any) -> list[float]:
        """Train on the examples at places (k, batch), a batch a step; answers the loss before each step."""
        if self._graphs and self._many is None:
            given = _tensors(examples)
            many = tensorflow.repeated(self._step_within, given)
            self._many = self._tried(many, given, keras.ops.convert_to_tensor(places[:0]))
        if self._many is None:
            return [self._step(examples.take(row)) for row in places]
        losses = self._many(_tensors(examples), keras.ops.convert_to_tensor(places))
        return [float(loss) for loss in keras.ops.convert_to_numpy(losses)]

    def _step(self, batch: Arrays) -> float:
        found = self.train_on_batch(batch.x, batch.y, sample_weight=batch.weight, return_dict=True)
        return float(found["loss"])

    def _step_within(self, data: Any) -> Any:
        self.reset_metrics()
        return keras.ops.cast(self.train_step(data)["loss"], "float32")

    def answers(self, examples: Arrays, batch: int) -> Any:
        """What it answers, in the structure of its outputs, as arrays; asked in batches as in training."""
        parts = [
            keras.tree.map_structure(
                keras.ops.convert_to_numpy, self._answered(cut(examples, start, batch).x)
            )
            for start in range(0, len(examples), batch)
        ]
        return keras.tree.map_structure(lambda *leaves: np.concatenate(leaves), *parts)

    def _answered(self, inputs: Any) -> Any:
        """One batch's answers, by a graph where one can be made."""
        given = keras.tree.map_structure(_tensor, inputs)
        if self._graphs and self._answer is None:
            self._answer = self._tried(tensorflow.compiled(self.call), given)
        return self(given) if self._answer is None else self._answer(given)

    def _tried(self, graph: Any, *given: Any) -> Any:
        """The graph, once it was made; None where something of the model's does not go into one."""
        try:
            graph(*given)
        except Exception:
            # The project's layers may do anything while they are traced; step by step Keras knows how to.
            self._graphs = False
            return None
        return graph

    def taken(self) -> list[Any]:
        """A copy of all its weights."""
        return [np.array(keras.ops.convert_to_numpy(value)) for value in self.variables_within()]

    def put_back(self, weights: list[Any]) -> None:
        """Make the weights what they were."""
        for variable, value in zip(self.variables_within(), weights, strict=True):
            variable.assign(value)

    def variables_within(self) -> list[Any]:
        """Every weight and statistic of the model within."""
        return list(self.inner.variables)


def cut(examples: Arrays, start: int, batch: int) -> Arrays:
    """The examples of one batch."""
    return examples.take(slice(start, start + batch))


def flat_layers(model: Any) -> Iterator[Any]:
    """Every layer at any depth."""
    yield from model._flatten_layers(include_self=False)


def unsmoothed(loss: Any) -> Any:
    """The same loss, or structure of losses, with Keras's label smoothing off."""
    if isinstance(loss, dict):
        return {name: unsmoothed(part) for name, part in loss.items()}
    if isinstance(loss, list | tuple):
        return [unsmoothed(part) for part in loss]
    if not isinstance(loss, keras.losses.Loss) or not getattr(loss, SMOOTHING, 0):
        return loss
    if not type(loss).__module__.startswith("keras."):
        return loss
    return type(loss).from_config({**loss.get_config(), SMOOTHING: 0.0})


def has_own_step(model: Any) -> bool:
    """Whether it computes its loss or its training step by itself, so that labels may mean anything."""
    return any(
        getattr(type(model), name) is not getattr(keras.Model, name)
        for name in ("train_step", "compute_loss")
    )


def _tensors(examples: Arrays) -> tuple[Any, ...]:
    """Inputs, labels, and weights where there are any."""
    parts = (part for part in (examples.x, examples.y, examples.weight) if part is not None)
    return tuple(keras.tree.map_structure(_tensor, part) for part in parts)


def _tensor(leaf: Any) -> Any:
    return leaf if leaf.dtype.kind in "SUO" else keras.ops.convert_to_tensor(leaf)


def _normalise_by_batch(layer: Any) -> None:
    """Let it use the statistics of the batch, as in training, whatever the rest of the model does."""
    own = layer.call

    def call(inputs: Any, training: Any = None, mask: Any = None) -> Any:  # noqa: ARG001  # Keras's signature
        return own(inputs, training=True, mask=mask) if mask is not None else own(inputs, training=True)

    layer.call = call
