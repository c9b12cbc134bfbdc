"""Ways in which the bytes of a file may come to be others."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random, bytes], bytes]
"""The bytes that become of some bytes; the last argument is what another file holds."""

PAGE = 4096
"""Bytes that a disk loses together."""


def _places(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Two offsets, the lower one first."""
    one, other = chance.randint(0, len(data)), chance.randint(0, len(data))
    return min(one, other), max(one, other)


def flip(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """A bit or a few."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3)) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def insert(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Some bytes more."""
    at, _ = _places(data, chance)
    return data[:at] + chance.randbytes(chance.randint(1, 40)) + data[at:]


def delete(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """A part less."""
    start, end = _places(data, chance)
    return data[:start] + data[end:]


def truncate(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """The beginning alone."""
    return data[: chance.randint(0, len(data))]


def zero(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """A page of zeros."""
    start = chance.randint(0, len(data)) // PAGE * PAGE
    return data[:start] + b"\0" * len(data[start : start + PAGE]) + data[start + PAGE :]


def swap(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Two blocks, each in the place of the other."""
    size = chance.choice((16, 512, PAGE))
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    chance.shuffle(blocks)
    return b"".join(blocks)


def swap_lines(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Lines in another order, each whole."""
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def append(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Something after the end."""
    return data + chance.choice((b"\n", b"\0" * 100, b"}", b"null\n", chance.randbytes(30), data[:50]))


def replace(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """What another file holds."""
    return other


def empty(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Nothing."""
    return b""


def duplicate(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """All of it or a part of it twice."""
    start, end = chance.choice(((0, len(data)), _places(data, chance)))
    return data[:end] + data[start:]


def digit(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Another digit or another letter, so that it is JSON still."""
    places = [at for at, byte in enumerate(data) if chr(byte).isalnum()]
    if not places:
        return data
    at = chance.choice(places)
    return data[:at] + chance.choice(b"0123456789abcdef").to_bytes(1, "big") + data[at + 1 :]


MUTATIONS: tuple[Mutation, ...] = (
    flip, insert, delete, truncate, zero, swap, swap_lines, append, replace, empty, duplicate, digit,
)  # fmt: skip
