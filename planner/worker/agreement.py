"""What must be the same for a run to go on with another's training: digests of it, by what it is."""

from __future__ import annotations

import hashlib
from typing import Any

from planner.provenance.patch import is_new, sections
from planner.store import encoding
from planner.worker.modules import modules
from planner.worker.task import Task

LIBRARIES = ("keras", "tensorflow", "jax", "torch", "numpy")
"""Packages of which another version trains a little differently."""
CHANGED = {
    "settings": "its settings have changed",
    "code": "the code has changed",
    "data": "the data have changed",
    "libraries": "other versions of the libraries are installed",
}
"""What to say of each part that no longer agrees."""


def agreement(task: Task) -> dict[str, str]:
    """Digests of the settings, the code that is loaded, the data and the libraries of this run."""
    spec, context = task.spec, task.folder.read_context() or {}
    packages = context.get("packages") or {}
    settings = (spec.entry, spec.command, spec.params, spec.seed, spec.rung, spec.fraction, spec.metric)
    code = _of_command(task, context) if spec.command else dict(modules(task.project))
    return {
        "settings": _digest(settings),
        "code": _digest(code),
        "data": _digest([context.get("data"), context.get("data_files")]),
        "libraries": _digest([{name: packages.get(name) for name in LIBRARIES}, context.get("backend")]),
    }


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str | None:
    """The first thing that is not the same, in a few words; None when all is."""
    return next((CHANGED[name] for name in CHANGED if ours.get(name) != theirs.get(name)), None)


def _of_command(task: Task, context: dict[str, Any]) -> list[object]:
    """The commit, what is changed in files of it, and the files of the command's own kind.

    New files of another kind may be what the command itself has written: a log, a table of results.
    """
    commit = (context.get("code") or {}).get("commit")
    return [commit, context.get("code_files"), hashlib.sha256(b"".join(_changed(task))).hexdigest()]


def _changed(task: Task) -> list[bytes]:
    """The patch's parts of files that the commit has."""
    try:
        patch = task.folder.patch.read_bytes()
    except FileNotFoundError:
        return []
    return [part for part in sections(patch).values() if not is_new(part)]


def _digest(value: object) -> str:
    return hashlib.sha256(repr(encoding.plain(value)).encode()).hexdigest()
