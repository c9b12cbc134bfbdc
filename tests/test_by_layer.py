"""Learning rates by layer, with real optimisers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def trained(optimizer: Any, factors: dict[str, float]) -> dict[str, float]:
    """How far each weight moved in one step, on average."""
    import keras

    from planner import layer_rates

    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, name="encoder_1"),
            keras.layers.Dense(4, name="encoder_2"),
            keras.layers.Dense(1, name="head"),
        ]
    )
    model.compile(layer_rates(optimizer, factors), "mse")
    before = {weight.path: np.array(weight) for weight in model.weights}
    x = np.random.default_rng(0).normal(size=(8, 3))
    model.train_on_batch(x, 9 + x[:, :1])
    return {
        weight.path.removeprefix(f"{model.name}/"): float(np.abs(weight - before[weight.path]).mean())
        for weight in model.weights
    }


def test_each_weight_moves_by_its_own_share_of_the_rate() -> None:
    import keras

    moved = trained(keras.optimizers.Adam(0.01), {"encoder_*": 0.1, "encoder_2": 0, "head/bias": 2})
    # Adam's first step is as long as its rate, whatever the gradient.
    assert moved["encoder_1/kernel"] == pytest.approx(0.001, rel=0.01)
    assert moved["encoder_2/kernel"] == 0
    assert moved["head/kernel"] == pytest.approx(0.01, rel=0.01)
    assert moved["head/bias"] == pytest.approx(0.02, rel=0.01)


def test_a_pattern_that_fits_no_weight_is_named_with_the_nearest_layer() -> None:
    import keras

    with pytest.raises(
        ValueError, match=r"no weight of the model fits 'encodre_1'; did you mean encoder_1\?"
    ):
        trained(keras.optimizers.SGD(0.01), {"encodre_1": 0.1})


def test_an_optimiser_made_anew_keeps_its_rates_by_layer() -> None:
    import keras

    from planner.by_layer import layer_rates, rates_of
    from planner.worker.optimizer import same_optimizer

    own = layer_rates(keras.optimizers.Adam(0.01), {"head": 0.5})
    again = same_optimizer(own, 0.1)
    assert rates_of(again) == {"head": 0.5}
    assert float(again.learning_rate) == pytest.approx(0.1)
