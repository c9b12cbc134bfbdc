"""Every kind of answer, judged one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from planner.worker.worst import Worst


def test_one_class_out_of_many() -> None:
    worst = Worst("classes", ("a", "b"))
    worst.add(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.8, 0.2], [0.5, 0.5]]))
    worst.add(np.array([[0, 1]]), np.array([[0.99, 0.01]]))
    first, second = worst.examples[:2]
    assert (first.index, first.expected, first.got, first.confidence) == (3, "b", "a", 0.99)
    assert first.loss == pytest.approx(-math.log(0.01))
    assert second.index == 1
    assert worst.confusion is not None
    assert worst.confusion.tolist() == [[1, 0], [3, 0]]


def test_a_single_output_is_the_second_of_two_classes() -> None:
    worst = Worst("classes", ())
    worst.add(np.array([[1.0], [0.0]]), np.array([[0.9], [0.7]]))
    assert [(example.expected, example.got) for example in worst.examples] == [("0", "1"), ("1", "1")]
    assert worst.examples[0].loss == pytest.approx(-math.log(0.3))


def test_several_classes_at_once() -> None:
    worst = Worst("several", ("cat", "dog", "sun"))
    worst.add(np.array([[1, 0, 1]]), np.array([[0.9, 0.8, 0.1]]))
    example = worst.examples[0]
    assert (example.expected, example.got, example.confidence) == ("cat, sun", "cat, dog", None)
    assert worst.confusion is None


def test_values_are_judged_by_squared_error() -> None:
    worst = Worst("numbers", ())
    worst.add(np.array([1.0, 2.0]), np.array([[1.5], [5.0]]))
    assert [(example.loss, example.expected, example.got) for example in worst.examples] == [
        (9.0, "2", "5"),
        (0.25, "1", "1.5"),
    ]


def test_only_the_twenty_worst_are_kept() -> None:
    worst = Worst("numbers", ())
    for start in range(0, 100, 10):
        worst.add(np.arange(start, start + 10.0), np.zeros(10))
    assert [example.index for example in worst.examples] == list(range(99, 79, -1))
    assert worst.seen == 100


def test_an_answer_that_is_not_finite_is_the_worst() -> None:
    worst = Worst("numbers", ())
    worst.add(np.array([1.0, 100.0]), np.array([np.nan, 0.0]))
    assert worst.examples[0].index == 0


def test_more_than_fifty_classes_have_no_confusion_matrix() -> None:
    worst = Worst("classes", ())
    worst.add(np.arange(51), np.eye(51))
    assert worst.confusion is None
    assert len(worst.examples) == 20


def test_a_decision_without_probabilities_has_no_confidence() -> None:
    worst = Worst("classes", (), confident=False)
    worst.add(np.array([0, -1]), np.eye(2))
    assert [(example.expected, example.confidence) for example in worst.examples] == [
        ("-1", None),
        ("0", None),
    ]
