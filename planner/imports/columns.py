"""What each column of a table means: by its name, or as a person maps it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from planner.domain.mistake import Mistake
from planner.imports.sheet import Row

IGNORE = "ignore"
"""The field a column is mapped to that is not to be read."""
PARAM = "param"
"""The field of a column that holds a param; `param:name` where the param is not called like the column."""
SHOWN = 40
"""Characters of a column's name that a sentence shows."""
LISTED = 20
"""Columns that are listed in a sentence at most."""

SHARED: dict[str, tuple[str, ...]] = {
    "title": ("title", "idea", "name", "description", "experiment", "change", "summary"),
    "hypothesis": ("hypothesis", "rationale", "why", "body", "details"),
    "category": ("category", "kind", "type", "area"),
    "tags": ("tags", "tag", "labels", "label", "keywords"),
    "params": ("params", "parameters", "config", "hyperparameters"),
    "by": ("by", "who", "person", "author", "owner", "estimated by", "estimator"),
    "likelihood": ("likelihood", "chance", "probability", "confidence", "estimated likelihood"),
    "impact": ("impact", "expected gain", "expected impact", "estimated impact", "estimated gain"),
    "complexity": ("complexity", "estimated complexity"),
    "estimated_at": ("estimated at", "estimated on", "estimate date", "estimated when", "when estimated"),
}
"""Fields that tables of history and of ideas have in common, with the names a column may have."""

HISTORY: dict[str, tuple[str, ...]] = {
    **SHARED,
    "status": ("verdict", "outcome", "result", "status", "decision", "kept", "keep", "accepted", "adopted"),
    "value": ("value", "score", "metric value", "result value", "measured"),
    "best_before": ("best before", "baseline value", "previous best", "best so far", "before"),
    "gain": ("gain", "improvement", "measured gain"),
    "gain_mei": ("outcome gain mei", "shrunk gain mei", "effect mei", "gain in mei"),
    "delta": ("delta", "difference", "diff"),
    "metric": ("metric", "metric name"),
    "direction": ("direction", "goal direction", "mode"),
    "hours": (
        "implementation hours",
        "human hours",
        "implementation time",
        "work hours",
        "spent hours",
        "actual hours",
        "person hours",
        "coding hours",
    ),
    "run_hours": (
        "run hours",
        "gpu hours",
        "training hours",
        "duration h",
        "runtime h",
        "wall hours",
        "runtime hours",
        "duration hours",
    ),
    "run_minutes": ("run minutes", "duration min", "duration minutes", "runtime min", "minutes"),
    "run_seconds": (
        "duration s",
        "duration",
        "duration sec",
        "duration seconds",
        "runtime s",
        "runtime",
        "seconds",
        "run seconds",
        "training seconds",
        "elapsed",
        "elapsed s",
    ),
    "estimated_hours": ("estimated hours", "hours estimated", "estimate hours", "estimate", "expected hours"),
    "at": (
        "decided at",
        "timestamp",
        "date",
        "at",
        "when",
        "finished at",
        "finished",
        "ended at",
        "datetime",
        "day",
    ),
    "notes": ("notes", "note", "comment", "comments", "remarks", "reason", "conclusion"),
    "baseline": ("is baseline", "baseline"),
    "group": ("group", "series", "session"),
}
"""Fields of a table of ideas with outcomes."""

IDEAS: dict[str, tuple[str, ...]] = {
    **SHARED,
    "id": ("id", "idea id"),
    "estimated_hours": (*HISTORY["estimated_hours"], "hours", "implementation hours", "effort", "time"),
    "at": ("at", "estimated at", "estimated on", "date", "timestamp", "when"),
    "created_at": ("created at",),
    "hypothesis": (*SHARED["hypothesis"], "notes", "note", "comment", "comments"),
}
"""Fields of a table of ideas with estimates."""
IDEAS.pop("estimated_at")

