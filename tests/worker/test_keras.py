"""Keras models as recipes, trained for real and tiny."""

from __future__ import annotations

import json
import math
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from tests.worker.making import Made, make

pytestmark = pytest.mark.keras

HEAD = """
import os, signal
import keras
import numpy as np
from planner import Trial

def blobs(seed=0, n=96):
    draw = np.random.default_rng(seed)
    y = draw.integers(0, 3, n)
    return (np.eye(3)[y] + draw.normal(0, 0.3, (n, 3))).astype("float32"), y

def network(units=3, activation="softmax"):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units, activation=activation)])

class Hook(keras.callbacks.Callback):
    def __init__(self, do):
        super().__init__()
        self.do = do
    def on_train_batch_end(self, batch, logs=None):
        self.do(self)
"""

CLASSIFIER = """
def recipe(params):
    model = network()
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    (x, y), (xv, yv) = blobs(0), blobs(1)
    return Trial(
        model, (x, y), (xv, yv), slices={"twos": yv == 2},
        fit={"epochs": params["epochs"], "batch_size": 16}, labels=["a", "b", "c"],
    )
"""


def recipe(text: str) -> str:
    return dedent(HEAD) + dedent(text)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Made:
    where = tmp_path_factory.mktemp("classifier")
    (where / "project").mkdir()
    (where / "project/data.bin").write_bytes(b"12345")
    return make(where, recipe(CLASSIFIER), params={"epochs": 3, "api_key": "0123456789"}, data=("*.bin",))


def test_every_epoch_is_reported_in_order(classifier: Made) -> None:
    assert [(epoch.epoch, epoch.epochs) for epoch in classifier.epochs] == [(1, 3), (2, 3), (3, 3)]
    assert set(classifier.epochs[0].metrics) == {"accuracy", "loss", "val_accuracy", "val_loss"}
    seconds = [epoch.seconds for epoch in classifier.epochs]
    assert seconds == sorted(seconds)


def test_the_metrics_at_the_end_are_those_of_the_last_epoch(classifier: Made) -> None:
    assert classifier.ended.status == "finished"
    assert classifier.code == 0
    assert classifier.ended.metrics == classifier.epochs[-1].metrics


def test_the_checkpoint_is_the_trained_model(classifier: Made) -> None:
    import keras

    checkpoint = classifier.folder.checkpoints / "last.keras"
    model = keras.models.load_model(checkpoint)
    namespace: dict[str, object] = {}
    exec(recipe(""), namespace)
    x, y = namespace["blobs"](1)  # type: ignore[operator]  # a function of the text above
    assert model.evaluate(x, y, verbose=0)[0] == pytest.approx(classifier.ended.metrics["val_loss"], rel=1e-5)
    assert [path.name for path in classifier.folder.checkpoints.iterdir()] == ["last.keras"]


def test_the_evaluation_agrees_with_the_last_epoch(classifier: Made) -> None:
    evaluation = classifier.folder.read_evaluation()
    assert evaluation is not None
    assert evaluation.metrics["val_loss"] == pytest.approx(classifier.ended.metrics["val_loss"], rel=1e-5)
    assert [part.name for part in evaluation.slices] == ["twos"]
    assert evaluation.slices[0].size == sum(evaluation.confusion[2])
    assert evaluation.labels == ("a", "b", "c")
    assert sum(map(sum, evaluation.confusion)) == 96


def test_the_mean_of_the_own_losses_would_be_the_loss(classifier: Made) -> None:
    evaluation = classifier.folder.read_evaluation()
    assert evaluation is not None
    worst = evaluation.worst[0]
    assert worst.loss > evaluation.metrics["val_loss"]
    assert worst.confidence is not None
    assert 1 / 3 < worst.confidence <= 1
    assert len(evaluation.worst) == 20


def test_the_weights_have_histograms(classifier: Made) -> None:
    packed = np.load(classifier.folder.histograms)
    kernel = next(name for name in packed.files if name.endswith("kernel:counts"))
    assert packed[kernel].sum() == 9


