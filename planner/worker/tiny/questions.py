"""What the rung `tiny` says of questions that it is not to ask."""

from __future__ import annotations

from planner.domain import question
from planner.worker.nearest import did_you_mean
from planner.worker.task import Task


def ask_nothing(task: Task, reason: str) -> None:
    """Leave out every question, because the rung means nothing here, and say why."""
    for name in question.TINY:
        task.report.check(name, passed=True, detail=f"not asked: {reason}")
    task.report.alert(f"the rung tiny asked nothing: {reason}")


def warn_of_unknown(task: Task) -> None:
    """An alert for each name to be skipped that is no question."""
    for name in task.spec.skip:
        if name not in question.TINY:
            task.report.alert(
                f"rungs.tiny.skip in planner.toml names {name!r}, which the rung does not ask"
                f"{did_you_mean(name, question.TINY)}"
            )


def unless_meant(name: str) -> str:
    """The way out for a person who wants it so, to stand at the end of a cause."""
    return f'write skip = ["{name}"] under [rungs.tiny] if that is meant'
