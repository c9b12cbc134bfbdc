"""Params from the cells of a table: as a JSON object, as `lr=0.1; depth=3`, or a column each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from planner.domain.mistake import Mistake
from planner.rules.notation import limits, typed
from planner.rules.notation.literal import checked, value_of


def params_from(text: str, cells: Mapping[str, str]) -> dict[str, object]:
    """The params a cell lists, and over them those that have a cell of their own; empty cells say nothing."""
    params = _listed(text.strip())
    params |= {name: value_of(cell, name) for name, cell in cells.items() if cell}
    for name, value in params.items():
        checked(value, name)
    limits.few_enough(params, "params", limits.PARAMS)
    return params


def lenient_value(text: str, name: str) -> object:
    """The value that a tracker wrote as text; what is no value is kept as text, cut to size."""
    try:
        return value_of(text.strip(), name)
    except Mistake:
        return text.encode("utf-8", "replace").decode()[:1000]


def _listed(text: str) -> dict[str, object]:
    if not text:
        return {}
    if text.startswith("{"):
        return _from_json(text)
    parts = (part for part in re.split(r"[;\n]|,(?=\s*[A-Za-z_][\w.\-]*\s*=)", text) if part.strip())
    return dict(typed.param(part) for part in parts)


def _from_json(text: str) -> dict[str, object]:
    try:
        found: Any = orjson.loads(text)
    except ValueError:
        raise Mistake(f"params {text[:60]!r} are no JSON; write them like lr=0.1; depth=3") from None
    return {
        limits.one_line(name, "name of a param", limits.PARAM_NAME): value for name, value in found.items()
    }
