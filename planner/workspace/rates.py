"""Queueing a search for the learning rate, and reading what it found."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Baseline
from planner.domain.rates import Rates
from planner.domain.run import LIVE, Run
from planner.executors.refs import commit_of
from planner.rules.judging.next_baseline import next_baseline
from planner.workspace.lookup import find_idea
from planner.workspace.project import Project
from planner.workspace.queue import check_whole, new_run_id

FIRST = 0.0
"""The place in the queue: before what climbs by itself."""


def search(project: Project, number: int | None) -> Run:
    """Queue a search for an idea, or for the baseline; nobody's evidence; or find the one under way."""
    settings = project.settings
    if settings.recipe.entry is None:
        raise Mistake(
            "planner.toml names no recipe that returns a Trial: the learning rate of a command is its own"
        )
    with project.store.transaction("look for the learning rate", by=project.who) as tables:
        ledger = tables.ledger()
        idea = find_idea(ledger.ideas, number) if number is not None else None
        if idea:
            check_whole(idea)
        if (waiting := _waiting(ledger, number)) is not None:
            return waiting
        baseline = next_baseline(ledger, settings, at=project.now())
        if baseline not in ledger.baselines:
            tables.put(baseline)
        name = f"idea {number}" if idea else "the baseline"
        tables.says = f"look for the learning rate of {name}"
        return tables.put(_run(project, ledger, baseline, idea))


def found(project: Project, run: Run) -> Rates | None:
    """What a search found; None while it has not ended, and where it ended without an answer."""
    return project.layout.run(run.id).read_rates()


def _waiting(ledger: Ledger, number: int | None) -> Run | None:
    searches = (run for run in ledger.runs.values() if run.rung == "lr" and run.idea == number)
    return next((run for run in searches if run.status in LIVE), None)


def _in_vain(ledger: Ledger, idea: Idea | None) -> str | None:
    """The last search for it, where that has ended before it could say anything."""
    number = idea.id if idea else None
    searches = [run for run in ledger.runs.values() if run.rung == "lr" and run.idea == number]
    return searches[-1].id if searches and searches[-1].status != "finished" else None


def _run(project: Project, ledger: Ledger, baseline: Baseline, idea: Idea | None) -> Run:
    number = 1 + max((int(one.split("-")[0][1:]) for one in ledger.runs), default=0)
    run = Run(
        id=new_run_id(number),
        retry_of=_in_vain(ledger, idea),
        idea=idea.id if idea else None,
        baseline=baseline.version,
        rung="lr",
        seed=0,
        params={**baseline.params, **(idea.change.params if idea else {})},
        queued_at=project.now(),
        order=FIRST,
        ref=baseline.ref,
        commit=baseline.commit,
    )
    if idea is None or idea.change.ref is None:
        return run
    return replace(run, ref=idea.change.ref, commit=commit_of(project.layout.project, idea.change.ref))
