"""The project's own modules, compiled from their source each time.

Python trusts compiled code of the same size and second as its source, and two runs may come within one.
"""

from __future__ import annotations

import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from pathlib import Path
from typing import Any

from planner.worker.modules import INSTALLED


class FromSource(SourceFileLoader):
    """Neither reads compiled code nor leaves any behind."""

    def path_stats(self, path: str) -> dict[str, int]:
        """OSError: without the time of its source no compiled code is looked for."""
        raise OSError(path)


LOADERS = (
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (FromSource, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def enter(project: str) -> None:
    """Let the project's modules be found first, and each of them as it stands in its file now."""
    finder, root = FileFinder.path_hook(*LOADERS), Path(project)

    def hook(folder: str) -> Any:
        place = Path(folder)
        if not place.is_relative_to(root) or set(INSTALLED).intersection(place.parts):
            raise ImportError(folder)
        return finder(folder)

    sys.path_hooks.insert(0, hook)
    for known in [path for path in sys.path_importer_cache if Path(path).is_relative_to(root)]:
        del sys.path_importer_cache[known]
    sys.path.insert(0, project)
