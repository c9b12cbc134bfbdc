"""Values that are kept as JSON and arrays, and read back."""

from __future__ import annotations

import json
import math
import random

import numpy as np
import pytest

from planner.worker.packing import Arrays, Unplain, pack, unpack

PLAIN = [
    None, True, 3, 10**30, -0.5, "text", [], [1, [2]], (1, (2, "x")), {"a": (1,), 2: None}, {"array": "no"},
    [{"tuple": [1]}, {"dict": []}],
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_comes_back_as_it_was(value: object) -> None:
    arrays: Arrays = {}
    back = unpack(json.loads(json.dumps(pack(value, arrays))), arrays)
    assert (back, type(back)) == (value, type(value))
    assert not arrays


def test_nan_and_arrays_come_back() -> None:
    arrays: Arrays = {}
    value = [math.nan, np.float32(2.5), np.arange(3), {"best": [np.ones((2, 2))]}]
    back = unpack(json.loads(json.dumps(pack(value, arrays))), arrays)
    assert math.isnan(back[0])
    assert (back[1], back[1].dtype) == (2.5, np.float32)
    assert back[2].tolist() == [0, 1, 2]
    assert back[3]["best"][0].tolist() == [[1, 1], [1, 1]]


def test_what_is_packed_does_not_change_any_more() -> None:
    value, arrays = np.zeros(2), dict[str, object]()
    packed = pack([value], arrays)
    value += 1
    assert unpack(packed, arrays)[0].tolist() == [0, 0]


def test_random_generators_come_back() -> None:
    arrays: Arrays = {}
    packed = json.dumps([pack(random.getstate(), arrays), pack(np.random.get_state(), arrays)])
    drawn = random.random(), np.random.rand()
    python, numpy = json.loads(packed)
    random.setstate(unpack(python, arrays))
    np.random.set_state(unpack(numpy, arrays))
    assert (random.random(), np.random.rand()) == drawn


@pytest.mark.parametrize("value", [object(), {1: {2}}, lambda: 1, np.array([object()]), b"bytes"])
def test_what_is_more_than_plain_is_refused(value: object) -> None:
    with pytest.raises(Unplain):
        pack(value, {})
