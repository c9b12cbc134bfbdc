"""Facts become strict JSON and come back the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import inf, isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.calibration import Calibration
from planner.domain.evaluation import Evaluation, Slice
from planner.domain.event import Epoch
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.store.encoding import complaint, encode, read, to_document
from planner.store.making import make
from tests.store.conftest import NOON
from tests.store.test_store import CALIBRATION, OUTCOME, RUN


def refuse_constants(name: str) -> None:
    raise AssertionError(f"{name} is not strict JSON")


def test_facts_come_back_the_same() -> None:
    for fact in (RUN, OUTCOME, CALIBRATION, Calibration()):
        assert read(type(fact), json.loads(encode(fact))) == fact


def test_numbers_that_json_has_not_are_spelt() -> None:
    epoch = Epoch(
        at=NOON, epoch=1, epochs=None, seconds=1.0, metrics={"loss": nan, "up": inf, "down": -inf, "f1": 0.5}
    )
    document = json.loads(encode(epoch), parse_constant=refuse_constants)
    assert document["metrics"] == {"loss": "nan", "up": "inf", "down": "-inf", "f1": 0.5}
    metrics = read(Epoch, document).metrics
    assert isnan(metrics["loss"])
    assert (metrics["up"], metrics["down"], metrics["f1"]) == (inf, -inf, 0.5)


def test_nested_facts_and_numbered_keys_are_written_too() -> None:
    idea = Idea(id=1, title="a", created_at=NOON, created_by="ana")
    assert to_document(Ledger(ideas={1: idea}))["ideas"]["1"]["title"] == "a"
    evaluation = Evaluation(
        metrics={}, slices=(Slice(name="sevens", size=3, metrics={"f1": nan}),), confusion=((1, 2), (3, 4))
    )
    assert to_document(evaluation)["confusion"] == [[1, 2], [3, 4]]


def test_numpys_numbers_become_plain_ones() -> None:
    numpy = pytest.importorskip("numpy")
    assert json.loads(encode({"a": numpy.float32(0.5), "b": numpy.int64(3), "c": numpy.float64("nan")})) == {
        "a": 0.5,
        "b": 3,
        "c": "nan",
    }


def test_keys_of_another_release_are_ignored_and_missing_ones_are_named() -> None:
    document = to_document(Idea(id=1, title="a", created_at=NOON, created_by="ana"))
    assert read(Idea, {**document, "colour": "red"}).title == "a"
    del document["title"]
    with pytest.raises(Mistake, match="not a valid Idea: title"):
        read(Idea, document)
    with pytest.raises(Mistake, match="not a valid Idea"):
        read(Idea, [])


def test_a_calibration_is_read_without_pydantic_just_the_same() -> None:
    document = to_document(CALIBRATION)
    assert make(Calibration, {**document, "colour": "red"}) == read(Calibration, document) == CALIBRATION
    for wrong in ({**document, "usual": 3}, {**document, "everybody": {}}):
        with pytest.raises((TypeError, AttributeError)):
            make(Calibration, wrong)


def test_what_has_no_json_is_refused() -> None:
    for value in (object(), {1, 2}, 1j, b"bytes"):
        with pytest.raises(Mistake, match="cannot be stored"):
            encode({"value": value})
    for value in ("\ud800", 2**64):
        with pytest.raises(Mistake, match="cannot be written as JSON"):
            encode({"value": value})
    with pytest.raises(TypeError, match="is no fact"):
        to_document(3)


def test_a_complaint_of_another_kind_is_told_as_it_is() -> None:
    assert complaint(ValueError("too short")) == "too short"


@dataclass(frozen=True)
class Box:
    value: object


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain_values)
@settings(deadline=None)
def test_any_plain_value_is_strict_json(value: object) -> None:
    assert json.loads(encode(Box(value)), parse_constant=refuse_constants) == to_document(Box(value))
