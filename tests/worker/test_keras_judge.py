"""What a Keras model's answers mean, told by its loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.worker.data import Arrays

pytestmark = pytest.mark.keras


def judge(units: int, loss: Any, outputs: int = 1) -> Any:
    import keras

    from planner.worker.keras_judge import KerasJudge

    inputs = keras.Input((2,))
    heads = [keras.layers.Dense(units, activation="linear")(inputs) for _ in range(outputs)]
    model = keras.Model(inputs, heads if outputs > 1 else heads[0])
    model.compile("sgd", loss)
    return KerasJudge(model, {})


BATCH = Arrays(np.ones((4, 2), "float32"), np.zeros(4))


@pytest.mark.parametrize(
    ("units", "loss", "style"),
    [
        (3, "sparse_categorical_crossentropy", "classes"),
        (3, "CategoricalCrossentropy", "classes"),
        (1, "binary_crossentropy", "classes"),
        (3, "binary_crossentropy", "several"),
        (1, "mse", "numbers"),
        (2, "hinge", None),
    ],
)
def test_the_loss_tells_the_kind_of_answer(units: int, loss: str, style: str | None) -> None:
    found = judge(units, loss)
    assert found.style(found.answers(BATCH)) == style


def test_logits_become_probabilities() -> None:
    import keras

    many = judge(3, keras.losses.SparseCategoricalCrossentropy(from_logits=True)).answers(BATCH)
    assert np.allclose(many.sum(axis=1), 1)
    one = judge(1, keras.losses.BinaryCrossentropy(from_logits=True)).answers(BATCH)
    assert np.all((one > 0) & (one < 1))


def test_a_loss_of_the_projects_own_is_told_by_the_answers() -> None:
    def own(y: Any, p: Any) -> Any:
        return (y - p) ** 2

    found = judge(3, own)
    assert found.style(np.array([[0.2, 0.3, 0.5]])) == "classes"
    assert found.style(np.array([[2.0, 0.3, 0.5]])) == "numbers"


def test_several_outputs_are_not_judged_one_by_one() -> None:
    found = judge(1, ["mse", "mse"], outputs=2)
    assert found.answers(BATCH) is None
