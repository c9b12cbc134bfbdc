"""What the rung tiny goes by: which examples it takes, what is chance, what a loss costs at best."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest

from planner.worker.data import Arrays
from planner.worker.tiny.association import agreement, dependence
from planner.worker.tiny.choose import few, kinds_of
from planner.worker.tiny.costs import costs_of
from planner.worker.tiny.deaf import is_deaf
from planner.worker.tiny.evidence import (
    CERTAIN,
    CHANCE,
    alike,
    follows_neighbours,
    like_labels,
    neighbours_tell,
    other_labels,
)
from planner.worker.tiny.moved import moved, run_on
from planner.worker.tiny.nearness import learnt_by_heart, nearness
from planner.worker.tiny.noise import association_at_all, tellable
from planner.worker.tiny.outputs import Output
from planner.worker.tiny.pool import NoExamples, gather
from planner.worker.tiny.scale import scaled


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


def test_labels_of_a_part_that_was_sorted_are_unlike_those_of_all() -> None:
    draw = np.random.default_rng(0)
    classes, numbers = draw.integers(0, 4, 600), draw.normal(size=600)
    for labels in (classes, np.eye(4)[classes], numbers):
        mixed, whole = Arrays(labels, labels[:300]), Arrays(labels, labels[300:])
        assert like_labels(mixed, whole)
        assert not like_labels(mixed, Arrays(labels, labels[np.lexsort(np.atleast_2d(labels.T))][:300]))


def test_examples_of_batches_that_come_sorted_are_in_no_order() -> None:
    batches = [(np.full((32, 2), number), np.full(32, number)) for number in range(10)]
    labels = gather(iter(batches), "train", 32).y
    assert sorted(labels.tolist()) == [number for number in range(10) for _ in range(32)]
    assert len(np.unique(labels[:32])) > 1


def test_a_weak_signal_is_seen_in_whichever_way_it_shows_and_none_where_there_is_none() -> None:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(600, 12))

    def most(labels: Any) -> float:
        return association_at_all(Arrays(x[:400], labels[:400]), Arrays(x[400:], labels[400:]))

    assert most((0.3 * x[:, 3] + draw.normal(size=600) > 0).astype(int)) > CERTAIN
    assert most(np.sign(x[:, 2] * x[:, 5])) > CERTAIN
    assert most(draw.poisson(np.exp(0.3 * x[:, 0]))) > CERTAIN
    assert max(most(draw.integers(0, 3, 600)), most(draw.normal(size=600))) < CHANCE


def test_silence_means_something_only_of_many_examples_of_more_than_one_class() -> None:
    draw = np.random.default_rng(0)
    many, few_of_them = Arrays(np.zeros((300, 2)), draw.integers(0, 3, 300)), Arrays(np.zeros((300, 2)), None)
    rare = replace(few_of_them, y=(np.arange(300) < 10).astype(int))
    assert tellable(many, many)
    assert not tellable(many.take(slice(0, 150)), many)
    assert not tellable(many, many.take(slice(0, 40)))
    assert not tellable(rare, many)
    assert not tellable(many, replace(rare, y=np.zeros((300, 4))))
    assert tellable(replace(many, y=draw.normal(size=300)), many)


def test_dependence_is_the_same_however_it_is_multiplied() -> None:
    draw = np.random.default_rng(0)
    wide, labels = draw.normal(size=(50, 80)), draw.normal(size=(50, 2))
    narrow = wide @ np.linalg.svd(wide, full_matrices=False)[2].T[:, :25]
    assert dependence(narrow, labels) == pytest.approx(dependence(np.c_[narrow, 0 * wide], labels))


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
