"""What must be the same for a run to go on with another's training: digests of it, by what it is."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import planner
from planner.store import encoding, files
from planner.worker.task import Task

NOBODYS = (
    str(Path(planner.__file__).parent), sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"),
)  # fmt: skip
"""Folders of code that is no project's: the planner's own, Python's own."""
INSTALLED = ("site-packages", "dist-packages")
"""Folders within a project whose code is not its own."""
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
    code = context.get("code") if spec.command else dict(_modules(task.project))
    return {
        "settings": _digest(settings),
        "code": _digest([code, _patch(task)] if spec.command else code),
        "data": _digest([context.get("data"), context.get("data_files")]),
        "libraries": _digest([{name: packages.get(name) for name in LIBRARIES}, context.get("backend")]),
    }


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str | None:
    """The first thing that is not the same, in a few words; None when all is."""
    return next((CHANGED[name] for name in CHANGED if ours.get(name) != theirs.get(name)), None)


def _modules(project: Path) -> Iterator[tuple[str, str]]:
    """Each file of code in use that nobody installed, and its digest; the project's by its place in there.

    A commit or an edit elsewhere in the project leaves these as they are.
    """
    for module in list(sys.modules.values()):
        # Asking a module that is loaded lazily would load it, so only its dictionary is looked at.
        place = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if isinstance(place, str) and _is_somebodys(place):
            path = Path(place)
            name = str(path.relative_to(project)) if path.is_relative_to(project) else place
            yield name, _digest_of_file(path)


def _is_somebodys(place: str) -> bool:
    return not place.startswith(NOBODYS) and not set(INSTALLED).intersection(Path(place).parts)


def _digest_of_file(path: Path) -> str:
    try:
        return hashlib.sha256(files.read(path)).hexdigest()
    except OSError:
        return ""


def _patch(task: Task) -> str:
    return _digest_of_file(task.folder.patch)


def _digest(value: object) -> str:
    return hashlib.sha256(repr(encoding.plain(value)).encode()).hexdigest()
