"""Optuna's trials, from its SQLite file; Optuna itself is not needed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import orjson

from planner.clock import hours_between
from planner.domain.goal import Direction
from planner.imports.cells import as_utc
from planner.imports.outside import ROW_LIMIT
from planner.imports.sqlite import Database
from planner.imports.tracked import State, TrackedRun
from planner.imports.values import finite

TABLES = {"studies", "trials", "trial_params", "trial_values", "study_directions"}
"""The tables by which such a file is known."""
STATES: dict[str, State] = {"COMPLETE": "finished", "PRUNED": "pruned", "FAIL": "failed"}
"""How a trial ended, by Optuna's word; any other has not."""
DIRECTIONS: dict[str, Direction] = {"MINIMIZE": "min", "MAXIMIZE": "max"}
"""Which way an objective is better, by Optuna's word."""

_TRIALS = """
    SELECT t.trial_id, t.number, t.study_id, t.state, t.datetime_start, t.datetime_complete, s.study_name
    FROM trials t JOIN studies s ON s.study_id = t.study_id
    ORDER BY t.datetime_start, t.trial_id
"""


def read_trials(database: Database) -> list[TrackedRun]:
    """Every trial, the earliest start first."""
    directions = _directions(database)
    names = _metric_names(database)
    params, values = _params(database), _values(database, names)
    return [
        TrackedRun(
            name="",
            id=f"{study_name} trial {number}",
            group=str(study_name),
            state=STATES.get(str(state), "unfinished"),
            params=params[trial],
            metrics={} if state == "PRUNED" else values[trial],  # a pruned value is of some earlier epoch
            direction=directions[study][0] if len(directions[study]) == 1 else None,
            unnamed=len(directions[study]) == 1 and not names.get(study),
            at=_time(ended if ended is not None else started),
            hours=_hours(started, ended),
        )
        for trial, number, study, state, started, ended, study_name in database.rows(_TRIALS, ROW_LIMIT)
    ]


def _directions(database: Database) -> defaultdict[object, list[Direction | None]]:
    """By study, which way each of its objectives is better."""
    found: defaultdict[object, list[Direction | None]] = defaultdict(list)
    query = "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective"
    for study, direction in database.rows(query):
        found[study].append(DIRECTIONS.get(str(direction)))
    return found


def _metric_names(database: Database) -> dict[object, list[str]]:
    """By study, the names of its objectives where somebody gave them some."""
    if "study_system_attributes" not in database.tables():
        return {}
    query = "SELECT study_id, value_json FROM study_system_attributes WHERE key = 'study:metric_names'"
    found = {study: _json(text) for study, text in database.rows(query)}
    return {study: [str(name) for name in names] for study, names in found.items() if isinstance(names, list)}


def _params(database: Database) -> defaultdict[object, dict[str, object]]:
    found: defaultdict[object, dict[str, object]] = defaultdict(dict)
    query = "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params ORDER BY param_id"
    for trial, name, value, distribution in database.rows(query):
        found[trial][str(name)] = _param(value, _json(distribution))
    return found


def _param(value: object, distribution: Any) -> object:
    """A param's value: Optuna stores numbers, and of a choice its place among the choices."""
    number = finite(value)
    if number is None or not isinstance(distribution, dict):
        return number
    attributes = distribution.get("attributes") or {}
    choices = attributes.get("choices")
    if isinstance(choices, list) and 0 <= number < len(choices):
        return choices[int(number)]
    return int(number) if "Int" in str(distribution.get("name")) else number


def _values(
    database: Database, names: dict[object, list[str]]
) -> defaultdict[object, dict[str, float | None]]:
    """By trial, the value of each objective; one without a name is called `value`, or by its place."""
    found: defaultdict[object, dict[str, float | None]] = defaultdict(dict)
    query = """
        SELECT v.trial_id, t.study_id, v.objective, v.value,
               (SELECT COUNT(*) FROM study_directions d WHERE d.study_id = t.study_id)
        FROM trial_values v JOIN trials t ON t.trial_id = v.trial_id ORDER BY v.trial_id, v.objective
    """
    for trial, study, objective, value, objectives in database.rows(query):
        place = int(str(objective))
        named = names.get(study, [])
        name = named[place] if place < len(named) else "value" if objectives == 1 else f"value_{place}"
        found[trial][name] = finite(value)
    return found


def _time(text: object) -> str | None:
    """A time as Optuna writes it: of the machine's own zone, without saying so."""
    try:
        return as_utc(datetime.fromisoformat(str(text)).astimezone()) if text else None
    except (ValueError, OverflowError, OSError):
        return None


def _hours(start: object, end: object) -> float | None:
    first, last = _time(start), _time(end)
    return None if first is None or last is None else max(0.0, hours_between(first, last))


def _json(text: object) -> Any:
    try:
        return orjson.loads(str(text))
    except ValueError:
        return None
