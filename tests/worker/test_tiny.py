"""The rung tiny: what a model can't learn by heart, labels that mean nothing, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from planner.worker.data import Arrays
from planner.worker.tiny.association import agreement, dependence
from planner.worker.tiny.choose import few, kinds_of
from planner.worker.tiny.costs import costs_of
from planner.worker.tiny.deaf import is_deaf
from planner.worker.tiny.evidence import alike, follows_neighbours, neighbours_tell, other_labels
from planner.worker.tiny.moved import moved, run_on
from planner.worker.tiny.nearness import learnt_by_heart, nearness
from planner.worker.tiny.outputs import Output
from planner.worker.tiny.pool import NoExamples, gather
from planner.worker.tiny.scale import scaled
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

    def shuffled_anew():
        import tensorflow as tf
        x, y = (tf.data.Dataset.from_tensor_slices(part) for part in blobs(0))
        return trial(network(L.Dense(16, "relu")), tf.data.Dataset.zip((x, y.shuffle(240))).batch(16))

    def numbered_otherwise():
        xv, yv = blobs(1)
        return trial(network(L.Dense(16, "relu")), validation=(xv, (yv + 1) % 3))

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
    "case", ["regularised", "steady", "regression", "several_outputs", "soft_in_training_alone"]
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
@pytest.mark.parametrize("case", ["hardly_any_difference", "noisy_in_training"])
def test_what_is_hard_or_as_good_as_learnt_ends_nothing(case: str, tmp_path: Path) -> None:
    run = tiny(tmp_path, case)
    assert run.ended.status == "finished", run.checks


@pytest.mark.keras
@pytest.mark.parametrize(
    ("case", "beside", "says"),
    [
        ("shuffled", None, "the training labels do not belong to their inputs"),
        ("shuffled_before_the_split", "healthy", "have nothing to do with the baseline's"),
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


def test_the_few_examples_hold_some_of_every_class_and_no_input_twice() -> None:
    draw = np.random.default_rng(0)
    y = np.sort(draw.choice(4, 300, p=[0.94, 0.02, 0.02, 0.02]))
    x = draw.normal(size=(300, 2))
    x[:200] = 1.0
    places = few(Arrays(x, y), 12)
    assert np.bincount(y[places]).tolist() == [3, 3, 3, 3]
    assert len(np.unique(x[places], axis=0)) == 12


def test_numbers_are_chosen_over_their_whole_range() -> None:
    y = np.random.default_rng(0).normal(size=500)
    assert np.bincount(kinds_of(y)).tolist() == [100] * 5


def test_the_deviations_from_chance_are_those_of_trying_every_dealing_of_the_labels() -> None:
    draw = np.random.default_rng(0)
    given, truth = draw.normal(size=(40, 3)), np.eye(3)[draw.integers(0, 3, 40)]
    truth = truth - truth.mean(axis=0)
    dealt = [float((given * truth[draw.permutation(40)]).sum()) for _ in range(20_000)]
    expected = (float((given * truth).sum()) - np.mean(dealt)) / np.std(dealt)
    assert agreement(given, truth) == pytest.approx(expected, abs=0.03)


def test_chance_alone_stays_within_its_deviations() -> None:
    draw = np.random.default_rng(0)
    found = [agreement(draw.normal(size=(60, 2)), draw.normal(size=(60, 2))) for _ in range(400)]
    assert np.mean(np.abs(found) > 4) == 0
    assert np.std(found) == pytest.approx(1, abs=1 / sqrt(20))


def test_labels_that_are_the_same_in_other_words_still_belong_together() -> None:
    y = np.random.default_rng(0).integers(0, 3, 200)
    x = np.random.default_rng(1).normal(size=(200, 4))
    smooth = 0.9 * np.eye(3)[(y + 1) % 3] + 0.1 / 3
    assert dependence(np.eye(3)[y], smooth) > 10
    assert not other_labels(Arrays(x, y), Arrays(x[::-1], smooth[::-1]))
    assert other_labels(Arrays(x, y), Arrays(x, np.random.default_rng(2).permutation(y)))


def test_noisy_labels_are_not_taken_for_shuffled_ones() -> None:
    draw = np.random.default_rng(0)
    y = draw.integers(0, 3, 600)
    x = np.eye(3)[y] * 3 + draw.normal(size=(600, 3))
    train, validation = Arrays(x[:300], y[:300]), Arrays(x[300:], y[300:])
    half = Arrays(train.x, np.where(draw.random(300) < 0.5, draw.integers(0, 3, 300), train.y))
    assert follows_neighbours(half)
    assert not neighbours_tell(half, validation)
    assert neighbours_tell(Arrays(train.x, draw.permutation(train.y)), validation)
    nothing = Arrays(draw.normal(size=(300, 3)), train.y)
    assert not follows_neighbours(nothing)
    assert not neighbours_tell(nothing, nothing)


def test_inputs_that_were_augmented_are_of_another_kind_than_those_that_were_not() -> None:
    draw = np.random.default_rng(0)
    x = np.eye(3)[draw.integers(0, 3, 600)] * 3 + draw.normal(size=(600, 3))
    train, validation = Arrays(x[:300], None), Arrays(x[300:], None)
    assert alike(train, validation)
    assert not alike(Arrays(train.x * draw.uniform(1, 4, (300, 1)), None), validation)


def test_labels_of_later_places_are_seen_where_each_says_something_of_the_next() -> None:
    series = np.sin(np.arange(400) / 9)
    x = np.stack([series[place : place + 20] for place in range(300)])
    theirs, ours = Arrays(x, series[20:320]), Arrays(x, series[27:327])
    assert run_on(ours)
    assert not run_on(Arrays(x, np.random.default_rng(0).permutation(series[20:320])))
    assert (moved(ours, theirs), moved(theirs, ours), moved(theirs, theirs)) == (7, -7, 0)
    assert moved(Arrays(x, np.log(2 + series[20:320])), theirs) == 0


def squares(answers: Any, labels: Any) -> float:
    return float(np.abs(np.asarray(labels, dtype=float) - np.asarray(answers)[:, 0]).mean())


def test_a_loss_is_deaf_only_if_no_answers_at_all_make_a_difference() -> None:
    y = np.linspace(25, 346, 32)
    answers, examples = np.zeros((32, 1), "float32"), Arrays(np.arange(32)[:, None], y)
    assert not is_deaf(lambda given, labels=y: squares(given, labels), examples, answers)
    assert is_deaf(lambda given, labels=y: squares(given, y), examples, answers)
    told = Arrays({"x": examples.x, "label": y[:, None]}, y)
    assert not is_deaf(lambda given, labels=y: squares(given, y), told, answers)
    same = Arrays(examples.x, np.zeros(32))
    assert not is_deaf(lambda given, labels=y: squares(given, y), same, answers)


def test_labels_that_are_no_certainties_cost_what_they_cost() -> None:
    shares = 0.5 * np.eye(2)[np.arange(8) % 2] + 0.25
    output = Output("classes", shares.argmax(axis=1), np.full((8, 2), 0.5), shares=shares)

    def entropy(answers: Any) -> float:
        return float(-(shares * np.log(np.clip(answers, 1e-7, 1))).sum(axis=1).mean())

    costs = costs_of(entropy, [output], np.full((8, 2), 0.4, "float32"), known=True)
    assert costs.constant == pytest.approx(np.log(2), rel=1e-3)
    assert costs.floor == pytest.approx(entropy(shares), rel=1e-3)
    learnt = nearness(Keras(), [replace(output, answers=shares)], costs.floor + 0.01, costs)
    assert learnt.near
    assert not learnt_by_heart(nearness(Keras(), [output], costs.constant, costs))


class Keras:
    """A model whose loss is Keras's own."""

    class _compile_loss:  # noqa: N801  # Keras's own name
        _flat_losses = ()


def test_examples_without_weight_are_left_out_and_data_without_labels_are_named() -> None:
    x, y = np.arange(10.0)[:, None], np.arange(10)
    pool = gather((x, y, (y % 2).astype(float)), "train", 4)
    assert sorted(pool.y.tolist()) == [1, 3, 5, 7, 9]
    with pytest.raises(NoExamples, match="train has no labels"):
        gather((x, None), "train", 4)


def test_batches_are_gathered_until_there_are_enough() -> None:
    def endless() -> object:
        while True:
            yield np.ones((32, 2)), np.arange(32)

    assert len(gather(endless(), "train", 32)) == 1000


def test_inputs_that_nobody_scaled_are_scaled_and_usual_ones_left_alone() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(32, 3)) * [1.0, 1.0, 1e5]
    found = scaled(Arrays(x, None))
    assert found is not None
    assert found.examples.x.std(axis=0) == pytest.approx([1, 1, 1])
    assert (found.low, found.high) == (x.min(), x.max())
    assert scaled(Arrays(x * 1e-12, None)) is not None
    assert scaled(Arrays(x / [1, 1, 1e5], None)) is None
    assert scaled(Arrays(np.ones((32, 3)), None)) is None
