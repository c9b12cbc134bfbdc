"""A loss that is the higher the better the answers are has the wrong sign; unusual losses are let be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from planner.domain.mistake import Mistake
from planner.trial import Trial

pytestmark = pytest.mark.keras

Losses = dict[str, tuple[str, Callable[[Any, Any, Any], Any]]]
"""By name: the labels it is for, and the loss of (keras.ops, labels, answers)."""


def dice(o: Any, y: Any, p: Any) -> Any:
    return (2 * o.sum(y * p) + 1) / (o.sum(y) + o.sum(p) + 1)


def correlation(o: Any, y: Any, p: Any) -> Any:
    y, p = y - o.mean(y), p - o.mean(p)
    return o.sum(y * p) / o.sqrt(o.sum(y * y) * o.sum(p * p) + 1e-6)


def explained(o: Any, y: Any, p: Any) -> Any:
    return 1 - o.sum(o.square(y - p)) / o.sum(o.square(y - o.mean(y)))


def cross(o: Any, y: Any, p: Any) -> Any:
    return -o.sum(y * o.log(p + 1e-7), axis=-1)


def binary(o: Any, y: Any, p: Any) -> Any:
    return -o.mean(y * o.log(p) + (1 - y) * o.log(1 - p), axis=-1)


def soft(o: Any, y: Any, z: Any) -> Any:
    return -o.sum(y * o.log_softmax(z), axis=-1)


def cosine(o: Any, y: Any, p: Any) -> Any:
    return o.sum(o.normalize(y) * o.normalize(p), axis=-1)


def wrongly_ordered_in_time(o: Any, y: Any, p: Any) -> Any:
    """Cox's partial likelihood: who dies first has the highest risk, so good answers fall with the labels."""
    at_risk = o.cast(y >= o.transpose(y), "float32")
    return o.mean(o.log(o.sum(at_risk * o.exp(p), axis=0)) - o.reshape(p, (-1,)))


WRONG: Losses = {
    "a squared error with a minus": ("numbers", lambda o, y, p: -o.mean(o.square(y - p), axis=-1)),
    "1 less an absolute error": ("numbers", lambda o, y, p: 1 - o.mean(o.abs(y - p), axis=-1)),
    "a correlation": ("numbers", correlation),
    "what is explained of the variance": ("numbers", explained),
    "a cosine": ("vectors", cosine),
    "a likelihood": ("hot", lambda o, y, p: -cross(o, y, p)),
    "a likelihood of logits": ("logits", lambda o, y, p: -soft(o, y, p)),
    "1 less a binary cross-entropy": ("yes", lambda o, y, p: 1 - binary(o, y, p)),
    "an overlap": ("yes", dice),
    "the right class's probability": ("hot", lambda o, y, p: o.sum(y * p, axis=-1)),
}
RIGHT: Losses = {
    "a squared error": ("numbers", lambda o, y, p: o.mean(o.square(y - p), axis=-1)),
    "a negative correlation": ("numbers", lambda o, y, p: -correlation(o, y, p)),
    "what is left of the variance": ("numbers", lambda o, y, p: 1 - explained(o, y, p)),
    "a quantile": ("numbers", lambda o, y, p: o.mean(o.maximum(0.9 * (y - p), 0.1 * (p - y)), axis=-1)),
    "a critic's difference": ("numbers", lambda o, y, p: o.mean(y * p, axis=-1)),
    "the opposite of it": ("numbers", lambda o, y, p: -o.mean(y * p, axis=-1)),
    "a log-linear rate": ("counts", lambda o, y, p: o.mean(o.exp(p) - y * p, axis=-1)),
    "a survival": ("counts", wrongly_ordered_in_time),
    "a negative cosine": ("vectors", lambda o, y, p: -cosine(o, y, p)),
    "a cross-entropy": ("hot", cross),
    "a cross-entropy of logits": ("logits", soft),
    "a focal one": ("hot", lambda o, y, p: cross(o, y, p) * o.square(1 - o.sum(y * p, axis=-1))),
    "a binary one": ("yes", binary),
    "1 less an overlap": ("yes", lambda o, y, p: 1 - dice(o, y, p)),
    "hinges": ("signs", lambda o, y, p: o.mean(o.maximum(1 - y * p, 0), axis=-1)),
    "distances of like pairs": (
        "distances",
        lambda o, y, d: o.mean(y * o.square(d) + (1 - y) * o.square(o.maximum(1 - d, 0)), axis=-1),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_loss_that_is_highest_for_the_labels_has_the_wrong_sign(name: str) -> None:
    with pytest.raises(Mistake, match="its sign is wrong"):
        judged(*WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_a_loss_that_means_what_it_says_is_let_be(name: str) -> None:
    assert judged(*RIGHT[name]) == "no other answers cost less than the labels"


def test_a_loss_whose_arguments_stand_in_the_wrong_order_is_told_so() -> None:
    with pytest.raises(Mistake, match="a loss is given the labels first"):
        judged("hot", lambda o, y, p: -o.sum(p * o.log(o.clip(y, 1e-7, 1.0)), axis=-1))


def test_labels_that_are_no_answers_tell_nothing() -> None:
    kind, loss = "numbers", lambda o, y, p: o.mean(o.square(y[:, :1] - p), axis=-1)
    assert judged(kind, loss, wider=True) == "not asked: the labels are no answers"


def judged(kind: str, loss: Callable[[Any, Any, Any], Any], *, wider: bool = False) -> str:
    import keras

    from planner.worker.checks.loss_sign import prefers_labels
    from planner.worker.checks.subject import subject_of

    draw = np.random.default_rng(0)
    classes = draw.integers(0, 3, 32)
    labels, activation = {
        "numbers": (draw.normal(size=(32, 1)), None),
        "counts": (draw.poisson(3.0, (32, 1)), None),
        "vectors": (draw.normal(size=(32, 3)), None),
        "hot": (np.eye(3)[classes], "softmax"),
        "logits": (np.eye(3)[classes], None),
        "yes": (np.eye(3)[classes], "sigmoid"),
        "signs": (2.0 * draw.integers(0, 2, (32, 1)) - 1, "tanh"),
        "distances": (draw.integers(0, 2, (32, 1)), "relu"),
    }[kind]
    units = labels.shape[1]
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation)])
    model.compile(loss=lambda y, p: loss(keras.ops, y, p))
    y = np.repeat(labels, 2, axis=1) if wider else labels
    x = np.abs(draw.normal(size=(32, 4)))
    subject = subject_of(Trial(model, (x.astype("float32"), y.astype("float32"))), 0)
    return prefers_labels(subject, subject.answers(subject.few[0]))
