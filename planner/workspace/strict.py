"""Strict JSON that is safe to look at: what a terminal would act on is written as escapes."""

from __future__ import annotations

import json
import re

import orjson

from planner.rules.wording.display import is_hidden
from planner.store.encoding import plain

_OUTSIDE_ASCII = re.compile(r"[^\n -~]")


def strict(value: object, *, indent: bool = True) -> str:
    """One JSON document, without a line end; NaN and infinity as the strings `nan`, `inf`, `-inf`."""
    try:
        text = orjson.dumps(plain(value), option=orjson.OPT_INDENT_2 if indent else None).decode()
    except TypeError:
        # Text that is no Unicode, such as a name in another encoding, or an integer of more than 64 bits.
        text = json.dumps(plain(value), indent=2 if indent else None, allow_nan=False)
    return text if text.isascii() and "\x7f" not in text else _OUTSIDE_ASCII.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    if match[0] == "\x7f":
        return "\\u007f"
    return json.dumps(match[0])[1:-1] if is_hidden(match[0]) else match[0]
