"""One isolated question of the rung `check`, whose answer is written down whatever it is."""

from __future__ import annotations

from collections.abc import Callable

from planner.worker.cause import cause_of
from planner.worker.task import Task


def ask(task: Task, name: str, question: Callable[[], str]) -> None:
    """Put a question that answers in a sentence or raises; what it raises is the answer, and ends the run."""
    try:
        detail = question()
    except Exception as error:
        # The project's code may raise anything; it is written down here and raised on.
        task.report.check(name, passed=False, detail=cause_of(error, task.project, task.spec))
        raise
    task.report.check(name, passed=True, detail=detail)


def ask_for_metric(task: Task, reported: set[str]) -> None:
    """Is the goal's metric among those that the run will report?"""

    def question() -> str:
        task.demand_metric(reported)
        return f"the run reports {task.spec.metric}"

    ask(task, "metric", question)
