"""The rung tiny: what a model can't learn by heart, labels that mean nothing, and what is left alone."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.worker.making import Made, make

RECIPE = dedent("""
    import keras
    import numpy as np
    from planner import Trial

    L = keras.layers
    CENTRES = np.random.default_rng(9).normal(0, 2, (3, 6))

    def blobs(seed, n=240):
        draw = np.random.default_rng(seed)
        y = draw.integers(0, 3, n)
        return (CENTRES[y] + draw.normal(0, 1, (n, 6))).astype("float32"), y

    def apart(y):
        return np.random.default_rng(5).permutation(y)

    def network(*layers, units=3, activation="softmax"):
        return keras.Sequential([keras.Input((6,)), *layers, L.Dense(units, activation)])

    def recipe(params):
        return globals()[params.get("case", "healthy")]()

    def trial(model, train=None, validation=None, loss="sparse_categorical_crossentropy", optimizer="adam"):
        model.compile(optimizer, loss, metrics=["accuracy"])
        return Trial(model, train or blobs(0), validation or blobs(1), fit={"epochs": 2, "batch_size": 16})

    def healthy():
        return trial(network(L.Dense(16, "relu")), optimizer=keras.optimizers.Adam(0.003))

    def regularised():
        (x, y), (xv, yv) = blobs(0), blobs(1)
        rate = keras.optimizers.schedules.CosineDecay(0.0, 5, warmup_target=0.01, warmup_steps=5)
        heavy = keras.regularizers.L2(50.0)
        return trial(
            network(
                L.GaussianNoise(1.0),
                L.Dense(16, kernel_regularizer=heavy, activity_regularizer=heavy),
                L.BatchNormalization(), L.Activation("relu"), L.Dropout(0.9),
            ),
            (x, np.eye(3)[y]), (xv, np.eye(3)[yv]),
            keras.losses.CategoricalCrossentropy(label_smoothing=0.6),
            keras.optimizers.AdamW(rate, weight_decay=0.9),
        )

    def steady():
        return trial(network(L.Dense(16, "relu")), optimizer=keras.optimizers.SGD(1e-7))

    def shuffled():
        x, y = blobs(0)
        return trial(network(L.Dense(16, "relu")), (x, apart(y)))

    def shuffled_before_the_split():
        (x, y), (xv, yv) = blobs(0), blobs(1)
        return trial(network(L.Dense(16, "relu")), (x, apart(y)), (xv, apart(yv)))

    def weak():
        # Four signs multiplied say a little of the label, which takes thousands of examples to see.
        class Product(L.Layer):
            def call(self, x):
                return keras.ops.concatenate([x, keras.ops.prod(x[:, :4], axis=1, keepdims=True)], axis=1)
        draw = np.random.default_rng(0)
        x = draw.choice([-1.0, 1.0], (5000, 24)).astype("float32")
        y = (draw.random(5000) < 0.5 + 0.12 * x[:, :4].prod(axis=1)).astype(int)
        model = keras.Sequential([keras.Input((24,)), Product(), L.Dense(1, "sigmoid")])
        return trial(model, (x[:4000], y[:4000]), (x[4000:], y[4000:]), "binary_crossentropy", "sgd")

    def shuffled_anew():
        import tensorflow as tf
        x, y = (tf.data.Dataset.from_tensor_slices(part) for part in blobs(0))
        return trial(network(L.Dense(16, "relu")), tf.data.Dataset.zip((x, y.shuffle(240))).batch(16))

    def numbered_otherwise():
        xv, yv = blobs(1)
        return trial(network(L.Dense(16, "relu")), validation=(xv, (yv + 1) % 3))

    def steep(rate, **fit):
        model = network(L.Dense(32, "relu"), L.Dense(32, "relu"))
        made = trial(model, optimizer=keras.optimizers.SGD(rate))
        return Trial(made.model, made.train, made.validation, fit={**made.fit, **fit})

    def steep_with_a_log():
        return steep(10.0, callbacks=[keras.callbacks.TerminateOnNaN(), keras.callbacks.EarlyStopping()])

    def steep_with_large_batches():
        return steep(10.0, batch_size=240, epochs=4, callbacks=[keras.callbacks.ReduceLROnPlateau()])

    def steep_at_first():
        slower = keras.callbacks.LearningRateScheduler(lambda epoch: 0.05)
        return steep(10.0, epochs=4, callbacks=[slower])

    def dead():
        gone = L.Dense(16, "relu", bias_initializer=keras.initializers.Constant(-1e4))
        return trial(network(gone))

    def deaf():
        return trial(network(activation=None), loss=lambda y, z: keras.ops.mean(z**2, axis=-1))

    def alike():
        x, y = blobs(0)
        return trial(network(), (0 * x, y))

    def regression():
        x, y = blobs(0)
        xv, yv = blobs(1)
        model = network(L.Dense(16, "tanh"), units=1, activation=None)
        return trial(model, (x, 100 + 30 * x[:, 0]), (xv, 100 + 30 * xv[:, 0]), "mse")

    def below_0():
        one_hot = [(x, np.eye(3, dtype="float32")[y]) for x, y in (blobs(0), blobs(1))]
        model = network(L.Dense(16, "relu"), activation=None)
        return trial(model, *one_hot, keras.losses.CosineSimilarity())

    def hardly_any_difference():
        x, y = blobs(0)
        return trial(network(units=1, activation=None), (x, 1 + 1e-4 * x[:, 0]), loss="mse")

    def noisy_in_training():
        import tensorflow as tf
        def noisy(x, y):
            return x + tf.random.normal((6,), stddev=12.0), y
        (x, y), far = blobs(0), tf.data.Dataset.from_tensor_slices
        train = far((x, y)).shuffle(240).map(noisy).batch(16)
        return trial(network(L.Dense(64, "relu")), train, far(blobs(1)).batch(16))

    def sorted_in_validation():
        import tensorflow as tf
        draw = np.random.default_rng(3)
        y = draw.integers(0, 2, 4000)
        x = np.c_[draw.normal(0.6 * (2 * y[:, None] - 1), 1, (4000, 3)), np.zeros((4000, 3))]
        train, validation = (
            tf.data.Dataset.from_tensor_slices((x[places].astype("float32"), y[places])).batch(16)
            for places in (np.arange(2000), 2000 + np.argsort(y[2000:], kind="stable"))
        )
        model = network(L.Dense(16, "relu"), units=1, activation="sigmoid")
        return trial(model, train, validation, "binary_crossentropy", keras.optimizers.Adam(0.003))

    def regression_apart():
        x, y = blobs(0)
        xv, yv = blobs(1)
        model = network(L.Dense(64, "relu"), L.Dense(64, "relu"), units=1, activation=None)
        return trial(model, (x, apart(x[:, 0])), (xv, xv[:, 0]), "mse", keras.optimizers.Adam(0.01))

    def soft_in_training_alone():
        class Gate(L.Layer):
            def call(self, x, training=False):
                return keras.ops.sigmoid(4 * x) if training else keras.ops.cast(x > 0, "float32")
        x, y = blobs(0)
        smooth = (0.5 * np.eye(3)[y] + 0.5 / 3, 0.5 * np.eye(3)[blobs(1)[1]] + 0.5 / 3)
        return trial(
            network(L.Dense(16), Gate()), (x, smooth[0]), (blobs(1)[0], smooth[1]),
            lambda y, p: keras.losses.categorical_crossentropy(y, p),
        )

    def several_outputs():
        import tensorflow as tf
        def told(y):
            return {"kind": y, "first": (y == 0).astype("float32")}
        into = keras.Input((6,))
        h = L.Dense(16, "relu")(into)
        heads = {"kind": L.Dense(3, name="kind")(h), "first": L.Dense(1, "sigmoid", name="first")(h)}
        model = keras.Model(into, heads)
        losses = {
            "kind": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "first": "binary_crossentropy",
        }
        model.compile(keras.optimizers.Adam(0.01), losses)
        parts = (tf.data.Dataset.from_tensor_slices((x, told(y))).batch(16) for x, y in (blobs(0), blobs(1)))
        return Trial(model, *parts)

    class Adversary(keras.Model):
        def train_step(self, data):
            return {"loss": 0.0}

    def own_step():
        into = keras.Input((6,))
        return trial(Adversary(into, L.Dense(3, "softmax")(into)))
