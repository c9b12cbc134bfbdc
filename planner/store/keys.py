"""What each key of `planner.toml` may be, and how a mistake in it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from planner.domain.goal import Goal
from planner.domain.run import RUNGS
from planner.domain.settings import (
    BaselineSettings,
    DispatchSettings,
    RecipeSettings,
    RungSettings,
    ScoreSettings,
    Settings,
)


@dataclass(frozen=True, slots=True)
class Key:
    """What one key may be."""

    right: str
    """What would be right, as it follows `it must be`."""
    limits: dict[str, Any] = field(default_factory=dict)
    """Limits beyond its type, in the words of JSON Schema."""


SECTIONS: dict[str, Any] = {
    "goal": Goal,
    "recipe": RecipeSettings,
    "baseline": BaselineSettings,
    "rungs": RungSettings,
    "dispatch": DispatchSettings,
    "score": ScoreSettings,
}
"""What each table of the file becomes; `rungs` holds one such table for each rung."""

_NIGHT = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
_ENTRY = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$"
_TEXT = {"minLength": 1}
_ABOVE_ZERO = {"exclusiveMinimum": 0}
_PARAMS = "a table of params, such as { lr = 1e-3, batch_size = 64 }"

KEYS: dict[str, Key] = {
    "goal": Key('a table [goal] with the metric that counts, such as metric = "val_accuracy"'),
    "goal.metric": Key('the name of the metric that counts, such as "val_accuracy"', _TEXT),
    "goal.direction": Key('"max" or "min"'),
    "goal.minimum_effect": Key("a number above 0: the smallest gain worth keeping", _ABOVE_ZERO),
    "goal.target": Key("a number: the value that is good enough"),
    "recipe": Key('a table [recipe] with entry = "module:function" or command = ["python", "train.py"]'),
    "recipe.entry": Key('"module:function", a function in this folder', {"pattern": _ENTRY}),
    "recipe.command": Key('a list of texts, such as ["python", "train.py", "--lr", "{lr}"]', {"minItems": 1}),
    "recipe.data": Key('a list of file patterns, such as ["data/*.npz"]'),
    "recipe.backend": Key('"tensorflow", "jax" or "torch"'),
    "baseline": Key("a table [baseline] with params"),
    "baseline.params": Key(_PARAMS),
    "rungs": Key("tables [rungs.small], [rungs.full] and so on"),
    "rungs.*": Key("a table such as [rungs.small]"),
    "rungs.*.params": Key(_PARAMS),
    "rungs.*.fraction": Key(
        "a share of the training data above 0 and up to 1", {"exclusiveMinimum": 0, "maximum": 1}
    ),
    "rungs.*.seeds": Key("a whole number from 1 on", {"minimum": 1}),
    "rungs.*.hours": Key("a number of hours above 0", _ABOVE_ZERO),
    "rungs.*.undo": Key('a list of what to undo, in order, such as ["fraction", "epochs"]'),
    "rungs.*.skip": Key('a list of questions not to ask, such as ["gradients"]'),
    "rungs.*.test": Key('a list of texts, such as ["python", "-m", "pytest", "-q"]', {"minItems": 1}),
    "rungs.*.silence": Key("a number of minutes from 0 on; 0 is never", {"minimum": 0}),
    "dispatch": Key("a table [dispatch]"),
    "dispatch.executor": Key('"local", "inline", "slurm" or "ray"'),
    "dispatch.slots": Key('"auto" or a whole number from 1 on', {"minimum": 1}),
    "dispatch.night": Key('two times of day, such as "22:00-07:00"', {"pattern": _NIGHT}),
    "dispatch.python": Key('"auto" or the path of a Python interpreter', _TEXT),
    "dispatch.grace": Key("a number of seconds from 0 on", {"minimum": 0}),
    "dispatch.standby": Key("true or false: whether a worker with Keras imported waits for the next run"),
    "score": Key("a table [score]"),
    "score.gpu_hour": Key("a number from 0 on: what a GPU hour costs in hours of a person", {"minimum": 0}),
    "score.horizon": Key("a number of hours from 0 on", {"minimum": 0}),
    "score.overhead": Key("a number of hours above 0", _ABOVE_ZERO),
    "score.bottleneck": Key('"hours" or "runs"'),
}
"""Every key there is; `*` stands for a rung."""


def general(place: str) -> str:
    """The entry of KEYS for a place in the file: `rungs.small.seeds` is `rungs.*.seeds`."""
    parts = place.split(".")
    return ".".join(["rungs", "*", *parts[2:]]) if parts[0] == "rungs" and len(parts) > 1 else place


def names_in(place: str) -> list[str]:
    """The keys a table may hold, by its place; empty where any name is right."""
    if place == "":
        return list(SECTIONS)
    if place == "rungs":
        return list(RUNGS)
    kind = SECTIONS.get(place.split(".")[0]) if general(place) in (place.split(".")[0], "rungs.*") else None
    return [entry.name for entry in fields(kind)] if is_dataclass(kind) else []


def unknown_keys(document: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Keys that mean nothing, each with the table it stands in."""
    known = names_in(place)
    for name, value in document.items() if known else ():
        if name not in known:
            yield place, name
        elif isinstance(value, dict):
            yield from unknown_keys(value, f"{place}.{name}".lstrip("."))


def beyond_limits(document: dict[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Keys whose value has the right type and is out of its limits, with the value."""
    for name, value in document.items():
        here = f"{place}.{name}".lstrip(".")
        key = KEYS.get(general(here))
        if key and value is not None and not within(value, key.limits):
            yield here, value
        if key and isinstance(value, dict):
            yield from beyond_limits(value, here)


def within(value: Any, limits: dict[str, Any]) -> bool:
    """Whether a value keeps its limits; limits for another type of value say nothing of it."""
    number = isinstance(value, (int, float))
    return not (
        (number and "minimum" in limits and value < limits["minimum"])
        or (number and "exclusiveMinimum" in limits and value <= limits["exclusiveMinimum"])
        or (number and "maximum" in limits and value > limits["maximum"])
        or (isinstance(value, str) and len(value) < limits.get("minLength", 0))
        or (isinstance(value, str) and not re.search(limits.get("pattern", ""), value))
        or (isinstance(value, list) and len(value) < limits.get("minItems", 0))
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, with what each key may be as its description."""
    from pydantic import TypeAdapter

    document = TypeAdapter(Settings).json_schema()
    definitions = document["$defs"]
    for part in (document, *definitions.values()):
        part["additionalProperties"] = False
    for place, key in KEYS.items():
        section, _, name = place.removeprefix("rungs.*").rpartition(".")
        owner = SECTIONS["rungs"] if place.startswith("rungs.*.") else SECTIONS.get(section)
        properties = (definitions[owner.__name__] if owner else document).get("properties", {})
        if name in properties:
            properties[name] |= {"description": key.right, **key.limits}
    return document