EXPORTED = "score mei per hour"
"""The column by which the planner's own export is known."""
CALCULATED = ("hours", "chance", "gain mei", "rank", "gpu hours", "status")
"""Columns of an export that the planner calculated: nobody's estimates and nobody's outcomes."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field of a table stands."""

    names: tuple[str, ...]
    """The names of the columns, as the file has them."""
    places: dict[str, int]
    """The column of each field that is there."""
    params: dict[str, int]
    """The column of each param, by the param's name."""
    calculated: int | None = None
    """Of an export, the column of the hours that the planner calculated."""

    def __contains__(self, field: str) -> bool:
        return field in self.places

    def of(self, row: Row, field: str) -> str:
        """The cell of a field, empty where there is none."""
        place = self.places.get(field)
        return "" if place is None else row.cells[place]

    def name(self, field: str) -> str:
        """What the file calls a field's column."""
        return self.names[self.places[field]] if field in self.places else field

    @property
    def read_as(self) -> dict[str, str]:
        """What each column that is used was read as."""
        fields = {place: field for field, place in self.places.items()}
        fields |= {place: f"{PARAM}:{name}" for name, place in self.params.items()}
        return {self.names[place]: fields[place] for place in sorted(fields)}

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns that are not used."""
        used = {*self.places.values(), *self.params.values()}
        return tuple(name for place, name in enumerate(self.names) if place not in used and name)


def columns_of(
    names: Sequence[str], fields: Mapping[str, tuple[str, ...]], mapped: Mapping[str, str], file: str
) -> Columns:
    """Where the fields stand; a Mistake when what a person maps is not there, or nothing holds the titles."""
    places, params, taken = _as_mapped(names, fields, mapped, file)
    plain = [plain_name(name) for name in names]
    calculated = CALCULATED if EXPORTED in plain else ()
    for field, synonyms in fields.items():
        free = {
            name: place
            for place, name in reversed(list(enumerate(plain)))
            if place not in taken and name not in calculated
        }
        found = next((free[name] for name in synonyms if name in free), None)
        if field not in places and found is not None:
            places[field] = found
            taken.add(found)
    if "title" not in places and "id" not in places:
        raise Mistake(_no_title(names, file))
    hours = plain.index("hours") if calculated and "hours" in plain else None
    return Columns(tuple(names), places, params, None if hours in taken else hours)


def plain_name(name: str) -> str:
    """A column's name in lower case, its words parted by single blanks."""
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower().split())


def parse_map(texts: Iterable[str]) -> dict[str, str]:
    """What a person maps, as field by column, from `column=field`."""
    mapped = {}
    for text in texts:
        column, equals, field = text.rpartition("=")
        if not equals or not column.strip() or not field.strip():
            raise Mistake(
                f"--map {text!r} says no column and field; write it like --map 'Run time=run_hours'"
            )
        mapped[column.strip()] = field.strip()
    return mapped


def _as_mapped(
    names: Sequence[str], fields: Mapping[str, tuple[str, ...]], mapped: Mapping[str, str], file: str
) -> tuple[dict[str, int], dict[str, int], set[int]]:
    """Places of fields and params as mapped, and every column that is spoken for."""
    places: dict[str, int] = {}
    params: dict[str, int] = {}
    taken = set()
    for column, field in mapped.items():
        place = _place(column, names, file)
        taken.add(place)
        if field == PARAM or field.startswith(f"{PARAM}:"):
            params[field.partition(":")[2] or names[place]] = place
        elif field != IGNORE:
            places[_known(field, fields)] = place
    return places, params, taken


def _place(column: str, names: Sequence[str], file: str) -> int:
    wanted = plain_name(column)
    for place, name in enumerate(names):
        if name == column or plain_name(name) == wanted:
            return place
    near = get_close_matches(column, names, n=1)
    hint = f": did you mean {near[0]!r}?" if near else f"; its columns are {_listed(names)}"
    raise Mistake(f"{file} has no column {column!r}{hint}")


def _known(field: str, fields: Mapping[str, tuple[str, ...]]) -> str:
    """A field as the planner calls it."""
    wanted = plain_name(field).replace(" ", "_")
    if wanted in fields:
        return wanted
    known = [*fields, PARAM, IGNORE]
    near = get_close_matches(wanted, known, n=1)
    hint = f": did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
    raise Mistake(f"--map knows no field {field!r}{hint}")


def _no_title(names: Sequence[str], file: str) -> str:
    if not any(names):
        return f"{file} has no header with the names of its columns"
    column = max((name for name in names if len(name) <= SHOWN), key=len, default="COLUMN")
    return (
        f"{file} has no column with titles among {_listed(names)}; "
        f"say which one it is, such as --map {column + '=title'!r}"
    )


def _listed(names: Sequence[str]) -> str:
    cut = (name if len(name) <= SHOWN else f"{name[: SHOWN - 1]}…" for name in names[:LISTED])
    shown = ", ".join(map(repr, cut))
    return shown if len(names) <= LISTED else f"{shown} and {len(names) - LISTED} more"