""")


def tiny(where: Path, case: str, beside: str | None = "healthy", **asked: object) -> Made:
    params = {"case": case}
    return make(where, RECIPE, rung="tiny", params=params, beside=beside and {"case": beside}, **asked)


def answers(run: Made) -> dict[str, bool]:
    return {check.name: check.passed for check in run.checks}


@pytest.mark.keras
@pytest.mark.parametrize(
    "case", ["regularised", "steady", "regression", "below_0", "several_outputs", "soft_in_training_alone"]
)
def test_a_healthy_model_learns_a_few_by_heart_and_it_carries_over(case: str, tmp_path: Path) -> None:
    run = tiny(tmp_path, case)
    assert answers(run) == {"overfit": True, "labels": True}, run.checks
    assert run.ended.status == "finished"
    assert "by heart" in run.checks[0].detail
    assert "carries over to other training examples" in run.checks[1].detail
    losses = [epoch.metrics["loss"] for epoch in run.epochs]
    assert losses[-1] < losses[0] or len(losses) == 1
    assert [epoch.epoch for epoch in run.epochs] == list(range(1, len(losses) + 1))
    assert run.ended.metrics == {}


@pytest.mark.keras
@pytest.mark.parametrize(
    "case", ["hardly_any_difference", "noisy_in_training", "steep_at_first", "sorted_in_validation"]
)
def test_what_is_hard_or_as_good_as_learnt_ends_nothing(case: str, tmp_path: Path) -> None:
    run = tiny(tmp_path, case)
    assert run.ended.status == "finished", run.checks


@pytest.mark.keras
def test_what_only_the_whole_training_shows_is_shown_by_it(tmp_path: Path) -> None:
    run = tiny(tmp_path, "weak", "weak")
    assert answers(run) == {"overfit": True, "labels": True}
    assert "but trained as the recipe has it the model says something" in run.checks[1].detail


@pytest.mark.keras
@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("steep_with_a_log", "with it the loss of 32 training examples ends at"),
        ("steep_with_large_batches", "4 epochs of training leave the loss of training examples at"),
    ],
)
def test_a_rate_with_which_nothing_is_learnt_is_named(case: str, says: str, tmp_path: Path) -> None:
    run = tiny(tmp_path, case)
    assert run.ended.cause.startswith(f"the learning rate of 10 is too high: {says}")


@pytest.mark.keras
@pytest.mark.parametrize(
    ("case", "beside", "says"),
    [
        ("shuffled", None, "the training labels do not belong to their inputs"),
        ("shuffled_before_the_split", "healthy", "have nothing to do with the baseline's"),
        ("shuffled_before_the_split", None, "the whole training of 2 epochs says nothing"),
        ("shuffled_before_the_split", "shuffled_before_the_split", "the whole training of 2 epochs"),
        ("shuffled_anew", None, "at the next walk through the data"),
        ("regression_apart", None, "the training labels do not belong to their inputs"),
        ("numbered_otherwise", None, "the labels mean something else there"),
    ],
)
def test_labels_that_are_shuffled_apart_from_their_inputs_end_the_run(
    case: str, beside: str | None, says: str, tmp_path: Path
) -> None:
    run = tiny(tmp_path, case, beside)
    assert answers(run) == {"overfit": True, "labels": False}, run.checks
    assert run.ended.status == "failed"
    assert says in run.ended.cause
    assert run.ended.cause.endswith('write skip = ["labels"] under [rungs.tiny] if that is meant')


@pytest.mark.keras
def test_a_dead_model_is_named_and_whether_the_baseline_gets_there(
    tmp_path: Path,
) -> None:
    run = tiny(tmp_path, "dead")
    assert answers(run) == {"overfit": False}
    assert "the loss is still 1.1 " in run.ended.cause
    assert "= ln 3 and near 0 is expected; nothing of the inputs reaches the answers" in run.ended.cause
    assert "the baseline's model does learn its own" in run.ended.cause


@pytest.mark.keras
def test_a_loss_that_never_looks_at_the_labels_is_named(tmp_path: Path) -> None:
    run = tiny(tmp_path, "deaf")
    assert "whatever labels the examples have: it never looks at them" in run.ended.cause


@pytest.mark.keras
def test_inputs_that_are_all_the_same_are_named(tmp_path: Path) -> None:
    run = tiny(tmp_path, "alike")
    assert run.ended.cause.startswith(
        "the inputs of all 240 training examples that were looked at are the same"
    )


@pytest.mark.keras
def test_a_training_step_of_its_own_is_left_alone(tmp_path: Path) -> None:
    run = tiny(tmp_path, "own_step")
    assert answers(run) == {"overfit": True, "labels": True}
    assert run.alerts == [
        "the rung tiny asked nothing: Adversary computes its training step or its loss by itself"
    ]


@pytest.mark.keras
def test_a_question_that_the_settings_skip_ends_nothing(tmp_path: Path) -> None:
    run = tiny(tmp_path, "alike", skip=("overfit", "lable"))
    assert run.ended.status == "finished"
    assert run.checks[-1].detail == "not asked: planner.toml skips it"
    assert run.alerts == [
        "rungs.tiny.skip in planner.toml names 'lable', which the rung does not ask; did you mean labels?"
    ]


def test_a_recipe_with_a_loop_of_its_own_has_nothing_to_learn_by_heart(tmp_path: Path) -> None:
    run = make(tmp_path, "def recipe(params, run):\n    raise AssertionError", rung="tiny")
    assert run.ended.status == "finished"
    assert answers(run) == {"overfit": True, "labels": True}
