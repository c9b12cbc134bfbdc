"""One isolated question of the rung `check`, whose answer is written down whatever it is."""

from __future__ import annotations

from collections.abc import Callable

from planner.domain import question
from planner.domain.mistake import Mistake
from planner.worker.cause import cause_of
from planner.worker.fault import own_fault
from planner.worker.nearest import did_you_mean
from planner.worker.task import Task

SKIPPED = "not asked: planner.toml skips it"
"""The answer to a question that a person does not want asked."""


def ask(task: Task, name: str, put: Callable[[], str]) -> None:
    """Put a question that answers in a sentence or raises; what it raises is the answer, and ends the run."""
    if name in task.spec.skip:
        task.report.check(name, passed=True, detail=SKIPPED)
        return
    try:
        detail = put()
    except Exception as error:
        # The project's code may raise anything; it is written down here and raised on.
        task.report.check(name, passed=False, detail=cause_of(error, task.project, task.spec))
        raise
    task.report.check(name, passed=True, detail=detail)


def probe(task: Task, name: str, put: Callable[[], str]) -> None:
    """Put a question that looks into what works already: only a Mistake is a no.

    Anything else that it raises shows that a model of this kind can't be asked, and ends nothing.
    """

    def answer() -> str:
        try:
            return put()
        except Mistake:
            raise
        except Exception as error:
            if own_fault(error, task.project):
                raise
            # A model may be built in ways that nobody foresaw; that it trains is another question.
            return f"could not be asked ({cause_of(error, task.project, task.spec)})"

    ask(task, name, answer)


def meant(name: str) -> str:
    """The way out for a person who wants it so, to stand at the end of a cause."""
    return f'; write skip = ["{name}"] under [rungs.check] if that is meant'


def ask_for_metric(task: Task, reported: Callable[[], set[str]]) -> None:
    """Is the goal's metric among those that the run will report?"""

    def put() -> str:
        task.demand_metric(reported())
        return f"the run reports {task.spec.metric}"

    ask(task, "metric", put)


def warn_of_unknown(task: Task) -> None:
    """Say of each name in `skip` that no question has it."""
    for name in task.spec.skip:
        if name not in question.CHECK:
            near = did_you_mean(name, question.CHECK)
            task.report.alert(f"[rungs.check] skips {name!r}, and no question has that name{near}")
