"""What must be the same for a run to go on with another's training: digests of it, by what it is."""

from __future__ import annotations

import hashlib

from planner.provenance.digest import of_file
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
    code = context.get("code") if spec.command else dict(modules(task.project))
    return {
        "settings": _digest(settings),
        "code": _digest([code, _patch(task)] if spec.command else code),
        "data": _digest([context.get("data"), context.get("data_files")]),
        "libraries": _digest([{name: packages.get(name) for name in LIBRARIES}, context.get("backend")]),
    }


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str | None:
    """The first thing that is not the same, in a few words; None when all is."""
    return next((CHANGED[name] for name in CHANGED if ours.get(name) != theirs.get(name)), None)


def _patch(task: Task) -> str:
    return of_file(task.folder.patch)


def _digest(value: object) -> str:
    return hashlib.sha256(repr(encoding.plain(value)).encode()).hexdigest()
