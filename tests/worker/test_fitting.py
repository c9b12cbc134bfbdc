"""A `fit` that would train or validate nothing, and an accuracy that can't see what is right, are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.domain.mistake import Mistake
from planner.trial import Trial
from tests.worker.making import make
from tests.worker.planted import recipe

pytestmark = pytest.mark.keras

CLASSES = np.arange(240) % 4
SORTED = np.sort(CLASSES)
HOT = np.eye(4)
X = np.zeros((240, 2))


def fits(labels: Any, validation: Any = None, kind: str = "sparse_categorical", **fit: Any) -> str:
    from planner.worker.checks import fitting
    from planner.worker.checks.heads import Head

    given = None if validation is None else (X[: len(validation)], validation)
    trial = Trial(None, (X[: len(labels)], labels), given, fit={"epochs": 3, **fit})
    return fitting.fits(trial, [Head("", kind, {}, labels[:32], np.zeros((32, 4)))])


@pytest.mark.parametrize(
    ("labels", "validation", "fit", "says"),
    [
        (CLASSES, None, {"epochs": 0}, "fit would train no epoch: epochs is 0;"),
        (CLASSES, None, {"initial_epoch": 3}, "epochs is 3 and initial_epoch is 3;"),
        (SORTED, None, {"shuffle": False}, "come class by class"),
        (HOT[SORTED], None, {"shuffle": False}, "come class by class"),
        (SORTED[:180], SORTED[180:], {}, "none of the classes of the validation labels"),
        (HOT[SORTED[:180]], HOT[SORTED[180:]], {}, "none of the classes of the validation labels"),
        (
            SORTED,
            None,
            {"validation_split": 0.2},
            "all of one class, and 6% of the training labels are of it",
        ),
    ],
)
def test_what_would_train_or_validate_nothing_is_named(
    labels: Any, validation: Any, fit: dict[str, Any], says: str
) -> None:
    with pytest.raises(Mistake) as mistake:
        fits(labels, validation, **fit)
    assert says in str(mistake.value)
    assert str(mistake.value).endswith('write skip = ["fit"] under [rungs.check] if that is meant')


@pytest.mark.parametrize(
    ("labels", "validation", "fit"),
    [
        (SORTED, None, {}),
        (SORTED, None, {"shuffle": True}),
        (CLASSES, None, {"shuffle": False}),
        (SORTED[::10], None, {"shuffle": False}),  # so few that a batch holds several classes
        (CLASSES, None, {"validation_split": 0.2}),
        (CLASSES, CLASSES[:5], {}),
        (CLASSES, SORTED[:5], {}),
        (np.arange(240) % 80 == 0, np.zeros(60, dtype=bool), {}),  # what is rare may be missing by chance
        (CLASSES, None, {"epochs": 1, "steps_per_epoch": 1}),
    ],
)
def test_what_looks_like_it_and_is_right_is_left_alone(
    labels: Any, validation: Any, fit: dict[str, Any]
) -> None:
    assert fits(labels, validation, **fit).startswith("fit trains")


def test_numbers_in_order_are_no_classes() -> None:
    assert fits(np.linspace(0, 1, 240), np.linspace(2, 3, 60), "values", shuffle=False)


NETWORK = "return trial(mlp(hidden()), metrics=[keras.metrics.CategoricalAccuracy(name='accuracy')])"
BUGS = {
    "an accuracy of one-hot labels for class numbers": (
        NETWORK, "right answers", " for right answers: an accuracy of another kind of labels",
    ),
    "an accuracy of numbers": (
        "return trial(mlp(hidden(), units=1, activation=None), y=T, loss='mse')",
        "right answers", "val_accuracy is 0 for right answers",
    ),
    "no epochs": ("return trial(mlp(hidden()), fit={'epochs': 0})", "fit", "epochs is 0"),
    "an optimiser that another model was trained with": (
        "optimizer = keras.optimizers.Adam(0.003)\n"
        "    optimizer.build(mlp(hidden()).trainable_variables)\n"
        "    return trial(mlp(hidden()), optimizer=optimizer)",
        "training step", "was built for the weights of another model",
    ),
}  # fmt: skip
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_of_the_fit_ends_at_its_question(name: str, tmp_path: Path) -> None:
    body, question, cause = BUGS[name]
    run = make(tmp_path, recipe(body), rung="check")
    assert (run.ended.status, run.checks[-1].name) == ("failed", question)
    assert cause in run.ended.cause


SEEING = {
    "class numbers": {},
    "one-hot labels, and logits": {
        "y": "HOT", "activation": None, "loss": "keras.losses.CategoricalCrossentropy(from_logits=True)",
    },
    "two classes, as logits that are told apart at 0": {
        "y": "Y % 2", "activation": None, "units": 1,
        "loss": "keras.losses.BinaryCrossentropy(from_logits=True)",
        "metrics": "[keras.metrics.BinaryAccuracy('accuracy', threshold=0.0)]",
    },
    "several at once": {"y": "HOT", "activation": "sigmoid", "loss": "'binary_crossentropy'"},
    "labels that are no certainties": {
        "y": "0.1 + 0.8 * (Y % 2)", "activation": "sigmoid", "units": 1, "loss": "'binary_crossentropy'",
    },
    "squares of one-hot labels": {"y": "HOT", "loss": "'mse'"},
    "a column of class numbers": {"y": "Y[:, None]"},
}  # fmt: skip
"""By name: what a classifier is made with, whose accuracy is right."""


@pytest.mark.parametrize("name", SEEING)
def test_an_accuracy_of_its_labels_finds_right_answers_right(name: str) -> None:
    from planner.worker.checks.heads import heads
    from planner.worker.checks.right_answers import finds_right
    from planner.worker.checks.subject import subject_of

    made = {"y": "Y", "activation": "softmax", "units": 4, "loss": "SPARSE", "metrics": "['accuracy']"}
    told = {**made, **SEEING[name]}
    model = f"mlp(units={told['units']}, activation={told['activation']!r})"
    text = f"return trial({model}, y={told['y']}, loss={told['loss']}, metrics={told['metrics']})"
    names: dict[str, Any] = {}
    exec(recipe(text), names)
    subject = subject_of(names["recipe"]({}), 0)
    answers = subject.answers(subject.few[0])
    subject.model.compute_metrics(None, subject.few[0].y, answers)  # as a training step does
    found = heads(subject, subject.few[0], answers)
    said = "not asked" if "certainties" in name else "val_accuracy is 1 for right answers"
    assert finds_right(subject, found, "val_accuracy").startswith(said)
