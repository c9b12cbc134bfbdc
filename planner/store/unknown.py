"""What a newer release wrote into a document stays there when this release rewrites it, at every depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from planner.store.encoding import Document, to_document
from planner.store.making import make

Shape = tuple[str, Any]
"""`fact` of a kind, or `dict` or `tuple` of a shape."""
Rest = Callable[[Any, Document], Document | None]
"""Looks elsewhere in the old document for what a fact of a kind was, by its known fields."""

_shapes: dict[Any, dict[str, Shape]] = {}


def kept(kind: Any, old: Document, new: Document) -> Document:
    """The new document of a fact, with the fields of the old one that this release does not know.

    Params and other free values are taken as they are now: a key that went stays gone. An element of a tuple
    keeps what it had while its known fields are the same, and takes it along within the document.
    """
    if not any(_unknown(kind, old)):
        return new
    taken: list[Document] = []

    def rest(sought: Any, document: Document) -> Document | None:
        found = (one for one in _facts(sought, ("fact", kind), old) if _same(sought, one, document))
        fresh = next((one for one in found if not any(one is other for other in taken)), None)
        if fresh is not None:
            taken.append(fresh)
        return fresh

    return _fact(kind, old, new, rest)


def _fact(kind: Any, old: Document, new: Document, rest: Rest) -> Document:
    """One fact's document over its older one."""
    fields = _fields(kind)
    names = kind.__dataclass_fields__
    strange = {name: value for name, value in old.items() if name not in names}
    known = {
        name: _value(fields[name], old.get(name), value, rest) if name in fields else value
        for name, value in new.items()
    }
    return {**strange, **known}


def _value(shape: Shape, old: Any, new: Any, rest: Rest) -> Any:
    """A value that is a fact or holds facts, over its older one, which may be missing."""
    what, inner = shape
    if new is None:
        return None
    if what == "fact":
        before = old if isinstance(old, dict) else rest(inner, new)
        return new if before is None else _fact(inner, before, new, rest)
    if what == "dict":
        was = old if isinstance(old, dict) else {}
        return {key: _value(inner, was.get(key), value, rest) for key, value in new.items()}
    left = list(old) if isinstance(old, list) else []
    return [_element(inner, left, value, rest) for value in new]


def _element(shape: Shape, left: list[Any], new: Any, rest: Rest) -> Any:
    """An element of a tuple over the same one of those that are left, else over its like elsewhere."""
    what, kind = shape
    for place, old in enumerate(left):
        if what == "fact" and _same(kind, old, new):
            return _fact(kind, left.pop(place), new, rest)
    return _value(shape, None, new, rest)


def _same(kind: Any, old: Any, new: Document) -> bool:
    """Whether an old document has the new one's known fields."""
    return isinstance(old, dict) and to_document(make(kind, old)) == new


def _unknown(kind: Any, document: Document) -> Iterator[bool]:
    """True for every fact in a document that has a field this release does not know."""
    for each, one in _every(("fact", kind), document):
        yield any(name not in each.__dataclass_fields__ for name in one)


def _facts(kind: Any, shape: Shape, value: Any) -> Iterator[Document]:
    """The documents of the facts of one kind in a value."""
    return (one for each, one in _every(shape, value) if each is kind)


def _every(shape: Shape, value: Any) -> Iterator[tuple[Any, Document]]:
    """Every fact in a value, with its kind, outermost first."""
    what, inner = shape
    if what == "fact":
        if isinstance(value, dict):
            yield inner, value
            for name, part in _fields(inner).items():
                yield from _every(part, value.get(name))
    elif value is not None:
        for part in value.values() if what == "dict" else value:
            yield from _every(inner, part)


def _fields(kind: Any) -> dict[str, Shape]:
    """The fields of a fact that are facts or hold some, worked out once from its annotations."""
    if kind not in _shapes:
        hints = get_type_hints(kind)
        found = {name: _shape(hint) for name, hint in hints.items() if name in kind.__dataclass_fields__}
        _shapes[kind] = {name: shape for name, shape in found.items() if shape is not None}
    return _shapes[kind]


def _shape(hint: Any) -> Shape | None:
    if hasattr(hint, "__dataclass_fields__"):
        return "fact", hint
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return next((shape for part in inner if (shape := _shape(part)) is not None), None)
    if origin is tuple and (shape := _shape(inner[0])) is not None:
        return "tuple", shape
    if origin is dict and (shape := _shape(inner[1])) is not None:
        return "dict", shape
    return None
