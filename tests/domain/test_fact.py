"""Facts behave as frozen dataclasses do, though they share what dataclasses would write for each."""

from __future__ import annotations

import copy
import inspect
import pickle
import pkgutil
from dataclasses import FrozenInstanceError, dataclass, field, is_dataclass, replace
from importlib import import_module
from typing import ClassVar

import pytest

from planner import domain
from planner.domain.fact import fact
from planner.domain.goal import Goal
from planner.domain.outcome import Pair


@fact
class Shown:
    """A fact with every kind of field."""

    name: str
    values: dict[str, float] = field(default_factory=dict)
    best: float | None = None


@fact
class Lone:
    """A fact with one field."""

    name: str


@fact
class Empty:
    """A fact that says all by being there."""


@fact
class Tagged:
    """A kind with something that is the same for all of its facts, and a field with an odd name."""

    TAG: ClassVar[str] = "t"
    name: str
    put_name: str = ""


@fact
class Checked:
    """A kind that looks at what it is given."""

    name: str

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("no name")


@fact
class Above:
    """A kind that is made through another class before it is made itself."""

    name: str


class Below(Above):
    """A class with a way of its own of being made."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The same, all of it written by dataclasses."""

    name: str
    values: dict[str, float] = field(default_factory=dict)
    best: float | None = None


def kinds() -> list[type]:
    """Every dataclass that a module of the domain defines."""
    modules = [
        import_module(f"planner.domain.{found.name}") for found in pkgutil.iter_modules(domain.__path__)
    ]
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, is_dataclass)
        if isinstance(kind, type) and kind.__module__ == module.__name__
    ]


def test_a_fact_can_neither_be_changed_nor_be_given_what_it_has_no_field_for() -> None:
    goal = Goal(metric="loss")
    with pytest.raises(FrozenInstanceError):
        goal.metric = "accuracy"  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(FrozenInstanceError):
        del goal.metric
    assert not hasattr(goal, "__dict__")


@pytest.mark.parametrize("given", [{}, {"name": "a", "worth": 1.0}, {"best": 0.5}], ids=str)
def test_a_fact_is_made_by_the_names_of_its_fields_and_of_no_others(given: dict[str, float]) -> None:
    told = []
    for kind in (Shown, Plain):
        with pytest.raises(TypeError) as refused:
            kind(**given)  # type: ignore[arg-type]  # that it is refused is the point
        told.append(str(refused.value).removeprefix(kind.__qualname__))
    assert told[0] == told[1]
    with pytest.raises(TypeError, match="positional"):
        Shown("a")  # type: ignore[misc]  # likewise


def test_what_is_not_said_is_the_default_and_a_new_one_for_each_fact() -> None:
    one, other = Shown(name="a"), Shown(name="b")
    assert (one.values, one.best) == ({}, None)
    assert one.values is not other.values
    assert (one.name, other.name) == ("a", "b")
    assert Shown(name="a", values={"x": 1.0}, best=0.5) == replace(one, values={"x": 1.0}, best=0.5)


def test_facts_are_equal_by_their_fields_and_only_to_their_own_kind() -> None:
    one, same, other = Shown(name="a"), Shown(name="a"), Shown(name="a", best=0.5)
    assert one == same
    assert one != other
    assert one != Plain(name="a")
    assert replace(other, best=None) == one


def test_a_fact_with_one_field_is_a_fact_like_any_other() -> None:
    one, same, other = Lone(name="ab"), Lone(name="ab"), Lone(name="ba")
    assert one == same != other
    assert {one: 1}[same] == 1
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_fact_may_have_no_field_and_a_kind_what_is_no_field() -> None:
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"
    one = Tagged(name="a", put_name="b")
    assert (one.name, one.put_name, one.TAG) == ("a", "b", "t")
    assert (repr(one), copy.copy(one)) == ("Tagged(name='a', put_name='b')", one)


def test_what_a_kind_checks_of_its_facts_is_checked() -> None:
    with pytest.raises(ValueError, match="no name"):
        Checked(name="")
    with pytest.raises(ValueError, match="no name"):
        Checked(name="")


def test_a_class_below_a_kind_keeps_its_own_way_of_being_made() -> None:
    assert [Below("a").name, Below("b").name] == ["a", "b"]
    with pytest.raises(FrozenInstanceError):
        Below("a").name = "b"  # type: ignore[misc]  # that it is refused is the point


def test_what_makes_a_fact_says_whose_it_is_and_what_it_takes() -> None:
    Shown(name="a")
    assert [*inspect.signature(Shown).parameters] == ["name", "values", "best"]
    made = Shown.__init__
    assert (made.__module__, made.__qualname__) == (__name__, "Shown.__init__")


def test_a_fact_with_nan_equals_itself_as_a_tuple_does() -> None:
    nan = float("nan")
    assert Shown(name="a", best=nan) == Shown(name="a", best=nan)
    assert Shown(name="a", best=nan) != Shown(name="a", best=float("nan"))


def test_equal_facts_have_the_same_hash_and_those_that_hold_a_dict_have_none() -> None:
    pair = Pair(seed=1, idea=0.9, baseline=0.8)
    assert {pair: "kept"}[replace(pair)] == "kept"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shown(name="a"))


def test_a_fact_reads_as_a_dataclass_does() -> None:
    given = {"name": "a", "values": {"x": 0.5}, "best": None}
    assert repr(Shown(**given)).removeprefix("Shown") == repr(Plain(**given)).removeprefix("Plain")


def test_a_fact_survives_being_copied_and_sent_to_another_process() -> None:
    pair = Pair(seed=1, idea=0.9, baseline=0.8)
    assert copy.deepcopy(pair) == pair
    assert pickle.loads(pickle.dumps(pair)) == pair


def test_every_dataclass_of_the_domain_is_a_fact() -> None:
    found = kinds()
    assert len(found) > 80
    assert [kind for kind in found if kind.__eq__ is not Goal.__eq__] == []
