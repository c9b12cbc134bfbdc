"""Has every param that the idea changes a place in the command?"""

from __future__ import annotations

from planner.domain.mistake import Mistake
from planner.worker.checks.asking import meant, probe
from planner.worker.checks.reading import changed
from planner.worker.filling import places
from planner.worker.nearest import did_you_mean
from planner.worker.task import Task


def ask_for_places(task: Task) -> None:
    """Put the question, if the idea changes any; Mistake for a param that the command never gets."""
    if changed(task):
        probe(task, "params", lambda: _placed(task))


def _placed(task: Task) -> str:
    found, names = places(task.spec.command or (), task.spec.params), changed(task)
    for name in names:
        if name not in found:
            raise Mistake(
                f"the command in planner.toml has no place for the param {name}: write {{{name}}} where it "
                f"belongs{did_you_mean(name, found)}{meant('params')}"
            )
    return f"{', '.join(names)} {'has a place' if len(names) == 1 else 'have places'} in the command"
