"""A project whose ideas were run and judged by the planner's own rules."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from planner.domain.idea import Change, Dispatch
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Settle
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from planner.workspace.worth import with_worth
from tests.projects import Clock
from tests.rules.scoring_facts import idea, said
from tests.workspace.corrected import TOML, now

BASELINE = (76.1, 76.3, 75.9, 76.2, 76.0)
"""The baseline's five seeds."""
WON, LOST, CLOSE = (76.55, 76.9), (76.02, 76.1), (76.35, 76.3, 76.5, 76.2, 76.4)
"""What ideas reached, seed by seed."""


def a_run(number: int, of: int | None, seed: int, value: float | None, at: str, **fields: object) -> Run:
    run = Run(
        id=f"r{number}-aaaa",
        idea=of,
        baseline=1,
        rung="full",
        seed=seed,
        params={} if of is None else {"idea": of},
        queued_at=at,
        ended_at=at,
        order=0.0,
        status="finished",
        value=value,
        hours=2.0 + number / 10,
    )
    return replace(run, **fields)  # type: ignore[arg-type]  # fields of a run by name


@contextmanager
def judged(
    reached: Mapping[int, Sequence[float]], baseline: Sequence[float] = BASELINE
) -> Iterator[Workspace]:
    """A project whose ideas were run and judged by the planner's own rules, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.toml.write_text(TOML)
        Store(layout).create()
        work = Workspace(layout, now=Clock(), who="ana")
        put_runs(work, None, baseline)
        for number, values in reached.items():
            put_idea(work, number)
            put_runs(work, number, values)
            settle(work, number)
        put_idea(work, 9, dispatch=None)
        yield work


def put_idea(work: Workspace, number: int, **fields: object) -> None:
    wish = {"dispatch": Dispatch(at=work.project.now(), by="ana", seeds=len(BASELINE))} | fields
    estimate = said(gain=2, hours=2, likelihood=0.4, complexity=1)
    new = idea(number, "", estimate, change=Change(params={"idea": number}), **wish)
    with work.project.store.transaction("put", by="test", undoable=False) as tables:
        tables.put(new)


def put_runs(work: Workspace, of: int | None, values: Sequence[float], **fields: object) -> None:
    with work.project.store.transaction("run", by="test", undoable=False) as tables:
        if not tables.all(Baseline):
            tables.put(Baseline(version=1, params={}, at=work.project.now()))
        for seed, value in enumerate(values):
            if of is not None and seed == 0:
                check = a_run(len(tables.all(Run)) + 1, of, 0, None, work.project.now())
                tables.put(replace(check, rung="check", covers=("tiny",)))
            tables.put(a_run(len(tables.all(Run)) + 1, of, seed, value, work.project.now(), **fields))


def settle(work: Workspace, number: int) -> Outcome:
    """Judge a dispatched idea as the dispatcher does."""
    ledger, settings = now(work), work.settings
    one = ledger.ideas[number]
    step = next_step(one, ledger, settings, now=work.project.now())
    assert isinstance(step, Settle), step
    outcome = with_worth(step.outcome, one, ledger, settings)
    with work.project.store.transaction("settle", by="dispatcher", undoable=False) as tables:
        tables.put(replace(one, dispatch=None))
        tables.put(outcome)
        learn(tables, settings, at=outcome.at, because="it landed", outcome_of=number)
    return outcome


def runs_of(work: Workspace, of: int | None) -> list[str]:
    return [run.id for run in now(work).runs.values() if run.idea == of and run.rung == "full"]


def status_of(work: Workspace, number: int) -> str:
    return next(row.status for row in work.view().ranked if row.idea.id == number)
