"""MLflow's runs, from its folder of plain files (`mlruns`); MLflow itself is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.imports.outside import ROW_LIMIT
from planner.imports.params import lenient_value
from planner.imports.tracked import State, TrackedRun
from planner.imports.values import finite, from_milliseconds, hours_between_milliseconds

META = "meta.yaml"
"""The file that describes an experiment or a run."""
STATES: dict[str, State] = {
    "3": "finished",
    "4": "failed",
    "5": "killed",
    "FINISHED": "finished",
    "FAILED": "failed",
    "KILLED": "killed",
}
"""How a run ended, by MLflow's number or word; any other has not."""
LARGEST = 2**20
"""Bytes that are read of one small file; of a metric, the end of it."""


def is_mlruns(folder: Path) -> bool:
    """Whether a folder holds experiments as MLflow writes them."""
    return any(_runs_of(experiment) for experiment in _experiments(folder))


def read_runs(folder: Path) -> list[TrackedRun]:
    """Every run, the earliest start first."""
    found = []
    for experiment in _experiments(folder):
        group = _flat_yaml(experiment / META).get("name") or experiment.name
        for run in _runs_of(experiment):
            meta = _flat_yaml(run / META)
            found.append((finite_text(meta.get("start_time")) or 0.0, run.name, _run(run, meta, group)))
            if len(found) > ROW_LIMIT:
                raise Mistake(
                    f"{folder.name} holds more than {ROW_LIMIT:,} runs; import its experiments one by one"
                )
    return [run for _, _, run in sorted(found, key=lambda one: one[:2])]


def _experiments(folder: Path) -> list[Path]:
    """The experiments in a folder, or the folder itself when it is one."""
    if (folder / META).is_file():
        return [folder]
    return sorted(inner for inner in folder.iterdir() if inner.name != ".trash" and (inner / META).is_file())


def _runs_of(experiment: Path) -> list[Path]:
    if not experiment.is_dir():
        return []
    return sorted(inner for inner in experiment.iterdir() if (inner / META).is_file() and _is_run(inner))


def _is_run(folder: Path) -> bool:
    """A run has these folders; one that holds nothing may have been lost on the way, as git loses them."""
    return any((folder / part).is_dir() for part in ("metrics", "params", "tags"))


def _run(folder: Path, meta: dict[str, str], group: str) -> TrackedRun:
    started, ended = finite_text(meta.get("start_time")), finite_text(meta.get("end_time"))
    deleted = meta.get("lifecycle_stage") == "deleted"
    return TrackedRun(
        name=_text(folder / "tags" / "mlflow.runName") or meta.get("run_name", ""),
        id=folder.name,
        group=group,
        state="deleted" if deleted else STATES.get(meta.get("status", ""), "unfinished"),
        params={name: lenient_value(_text(path), name) for name, path in _files(folder / "params")},
        metrics={name: _last_value(path) for name, path in _files(folder / "metrics")},
        at=from_milliseconds(ended or started),
        hours=hours_between_milliseconds(started, ended),
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder by name; a name may have slashes, which become folders."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def _text(path: Path) -> str:
    """A small file's text; empty when there is none."""
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open("rb") as file:
        return file.read(LARGEST).decode("utf-8", "replace").strip()


def _last_value(path: Path) -> float | None:
    """The value of the latest step; each line has a time, a value and a step."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LARGEST))
        lines = [line.split() for line in file.read().decode("utf-8", "replace").splitlines()]
    points = [
        (finite_text(words[2]) if len(words) > 2 else 0.0, finite_text(words[0]), words[1])
        for words in lines
        if len(words) >= 2
    ]
    ordered = [(step or 0.0, time, value) for step, time, value in points if time is not None]
    return finite_text(max(ordered, key=lambda point: point[:2])[2]) if ordered else None


def finite_text(text: str | None) -> float | None:
    """A finite number written as text; None for anything else."""
    try:
        return finite(float(text)) if text else None
    except ValueError:
        return None


def _flat_yaml(path: Path) -> dict[str, str]:
    """The top-level keys of a YAML file that hold one plain value each, which is all MLflow writes."""
    pairs = (line.partition(":") for line in _text(path).splitlines() if line[:1] not in (" ", "#", "-"))
    return {key.strip(): value.strip().strip("'\"") for key, colon, value in pairs if colon}
