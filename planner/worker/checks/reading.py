"""Did the recipe read the params that the idea changes?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant, probe
from planner.worker.checks.equality import PLAIN
from planner.worker.checks.watched import Watched
from planner.worker.device import names_backend
from planner.worker.modules import INSTALLED
from planner.worker.nearest import did_you_mean
from planner.worker.task import Task


def changed(task: Task) -> list[str]:
    """The params by which the idea differs from the baseline, as far as this rung lets them differ."""
    beside = task.spec.beside
    if beside is None:
        return []
    missing = object()
    return [
        name
        for name, value in task.spec.params.items()
        if beside.get(name, missing) != value and not names_backend(name, value)  # which the worker obeys
    ]


def demand_read(task: Task, params: Watched, *, later: bool) -> str:
    """A sentence on what was read; Mistake for a param of the idea that nobody read.

    With `later` code of the project may run on that has not run yet: then a param counts as read whose name
    stands in that code, and an alert says so.
    """
    unread = params.unread(changed(task))
    waiting = [name for name in unread if later and _stands_in_code(task.project, name)]
    if ignored := [name for name in unread if name not in waiting]:
        raise Mistake(_ignored(ignored[0], params))
    if waiting:
        task.report.alert(
            f"{', '.join(waiting)} had not been read by the end of the check; look whether it is used"
        )
    return _read(changed(task))


def refuse_the_same(names: list[str], what: str) -> NoReturn:
    """Mistake for params of the idea that are read and leave everything as it is in the baseline."""
    several = len(names) > 1
    raise Mistake(
        f"{', '.join(names)} {'are read but change' if several else 'is read but changes'} nothing: {what} "
        f"are those of the baseline{meant('params')}"
    )


def ask_whether_read(task: Task, params: Watched, *, later: bool) -> None:
    """Put the question, if the idea changes any, and write its answer down."""
    if changed(task):
        probe(task, "params", lambda: demand_read(task, params, later=later))


def _read(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} read"


def _ignored(name: str, params: Watched) -> str:
    read = sorted(params.seen)
    what = f"it reads {', '.join(read[:8])}" if read else "it reads none"
    return f"the recipe never reads the param {name}: {what}{did_you_mean(name, read)}{meant('params')}"


def _stands_in_code(project: Path, name: str) -> bool:
    """Whether the name stands anywhere in the project's modules that are loaded."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(word.search(text) for text in _texts(project))


def globals_of(project: Path) -> dict[str, str]:
    """What the project's modules that are loaded hold by name, as far as it is plain numbers and texts."""
    return {
        f"{place}:{name}": repr(value)
        for place, module in _modules(project)
        for name, value in module.items()
        if not name.startswith("__") and _is_plain(value)
    }


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list | tuple) else isinstance(value, PLAIN)


def _texts(project: Path) -> list[str]:
    found = []
    for place, _ in _modules(project):
        try:
            found.append(place.read_text(errors="replace"))
        except OSError:
            continue  # a module that is no file of text holds no name that could be found
    return found


def _modules(project: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The project's modules that are loaded: the file and all that each holds."""
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        place = names.get("__file__")
        if isinstance(place, str) and _is_in(project, Path(place)):
            yield Path(place), dict(names)


def _is_in(project: Path, place: Path) -> bool:
    return place.is_relative_to(project) and place.suffix == ".py" and not set(INSTALLED) & set(place.parts)
