"""What a fact is: frozen, made by keyword, and equal, hashed and shown by its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def fact(kind: type[Kind]) -> type[Kind]:
    """Make a class a frozen dataclass with slots.

    What dataclasses would write anew for each kind and compile at every start stands here once for all:
    with ninety kinds, that is most of the time that defining them takes. What makes a fact of its kind is
    written when the first one is made.
    """
    for name, shared in SHARED.items():
        setattr(kind, name, shared)
    return dataclass(init=False, slots=True, kw_only=True, eq=False, repr=False)(kind)


def _made(self: Any, **given: object) -> None:
    """In the place of every kind's own `__init__`, until there is one."""
    kind: Any = next(one for one in type(self).__mro__ if vars(one).get("__init__") is _made)
    kind.__init__ = _maker(kind)
    kind.__init__(self, **given)


def _maker(kind: Any) -> Any:
    """What dataclasses would write: a function of the fields by keyword, which puts each into its slot."""
    known: dict[str, Any] = {}
    given, body = [], []
    for each in fields(kind):
        name = each.name
        known[f"_put_{name}"] = getattr(kind, name).__set__
        value = name
        if each.default_factory is not MISSING:
            known[f"_default_{name}"], known[f"_new_{name}"] = MISSING, each.default_factory
            value = f"_new_{name}() if {name} is _default_{name} else {name}"
        elif each.default is not MISSING:
            known[f"_default_{name}"] = each.default
        given.append(f"{name}=_default_{name}" if f"_default_{name}" in known else name)
        body.append(f"    _put_{name}(self, {value})")
    body.append("    self.__post_init__()" if hasattr(kind, "__post_init__") else "    return")
    head = ", ".join(("self", "*", *given) if given else ("self",))
    exec(f"def __init__({head}):\n" + "\n".join(body), known)  # noqa: S102  # as dataclasses do
    made = known["__init__"]
    made.__qualname__, made.__module__ = f"{kind.__qualname__}.__init__", kind.__module__
    return made


def _frozen(self: Any, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"{name!r} of a {type(self).__qualname__} can't be changed: make a copy")


def _equal(self: Any, other: object) -> bool:
    if other is self:
        return True
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _text(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
    return f"{type(self).__qualname__}({values})"


def _values(one: Any) -> tuple[object, ...]:
    get = _getters.get(one.__class__)
    return (get or _getter(one.__class__))(one)


_getters: dict[type, Callable[[Any], tuple[object, ...]]] = {}


def _getter(kind: Any) -> Callable[[Any], tuple[object, ...]]:
    """What takes the values of a kind's facts, all in one call."""
    names = _names(kind)
    several = attrgetter(*names) if len(names) > 1 else None  # of one name it takes no tuple
    get = _getters[kind] = several or (lambda one: tuple([getattr(one, name) for name in names]))
    return get


def _restore(self: Any, values: tuple[object, ...]) -> None:
    """What a copy of the fact, or another process, is given."""
    for name, value in zip(_names(self), values, strict=True):
        object.__setattr__(self, name, value)


def _names(kind: Any) -> list[str]:
    """The names of a kind's fields, in order."""
    return [each.name for each in fields(kind)]


SHARED: dict[str, Any] = {
    "__init__": _made,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _text,
    "__getstate__": _values,
    "__setstate__": _restore,
}
"""What every kind has in common."""
