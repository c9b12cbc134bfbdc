"""Makes facts from documents that the planner sealed itself, quicker than what trusts nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Fact = TypeVar("Fact")
Maker = Callable[[Any], Any]

_makers: dict[Any, Maker] = {}


def make(kind: type[Fact], document: dict[str, Any]) -> Fact:
    """A fact from its document; keys it does not know are ignored; TypeError when it lacks one it needs."""
    fact: Fact = _maker_of(kind)(document)
    return fact


def _maker_of(kind: Any) -> Maker:
    """What makes facts of a kind, worked out once from its annotations."""
    if kind not in _makers:
        _makers[kind] = _new_maker(kind)
    return _makers[kind]


def _new_maker(kind: Any) -> Maker:
    turns = {name: _turn(hint) for name, hint in get_type_hints(kind).items()}
    # Straight into the slots: a frozen dataclass's own __init__ takes four times as long.
    fields = [(name, getattr(kind, name).__set__, turn) for name, turn in turns.items()]
    new = kind.__new__

    def made(document: dict[str, Any]) -> Any:
        fact = new(kind)
        try:
            for name, put, turn in fields:
                value = document[name]
                put(fact, value if turn is None or value is None else turn(value))
        except KeyError:
            return _with_defaults(kind, turns, document)
        return fact

    return made


def _with_defaults(kind: Any, turns: dict[str, Maker | None], document: dict[str, Any]) -> Any:
    """The fact of a document that an earlier release wrote, without the fields that are newer."""
    known = {name: value for name, value in document.items() if name in turns}
    for name, value in known.items():
        turn = turns[name]
        if turn is not None and value is not None:
            known[name] = turn(value)
    return kind(**known)


def _turn(hint: Any) -> Maker | None:
    """What turns JSON's form of a value into the fact's own; None where they are the same."""
    if hasattr(hint, "__dataclass_fields__"):
        return _maker_of(hint)
    if hint is float:
        return _number
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        turns = [turn for part in inner if (turn := _turn(part)) is not None]
        return turns[0] if turns else None
    if origin is tuple:
        return _sequence(_turn(inner[0]))
    if origin is dict:
        return _mapping(_turn(inner[1]))
    return None


def _number(value: Any) -> Any:
    """JSON has no NaN and no infinity: they are spelt out."""
    return float(value) if value.__class__ is str else value


def _sequence(turn: Maker | None) -> Maker:
    return tuple if turn is None else lambda values: tuple([turn(value) for value in values])


def _mapping(turn: Maker | None) -> Maker | None:
    return None if turn is None else lambda values: {name: turn(value) for name, value in values.items()}