def test_the_context_says_what_it_ran_on(classifier: Made) -> None:
    context = classifier.context
    assert context["backend"] == "tensorflow"
    assert context["packages"]["keras"] >= "3"
    assert context["model"]["optimizer"]["class"] == "Adam"
    assert context["model"]["optimizer"]["learning_rate"] == pytest.approx(0.05)
    assert context["fit"] == {"epochs": 3, "batch_size": 16}
    assert context["data_files"]["files"] == 1
    assert context["data"]["validation"]["examples"] == 96


def test_secrets_stay_out_of_the_context(classifier: Made) -> None:
    assert classifier.context["params"]["api_key"] == "[redacted]"
    assert "0123456789" not in classifier.folder.context.read_text()


def test_everything_in_the_folder_is_private(classifier: Made) -> None:
    for path in [classifier.folder.path, *classifier.folder.path.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_same_seed_repeats_the_run_and_another_does_not(classifier: Made, tmp_path: Path) -> None:
    again = make(tmp_path, recipe(CLASSIFIER), params={"epochs": 3}, rung="small")
    other = make(tmp_path, recipe(CLASSIFIER), params={"epochs": 3}, rung="small", seed=2)
    assert again.ended.metrics == classifier.ended.metrics
    assert other.ended.metrics != classifier.ended.metrics
    assert not again.folder.evaluation.exists()


def test_a_regressor_is_judged_by_squared_error(tmp_path: Path) -> None:
    run = make(
        tmp_path,
        recipe("""
        def recipe(params):
            model = network(1, None)
            model.compile("adam", "mse", metrics=["mae"])
            (x, y), (xv, yv) = blobs(0), blobs(1)
            return Trial(model, (x, y * 1.0, np.ones(96)), (xv, yv * 1.0), fit={"epochs": 1})
        """),
        metric="val_mae",
        direction="min",
    )
    assert run.ended.status == "finished"
    evaluation = run.folder.read_evaluation()
    assert evaluation is not None
    assert evaluation.confusion == ()
    worst = evaluation.worst[0]
    assert worst.loss == pytest.approx((float(worst.expected) - float(worst.got)) ** 2, rel=0.01)


def test_batches_of_a_dataset_are_cut_and_judged_too(tmp_path: Path) -> None:
    run = make(
        tmp_path,
        recipe("""
        import tensorflow as tf

        class Steps(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs):
                logs["steps"] = int(self.model.optimizer.iterations)

        def recipe(params):
            model = network(3, None)
            loss = keras.losses.CategoricalCrossentropy(from_logits=True)
            model.compile("adam", loss, metrics=["accuracy"])
            (x, y), (xv, yv) = blobs(0), blobs(1)
            train = tf.data.Dataset.from_tensor_slices((x, np.eye(3)[y])).batch(8)
            validation = tf.data.Dataset.from_tensor_slices((xv, np.eye(3)[yv])).batch(8)
            return Trial(model, train, validation, slices={"a": [1]}, fit={"callbacks": Steps()})
        """),
        fraction=0.25,
    )
    assert run.ended.status == "finished"
    assert run.ended.metrics["steps"] == 3  # of 12 batches
    assert run.alerts == ["slices need the validation data as arrays; this trial's come in batches"]
    evaluation = run.folder.read_evaluation()
    assert evaluation is not None
    right = sum(row[place] for place, row in enumerate(evaluation.confusion))
    assert right / 96 == pytest.approx(evaluation.metrics["val_accuracy"], rel=1e-5)
    assert run.context["data"]["train"] == {"kind": "_BatchDataset"}


def test_a_loss_that_is_not_finite_ends_training_and_is_no_measurement(tmp_path: Path) -> None:
    run = make(
        tmp_path,
        recipe("""
        def recipe(params):
            model = network(1, None)
            model.compile(keras.optimizers.SGD(1e30), "mse", metrics=["mae"])
            x, y = blobs()
            return Trial(model, (x, y), (x, y), fit={"epochs": 50})
        """),
        metric="val_mae",
        direction="min",
    )
    assert run.ended.status == "finished"
    assert len(run.epochs) < 3
    assert any(text.startswith(("loss is nan in epoch", "loss is inf in epoch")) for text in run.alerts)
    assert math.isnan(run.ended.metrics["val_mae"])
    assert json.loads(run.folder.events.read_text().splitlines()[-1])["metrics"]["val_mae"] == "nan"


def test_a_stop_ends_at_the_next_batch_and_keeps_the_checkpoint(tmp_path: Path) -> None:
    run = make(
        tmp_path,
        recipe("""
        def stop(hook):
            if hook.model.optimizer.iterations == 8:  # in the second of six steps of epoch 2
                os.kill(os.getpid(), signal.SIGHUP)
                os.kill(os.getpid(), signal.SIGTERM)

        def recipe(params):
            model = network()
            model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            fit = {"epochs": 1000, "batch_size": 16, "callbacks": [Hook(stop)]}
            return Trial(model, blobs(0), blobs(1), fit=fit)
        """),
        rung="small",
    )
    assert (run.ended.status, run.ended.cause) == ("stopped", "stopped by SIGTERM after epoch 1")
    assert run.code == 143
    assert len(run.epochs) == 1
    assert (run.folder.checkpoints / "last.keras").exists()
    assert run.ended.metrics == run.epochs[0].metrics


def test_an_exception_in_training_names_the_line(tmp_path: Path) -> None:
    text = recipe("""
        def fail(hook):
            raise ValueError("enough")

        def recipe(params):
            model = network()
            model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            return Trial(model, blobs(0), blobs(1), fit={"callbacks": [Hook(fail)]})
    """)
    line = 1 + text.splitlines().index('    raise ValueError("enough")')
    run = make(tmp_path, text)
    assert (run.ended.status, run.ended.cause) == ("failed", f"ValueError: enough (experiment.py:{line})")


CHECKED = """
def recipe(params):
    model = network()
    if params.get("compiled", True):
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = blobs()
    if params.get("wide"):
        x = np.concatenate([x, x], axis=1)
    if params.get("huge"):
        x = x * np.float32("inf")
    callbacks = [F1()] if params.get("f1") else []
    fit = {"batch_size": 16, "callbacks": callbacks, **params.get("fit", {})}
    return Trial(model, (x, y), (x, y), fit=fit)

class F1(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        logs["val_f1"] = 0.5
"""


def test_the_check_asks_one_question_after_another(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check")
    assert [(check.name, check.passed) for check in run.checks] == [
        ("recipe", True),
        ("forward pass", True),
        ("labels", True),
        ("probabilities", True),
        ("loss", True),
        ("examples", True),
        ("batch loss", True),
        ("gradients", True),
        ("frozen layers", True),
        ("numerical gradients", True),
        ("fit", True),
        ("training step", True),
        ("metric", True),
        ("right answers", True),
    ]
    assert run.ended.status == "finished"
    assert run.ended.metrics == {}
    assert not run.folder.checkpoints.exists()


def test_a_wrong_shape_fails_the_forward_pass(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check", params={"wide": True})
    assert [(check.name, check.passed) for check in run.checks][-1] == ("forward pass", False)
    assert run.ended.status == "failed"
    assert "expected axis -1 of input shape to have value 3" in run.ended.cause
    assert "\x1b" not in run.ended.cause
    assert run.ended.cause == run.checks[-1].detail


def test_answers_that_are_not_finite_fail_the_forward_pass(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check", params={"huge": True})
    assert run.checks[-1].name == "forward pass"
    assert "not finite" in run.ended.cause


def test_a_metric_that_a_callback_adds_is_found(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check", params={"f1": True}, metric="val_f1")
    assert run.ended.status == "finished"


def test_a_metric_that_nobody_reports_is_named_with_the_nearest(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check", metric="val_acc")
    assert run.ended.cause == (
        "the run reports accuracy, loss, val_accuracy, val_loss; planner.toml's metric val_acc is not among "
        "them; did you mean val_accuracy?"
    )


def test_a_model_that_is_not_compiled_is_refused(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), rung="check", params={"compiled": False})
    assert run.ended.cause.startswith(
        "experiment:recipe returned a model that is not compiled; call model.compile("
    )


def test_fit_must_leave_the_data_to_the_trial(tmp_path: Path) -> None:
    run = make(tmp_path, recipe(CHECKED), params={"fit": {"validation_data": 1}})
    assert (
        run.ended.cause
        == "the Trial's fit must not hold validation_data; give the data as train and validation"
    )
