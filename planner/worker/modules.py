"""The files of code that a run uses and that nobody installed, with their digests."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import planner
from planner.provenance.digest import of_file

NOBODYS = (
    str(Path(planner.__file__).parent), sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"),
)  # fmt: skip
"""Folders of code that is no project's: the planner's own, Python's own."""
INSTALLED = ("site-packages", "dist-packages")
"""Folders within a project whose code is not its own."""
SIBLINGS = 200
"""Files beside a script that are looked at, at most."""


def modules(project: Path) -> Iterator[tuple[str, str]]:
    """Each file of code in use that nobody installed, and its digest; the project's by its place in there.

    A commit or an edit elsewhere in the project leaves these as they are.
    """
    for module in list(sys.modules.values()):
        # Asking a module that is loaded lazily would load it, so only its dictionary is looked at.
        place = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if isinstance(place, str) and _is_somebodys(place):
            path = Path(place)
            name = str(path.relative_to(project)) if path.is_relative_to(project) else place
            yield name, of_file(path)


def versions() -> dict[str, str]:
    """What was installed and is in use, by the name it is imported by, with the version it says it has."""
    known = {
        name: vars(module)
        for name, module in list(sys.modules.items())
        if "." not in name and isinstance(module, ModuleType)
    }
    return {
        name: said
        for name, has in sorted(known.items())
        if isinstance(said := has.get("__version__"), str)
        and set(INSTALLED).intersection(Path(str(has.get("__file__"))).parts)
    }


def _is_somebodys(place: str) -> bool:
    return not place.startswith(NOBODYS) and not set(INSTALLED).intersection(Path(place).parts)


def scripts(command: Iterable[str], project: Path) -> Iterator[tuple[str, str]]:
    """Each file that a command names within the project, those of its kind beside it, and their digests."""
    named = [Path(part) for part in command if not Path(part).is_absolute() and (project / part).is_file()]
    for one in named:
        beside = sorted((project / one.parent).glob(f"*{one.suffix}"))[:SIBLINGS] if one.suffix else []
        for path in {project / one, *beside}:
            yield str(path.relative_to(project)), of_file(path)
