"""The learning-rate finder: what its points say, and a search with a real model."""

from __future__ import annotations

from math import inf, log10, nan
from pathlib import Path
from textwrap import dedent

import pytest

from tests.worker.making import make

RECIPE = dedent("""
    import keras
    import numpy as np
    from planner import Trial

    def recipe(params):
        draw = np.random.default_rng(0)
        x = draw.normal(size=(128, 4)).astype("float32")
        rate = keras.optimizers.schedules.CosineDecay(0.0, 5, warmup_target=0.01, warmup_steps=5)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(rate, momentum=0.5), "mse")
        return Trial(model, (x, 5 + x @ [1.0, -2.0, 3.0, 0.5]), (x, x[:, 0]), fit={"batch_size": 16})
""")


def bowl(*, until: float = 10.0) -> list[tuple[float, float, float]]:
    """A loss of 1 that falls from 1e-3 on, is lowest at 0.1 and grows again."""
    rates = [10 ** (-6 + step / 10) for step in range(81)]
    losses = [1.0 if rate < 1e-3 else abs(log10(rate) + 1) / 2 + 0.01 for rate in rates]
    return [(rate, loss, loss) for rate, loss in zip(rates, losses, strict=True) if rate <= until]


def test_between_the_steepest_fall_and_a_tenth_of_the_lowest_loss_lies_what_is_worth_trying() -> None:
    from planner.worker.finder import judged

    found = judged(bowl(), diverged=True, now=1.0)
    assert found.minimum == pytest.approx(0.1)
    assert found.steepest == pytest.approx(1.6e-3, rel=0.1)
    assert found.lowest is not None
    assert found.highest is not None
    assert found.rate is not None
    assert found.lowest <= found.rate <= found.highest == pytest.approx(0.01)
    assert "and grows without end from" in found.says
    assert found.says.endswith("the recipe has 1")


def test_a_loss_that_falls_at_no_rate_suggests_none() -> None:
    from planner.worker.finder import judged

    flat = [(rate, 1.0, 1.0 + rate) for rate, _, _ in bowl()]
    found = judged(flat, diverged=False, now=None)
    assert found.rate is None
    assert found.says == "the loss falls at no rate from 1e-06 to 10"


def test_a_loss_that_is_no_number_at_the_end_hides_nothing_before_it() -> None:
    from planner.worker.finder import judged

    found = judged([*bowl(until=1.0), (10.0, nan, nan), (20.0, inf, inf)], diverged=True, now=None)
    assert found.minimum == pytest.approx(0.1)
    assert found.rate is not None


@pytest.mark.keras
def test_a_search_leaves_its_curve_and_its_answer_in_the_folder(tmp_path: Path) -> None:
    run = make(tmp_path, RECIPE, rung="lr", metric="val_loss", direction="min")
    assert run.ended.status == "finished", run.ended.cause
    assert run.ended.metrics == {}
    found = run.folder.read_rates()
    assert found is not None
    assert found.now == pytest.approx(0.01, rel=0.3)
    assert found.rate is not None
    assert 1e-4 < found.rate < 1
    assert len(run.epochs) == len(found.points)
    assert run.epochs[-1].metrics["learning_rate"] == pytest.approx(found.points[-1][0])
    assert [(check.name, check.detail) for check in run.checks] == [("learning rate", found.says)]


def test_a_recipe_with_a_loop_of_its_own_has_no_rate_to_be_looked_for(tmp_path: Path) -> None:
    run = make(tmp_path, "def recipe(params, run):\n    raise AssertionError", rung="lr")
    assert run.ended.status == "failed"
    assert "keeps its own loop: a learning rate can only be looked for where" in run.ended.cause
