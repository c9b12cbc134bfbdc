"""Whether an error is of the planner's own installation, and says nothing of the code that was to run."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

from planner.worker.cause import headline

OWN = Path(__file__).resolve().parents[1]
"""Where the planner's own code lies."""
MODULE = "<module>"
"""What Python calls a module's own code: it runs when the module is imported."""


def own_fault(error: BaseException, project: Path) -> str:
    """What keeps the planner itself from running, in a sentence; empty where the project's code may.

    That is an import that stands in the planner's code and fails, unless it is the project that stands in
    its way, with a module of a library's name.
    """
    stack = traceback.extract_tb(error.__traceback__)
    last = max((place for place, frame in enumerate(stack) if _is_own(frame.filename)), default=None)
    if last is None or not _fails_to_import(error) or _names(error, project):
        return ""
    behind = stack[last + 1 :]
    if any(_lies_in(frame.filename, project) for frame in behind) or (behind and behind[0].name != MODULE):
        return ""
    where = f"{Path(stack[last].filename).resolve().relative_to(OWN.parent)}:{stack[last].lineno}"
    return (
        f"the planner itself can't run here: {type(error).__name__}: {headline(str(error))} ({where}); "
        "mend its installation, and `planner dispatch --resume` goes on"
    )


def _fails_to_import(error: BaseException) -> bool:
    """Whether a module could not be imported, or one of the planner's own could not be read."""
    if isinstance(error, SyntaxError):
        return _is_own(error.filename or "")
    return isinstance(error, ImportError)


def _names(error: BaseException, project: Path) -> bool:
    """Whether the module that could not give what was asked of it is one of the project."""
    path = error.path if isinstance(error, ImportError) else None
    return path is not None and _lies_in(path, project)


def _is_own(filename: str) -> bool:
    return Path(filename).resolve().is_relative_to(OWN)


def _lies_in(filename: str, project: Path) -> bool:
    """Whether a file is one of the project, in whose folder Python and its libraries may lie too."""
    if filename.startswith("<"):  # such as `<frozen importlib._bootstrap>`, which is no file
        return False
    path = Path(filename).resolve()
    others = path.is_relative_to(OWN) or path.is_relative_to(Path(sysconfig.get_path("stdlib")).resolve())
    return path.is_relative_to(project.resolve()) and not others and "site-packages" not in path.parts
