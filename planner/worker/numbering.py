"""Numbers of epochs from 1 on, whether a recipe counts from 0, from 1 or not at all."""

from __future__ import annotations

from operator import index

FARTHEST = 10**12
"""No training has as many epochs: what is more is no epoch's number."""


class Numbering:
    """How one recipe counts its epochs: from 0 where the first it tells of is 0."""

    def __init__(self) -> None:
        self._shift: int | None = None

    def number(self, said: int) -> int:
        """The epoch's number from 1 on."""
        if self._shift is None:
            self._shift = 1 if said == 0 else 0
        return said + self._shift


def whole(said: object) -> int | None:
    """A whole number from 0 on, whatever library it comes from; None for anything else."""
    if isinstance(said, bool):
        return None
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    try:
        number = index(said)  # type: ignore[arg-type]  # asking is how one finds out
    except TypeError:
        return None
    return number if 0 <= number < FARTHEST else None
