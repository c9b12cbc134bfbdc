"""The value of a param as a person types it: a number, true, false, null, a list, an object, or a string."""

from __future__ import annotations

import re
from math import isfinite

from planner.domain.mistake import Mistake

LONGEST = 4_000
"""Characters a value may have."""
LARGEST = 2**63 - 1
"""The largest integer that JSON readers agree on."""
DEEPEST = 20
"""Lists and objects within each other."""

_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*(?:_\d+)*)", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_WORDS: dict[str, object] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
}
_LEADING_ZERO = re.compile(r"[+-]?0\d+", re.ASCII)


def value_of(text: str, name: str) -> object:
    """The JSON value that `text` stands for; a Mistake that names the param when it is none."""
    if not text:
        raise Mistake(f'param {name} has no value; write {name}="" for an empty one')
    if len(text) > LONGEST:
        raise Mistake(f"the value of param {name} has {len(text):,} characters; at most {LONGEST:,} fit")
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "[{\"'":
        return checked(_bracketed(text, name), name)
    return checked(_bare(text), name)


def _bare(text: str) -> object:
    """A number, or else the text itself; a leading zero, as in `007`, makes it a text."""
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NOT_FINITE.fullmatch(text) or (_DECIMAL.fullmatch(text) and not _LEADING_ZERO.fullmatch(text)):
        return float(text)
    return text


def _bracketed(text: str, name: str) -> object:
    if text[0] == "'" and text[-1] == "'" and len(text) > 1 and "'" not in text[1:-1]:
        return text[1:-1]
    import json  # lists are rare, and capturing an idea should not wait for them

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Mistake(
            f"the value of param {name} opens with {text[0]} and is no JSON; write a list like "
            f"{name}='[64, 128]' or a text like {name}='\"relu\"'"
        ) from None


def checked(value: object, name: str, depth: int = 0) -> object:
    """The value, once nothing in it is outside what a JSON file can hold; a Mistake names the param."""
    if depth > DEEPEST:
        raise Mistake(f"the value of param {name} is nested deeper than {DEEPEST} levels")
    if isinstance(value, float) and not isfinite(value):
        raise Mistake(f"the value of param {name} is not a finite number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise Mistake(f"the value of param {name} is beyond ±2^63; write it as a decimal, such as 1e30")
    if isinstance(value, str):
        _check_text(value, name)
    for inner in _within(value):
        checked(inner, name, depth + 1)
    return value


def _within(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list) else []


def _check_text(text: str, name: str) -> None:
    """Half a surrogate pair, from a broken locale or an escape, has no place in a file."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Mistake(f"the value of param {name} is not valid text") from None
