"""Arrays of any nesting, cut and fingerprinted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planner.domain.mistake import Mistake
from planner.worker import fingerprint
from planner.worker.data import arrays_of, batches, first_batch, share, share_of_batches


def test_a_share_is_the_same_for_the_same_seed_and_grows_with_the_fraction() -> None:
    arrays = arrays_of((np.arange(100), np.arange(100)), "train")
    assert arrays is not None
    small, again, large = share(arrays, 0.1, 7), share(arrays, 0.1, 7), share(arrays, 0.5, 7)
    assert list(small.x) == list(again.x) == list(large.x)[:10]
    assert list(small.x) == list(small.y)
    assert len(share(arrays, 0.0001, 7)) == 1


def test_nested_inputs_are_cut_together() -> None:
    x = {"image": np.zeros((6, 2)), "more": [np.arange(6), np.arange(6)]}
    arrays = arrays_of((x, list(range(6)), np.ones(6)), "train")
    assert arrays is not None
    cut = arrays.take(np.array([1, 4]))
    assert cut.x["image"].shape == (2, 2)
    assert list(cut.x["more"][1]) == [1, 4]
    assert list(cut.y) == [1, 4]
    assert len(cut) == 2


def test_examples_and_labels_must_be_as_many() -> None:
    with pytest.raises(Mistake, match="train has 3 examples and 2 labels"):
        arrays_of((np.zeros(3), np.zeros(2)), "train")
    with pytest.raises(Mistake, match="validation holds no examples"):
        arrays_of((np.zeros((0, 2)), np.zeros(0)), "validation")
    with pytest.raises(Mistake, match="train has 4 parts"):
        arrays_of((1, 2, 3, 4), "train")


class Stream:
    """Batches without a length."""

    def __iter__(self) -> Any:
        return iter([(np.zeros((2, 1)), np.zeros(2)), (np.zeros((1, 1)), np.zeros(1))])


def test_batches_come_from_anything_that_can_be_walked_through() -> None:
    assert [len(batch) for batch in batches(Stream(), 100)] == [2, 1]
    assert len(first_batch(Stream(), 100)) == 2
    assert arrays_of(Stream(), "train") is None
    assert share_of_batches(Stream(), 0.5) is None


def test_a_fingerprint_changes_with_a_number_a_kind_and_a_shape() -> None:
    def of(x: Any) -> object:
        arrays = arrays_of((x, np.zeros(len(x))), "train")
        assert arrays is not None
        return fingerprint.of_arrays(arrays)["sha256"]

    plain = np.zeros((4, 2))
    changed = plain.copy()
    changed[3, 1] = 1
    prints = [of(plain), of(changed), of(plain.astype("float32")), of(plain.reshape(4, 1, 2))]
    assert len(set(prints)) == 4
    assert of(plain) == of(plain.copy())
    assert of(np.array(["a", "b"], dtype=object)) == of(np.array(["a", "b"], dtype=object))
    assert of(plain[:, ::-1]) == of(np.ascontiguousarray(plain[:, ::-1]))
