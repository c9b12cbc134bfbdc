"""What a file or folder from outside is, and everything it has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.history import read_history
from planner.imports.outside import read_text
from planner.imports.past import History
from planner.imports.tracked import TrackedRun, history_of

KINDS = (
    "an import takes a CSV or TSV of ideas with outcomes, MLflow's mlruns folder or mlflow.db, "
    "an Optuna database, or a folder of TensorBoard event files"
)
"""What can be imported, in a sentence."""
INSIDE = ("mlruns", "mlflow.db", "optuna.db")
"""What is looked for in a folder that is nothing itself."""


def read_source(
    path: Path, goal: Goal, *, mapped: Mapping[str, str], by: str, metric: str | None = None
) -> History:
    """Everything that a file or folder tells was tried; a Mistake when it is of no known kind."""
    if path.is_dir():
        return _folder(path, goal, metric)
    if _is_database(path):
        return _database(path, goal, metric)
    name = "stdin" if str(path) == "-" else path.name
    return read_history(read_text(path), name, goal, mapped=mapped, by=by, metric=metric)


def _is_database(path: Path) -> bool:
    from planner.imports.sqlite import MAGIC

    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _database(path: Path, goal: Goal, metric: str | None) -> History:
    from planner.imports import mlflow_database, optuna_database
    from planner.imports.sqlite import opened

    with opened(path) as database:
        tables = database.tables()
        if tables >= mlflow_database.TABLES:
            runs, kind = mlflow_database.read_runs(database), "MLflow runs"
        elif tables >= optuna_database.TABLES:
            runs, kind = optuna_database.read_trials(database), "Optuna trials"
        else:
            raise Mistake(f"{path.name} is a database of neither MLflow nor Optuna; {KINDS}")
    return history_of(runs, path.name, kind, goal, metric)


def _folder(path: Path, goal: Goal, metric: str | None) -> History:
    from planner.imports import event_folder, mlflow_folder

    runs: list[TrackedRun]
    if mlflow_folder.is_mlruns(path):
        runs, kind = mlflow_folder.read_runs(path), "MLflow runs"
    else:
        for name in INSIDE:
            inner = path / name
            if inner.is_dir() and mlflow_folder.is_mlruns(inner):
                return _folder(inner, goal, metric)
            if inner.is_file() and _is_database(inner):
                return _database(inner, goal, metric)
        if not event_folder.event_files(path):
            raise Mistake(f"the folder {path.name} holds nothing known; {KINDS}")
        runs, kind = event_folder.read_runs(path), "TensorBoard runs"
    return history_of(runs, path.resolve().name, kind, goal, metric)
