"""How facts become strict JSON, and how they are read back."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

import orjson

from planner.domain.mistake import Mistake

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

Document = dict[str, Any]
"""A JSON object."""

Fact = TypeVar("Fact")

_adapters: dict[Any, TypeAdapter[Any]] = {}


def encode(fact: object) -> bytes:
    """Strict JSON of a fact or of plain values; NaN and infinity as the strings `nan`, `inf` and `-inf`."""
    return dump(plain(fact))


def dump(value: object) -> bytes:
    """Strict JSON of plain values; Mistake for what JSON cannot hold."""
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise Mistake(f"cannot be written as JSON: {error}") from error


def load(data: bytes) -> Any:
    """The plain values of a JSON text; ValueError when it is none."""
    with collector_paused():
        return orjson.loads(data)


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Make many objects without Python searching them for cycles, which JSON never has: half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def to_document(fact: object) -> Document:
    """A fact as plain JSON values: tuples as lists, NaN and infinity as strings."""
    document = plain(fact)
    if not isinstance(document, dict):
        raise TypeError(f"{type(fact).__name__} is no fact")
    return document


def plain(value: object) -> Any:
    """A value made of JSON's own kinds alone; Mistake for what has no such form."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, float):
        return float(value) if isfinite(value) else _spelt(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    names = getattr(type(value), "__dataclass_fields__", None)
    if names is None:
        return _number(value)
    return {name: plain(getattr(value, name)) for name in names}


def _spelt(value: float) -> str:
    if value != value:
        return "nan"
    return "inf" if value > 0 else "-inf"


def _number(value: object) -> int | float | str:
    """Numbers that are none of Python's own, such as NumPy's."""
    import numbers

    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if isfinite(number) else _spelt(number)
    raise Mistake(f"a value of type {type(value).__name__} cannot be stored; give text, numbers or lists")


def read(kind: type[Fact], document: object) -> Fact:
    """A fact from plain JSON values, checked; unknown keys are ignored; Mistake when it does not fit."""
    try:
        fact: Fact = adapter(kind).validate_python(document)
    except ValueError as error:
        raise Mistake(f"not a valid {kind.__name__}: {complaint(error)}") from error
    return fact


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a kind of fact, made once; pydantic is imported here, so that writing is quick."""
    if kind not in _adapters:
        from pydantic import TypeAdapter

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def complaint(error: ValueError) -> str:
    """The first thing a failed validation complains of, with its place, in a few words."""
    problems: list[Any] = error.errors() if _is_validation(error) else []
    if not problems:
        return str(error)
    place = ".".join(str(part) for part in problems[0]["loc"])
    return f"{place}: {problems[0]['msg']}" if place else str(problems[0]["msg"])


def _is_validation(error: ValueError) -> TypeGuard[ValidationError]:
    return hasattr(error, "errors")
