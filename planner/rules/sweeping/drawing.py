"""Configurations drawn at random, each param by itself, in an order that only the seed decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from random import Random

from planner.domain.sweep import Axis, Configuration, Sweep
from planner.rules.sweeping.values import at, combinations, key_of, listed, size, value_at

IN_VAIN = 300
"""Draws in a row that bring nothing new, after which what is left of a small space is told one by one."""

COUNTABLE = 1_000_000
"""Configurations beyond which a space is never told one by one."""


def drawn(sweep: Sweep, known: Collection[str]) -> Configuration | None:
    """The next configuration whose key is not `known`; None when the space is spent."""
    chance = Random(f"{sweep.seed}/{sweep.since}")  # noqa: S311  # a draw to be repeated, no secret
    in_vain = 0
    seen: set[str] = set()
    while in_vain < IN_VAIN:
        one = {axis.name: _any(axis, chance) for axis in sweep.axes}
        key = key_of(one)
        if key not in known:
            return one
        in_vain = in_vain + 1 if key in seen else 0
        seen.add(key)
    return _left(sweep.axes, known, chance)


def spent(axes: Sequence[Axis], known: Collection[str]) -> bool:
    """Whether every configuration of a space is known."""
    many = combinations(axes)
    if many is None or many > len(known):
        return False
    return all(key_of(one) in known for one in _every(axes))


def _any(axis: Axis, chance: Random) -> object:
    many = size(axis)
    if many is None or axis.log:
        return at(axis, chance.random())
    return value_at(axis, chance.randrange(many))  # rounding would give the two ends half their chance


def _left(axes: Sequence[Axis], known: Collection[str], chance: Random) -> Configuration | None:
    """Any of the configurations that are not known; None when there is none."""
    if (combinations(axes) or COUNTABLE) >= COUNTABLE:
        return None
    left = [one for one in _every(axes) if key_of(one) not in known]
    return left[chance.randrange(len(left))] if left else None


def _every(axes: Sequence[Axis]) -> Iterator[Configuration]:
    names = [axis.name for axis in axes]
    for values in product(*map(listed, axes)):
        yield dict(zip(names, values, strict=True))
