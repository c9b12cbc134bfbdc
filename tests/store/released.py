"""Projects that releases left behind, as they were frozen then."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner.store.layout import Layout

RELEASES = Path(__file__).parents[1] / "data" / "releases"
FROZEN = sorted(path.parent.name for path in RELEASES.glob("*/home"))


def copied(release: str, folder: Path) -> Layout:
    """A copy of a release's project, as private as the planner leaves it."""
    layout = Layout(folder / "project")
    shutil.copytree(RELEASES / release / "home", layout.home)
    shutil.copy(RELEASES / release / "planner.toml", layout.toml)
    for path in (layout.home, *layout.home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return layout


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a project."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
