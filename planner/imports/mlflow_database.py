"""MLflow's runs, from its SQLite file; MLflow itself is not needed."""

from __future__ import annotations

from collections import defaultdict

from planner.imports.outside import ROW_LIMIT
from planner.imports.params import lenient_value
from planner.imports.sqlite import Database
from planner.imports.tracked import State, TrackedRun
from planner.imports.values import finite, from_milliseconds, hours_between_milliseconds

TABLES = {"runs", "experiments", "params", "latest_metrics"}
"""The tables by which such a file is known."""
STATES: dict[str, State] = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "killed"}
"""How a run ended, by MLflow's word; any other has not."""

_RUNS = """
    SELECT r.run_uuid, r.name, r.status, r.start_time, r.end_time, r.lifecycle_stage, e.name
    FROM runs r LEFT JOIN experiments e ON e.experiment_id = r.experiment_id
    ORDER BY r.start_time, r.run_uuid
"""


def read_runs(database: Database) -> list[TrackedRun]:
    """Every run, the earliest start first."""
    params: defaultdict[str, dict[str, object]] = defaultdict(dict)
    for run, key, value in database.rows("SELECT run_uuid, key, value FROM params"):
        params[str(run)][str(key)] = lenient_value(str(value), str(key))
    metrics: defaultdict[str, dict[str, float | None]] = defaultdict(dict)
    for run, key, value, is_nan in database.rows("SELECT run_uuid, key, value, is_nan FROM latest_metrics"):
        metrics[str(run)][str(key)] = None if is_nan else finite(value)
    names = {
        str(run): str(name)
        for run, name in database.rows("SELECT run_uuid, value FROM tags WHERE key = 'mlflow.runName'")
    }
    return [
        TrackedRun(
            name=names.get(str(run), str(name or "")),
            id=str(run),
            group=str(experiment or "Default"),
            state="deleted" if stage == "deleted" else STATES.get(str(status), "unfinished"),
            params=params[str(run)],
            metrics=metrics[str(run)],
            at=from_milliseconds(ended if ended is not None else started),
            hours=hours_between_milliseconds(started, ended),
        )
        for run, name, status, started, ended, stage, experiment in database.rows(_RUNS, ROW_LIMIT)
    ]
