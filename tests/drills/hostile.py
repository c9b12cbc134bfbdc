"""Text that would do harm if anything took it for more than text, by what it tries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

_COMBINING = "".join(map(chr, range(0x300, 0x370)))
_ZERO_WIDTH = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x61C, 0xAD)
_TAGS = (0xE0001, 0xE0041, 0xE007F)
_NO_CHARACTER = (0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFF, 0x10FFFF, 0xE000, 0xF0000, 0x378)
_BLANK = (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180E, 0x3164, 0xFFA0, 0xFE00, 0xE0100)
"""Letters and marks that show nothing, though their category does not say so."""

MADE: dict[str, tuple[str, ...]] = {
    "controls": tuple(f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)),
    "hidden": tuple(f"a{chr(code)}b" for code in (*_ZERO_WIDTH, *_TAGS, *_NO_CHARACTER, *_BLANK)),
    "storms": (
        "".join("z" + _COMBINING for _ in range(4)),
        _COMBINING,
        "e" + "\u0301" * 200,
        "a" + "\ufe0f" * 50,
        "\u202a\u202b\u202c\u202d\u202e" * 20,
        "".join(chr(0xE0000 + ord(letter)) for letter in "tag letters"),
        "\x1b" * 50,
        "\x00" * 100,
        "[" * 500,
        "[red]" * 200,
        "1" + "0" * 400,
        "a" * 300 + "/b",
    ),
    "huge": ("x" * 1_000_000, "word " * 200_000, "line\n" * 100_000, "宽" * 100_000, "\x1b[31m" * 20_000),
}
"""Families that a rule tells better than a list."""


def _listed() -> Iterator[tuple[str, str]]:
    """The strings of the list beside this file, each with its family."""
    family = ""
    for line in Path(__file__).with_suffix(".txt").read_text("ascii").splitlines():
        if line.startswith("#"):
            family = line[1:].partition(":")[0].strip()
        elif line:
            yield family, json.loads(line)


def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for family, text in _listed():
        found.setdefault(family, []).append(text)
    return {name: tuple(texts) for name, texts in found.items()} | MADE


FAMILIES = _families()
"""Every string by what it tries."""

CORPUS = tuple(dict.fromkeys(text for family in FAMILIES.values() for text in family))
"""Each of them once."""

SHORT = tuple(text for text in CORPUS if text not in MADE["huge"])
"""Those that a person could have typed."""

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def acted_on(text: str, allowed: str = "") -> set[str]:
    """The characters of a text that a terminal acts on or shows nothing for; none when it is harmless."""
    return {
        one
        for one in set(text) - set(allowed)
        if (not one.isascii() and (category(one) in _UNSEEN or ord(one) in _BLANK))
        or one < " "
        or one == "\x7f"
    }


def storable(text: str) -> str:
    """The text as a file can hold it: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
