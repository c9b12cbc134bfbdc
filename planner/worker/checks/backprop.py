"""Back-propagated gradients of a model's loss, whatever backend computes them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from planner.worker.data import Arrays


def gradients(model: Any, batch: Arrays, *, training: bool) -> list[Any]:
    """The gradient of the batch's loss by each trainable weight, as an array; None where none arrives.

    Of a table of embeddings only the rows that the batch asks for.
    """
    return _OF[keras.config.backend()](model, batch, training)


@contextlib.contextmanager
def precisely() -> Iterator[None]:
    """Within the block no GPU rounds what it multiplies to fewer digits than single precision has."""
    if keras.config.backend() != "tensorflow":
        yield
        return
    import tensorflow

    switch = tensorflow.config.experimental
    before = switch.tensor_float_32_execution_enabled()
    switch.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        switch.enable_tensor_float_32_execution(before)


def _loss(model: Any, batch: Arrays, training: bool) -> Any:
    answers = model(batch.x, training=training)
    return model.compute_loss(batch.x, batch.y, answers, batch.weight, training=training)


def _tensorflow(model: Any, batch: Arrays, training: bool) -> list[Any]:
    import tensorflow

    weights = [variable.value for variable in model.trainable_variables]
    with tensorflow.GradientTape() as tape:
        loss = _loss(model, batch, training)
    found = tape.gradient(loss, weights)
    return [None if one is None else np.asarray(getattr(one, "values", one)) for one in found]


def _jax(model: Any, batch: Arrays, training: bool) -> list[Any]:
    import jax

    weights = model.trainable_variables

    def loss(values: list[Any]) -> Any:
        changed = list(zip(weights, values, strict=True))
        with keras.StatelessScope(state_mapping=changed, collect_losses=True):
            return _loss(model, batch, training)

    return [np.asarray(one) for one in jax.grad(loss)([variable.value for variable in weights])]


def _torch(model: Any, batch: Arrays, training: bool) -> list[Any]:
    import torch

    weights = [variable.value for variable in model.trainable_variables]
    found = torch.autograd.grad(_loss(model, batch, training), weights, allow_unused=True)
    return [None if one is None else one.detach().cpu().numpy() for one in found]


_OF = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
