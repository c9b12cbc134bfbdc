"""Params that remember which of them were read."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any


class Watched(dict[str, Any]):
    """A dict that notes each key whose value anybody looked at; whoever takes all values has read them all.

    Asking for the names alone reads nothing. Copies note in the same place.
    """

    def __init__(self, values: dict[str, Any], seen: set[str] | None = None) -> None:
        super().__init__(values)
        self.seen: set[str] = set() if seen is None else seen
        """The keys read so far."""

    def unread(self, names: Iterable[str]) -> list[str]:
        """Those of the names that nobody has read, in order."""
        return [name for name in names if name not in self.seen]

    def give_away(self) -> None:
        """Somebody takes them all to where nobody sees what is read."""
        self._all()

    def _all(self) -> dict[str, Any]:
        self.seen.update(dict.keys(self))
        return dict(zip(dict.keys(self), dict.values(self), strict=True))

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.seen.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Any:  # the faster ways into a dict are taken only where this is dict's own
        return iter(dict.keys(self))

    def get(self, key: str, default: Any = None) -> Any:
        """One value, and note it."""
        self.seen.add(key)
        return super().get(key, default)

    def pop(self, key: str, *default: Any) -> Any:
        """Take one out, and note it."""
        self.seen.add(key)
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        """Take the last one out, and note it."""
        key, value = super().popitem()
        self.seen.add(key)
        return key, value

    def setdefault(self, key: str, default: Any = None) -> Any:
        """One value, put there if it is missing; noted."""
        self.seen.add(key)
        return super().setdefault(key, default)

    def items(self) -> Any:
        """All of them, and all are noted."""
        self._all()
        return super().items()

    def values(self) -> Any:
        """All values, and all are noted."""
        self._all()
        return super().values()

    def copy(self) -> Watched:
        """A copy that notes in the same place."""
        return Watched(dict(zip(dict.keys(self), dict.values(self), strict=True)), self.seen)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Watched:
        values = zip(dict.keys(self), dict.values(self), strict=True)
        return Watched({key: copy.deepcopy(value, memo) for key, value in values}, self.seen)

    def __or__(self, other: Any) -> Any:
        return {**self.copy(), **other}

    def __ror__(self, other: Any) -> Any:
        return {**other, **self.copy()}

    def __eq__(self, other: object) -> bool:
        return self._all() == other

    def __ne__(self, other: object) -> bool:
        return self._all() != other

    __hash__ = None

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce_ex__(self, _protocol: Any) -> Any:
        return dict, (self._all(),)
