"""A project whose idea 30 sweeps: unfinished, interrupted, finished and adopted, with one to six params."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log10

from planner.domain.event import Progress
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.domain.sweep import Chosen, Sweep, Tried
from planner.domain.view import RunView
from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.proposing import proposed
from tests.screens import project
from tests.screens.fake import NOW, FakeEngine
from tests.screens.project_runs import PARAMS, STARTED

IDEA = 30
TITLE = "tune the learning rate, the width and dropout"
AXES = (
    "lr=1e-4..1e-1",
    "width=32,64,128",
    "dropout=0..0.5:0.1",
    "weight_decay=1e-6..1e-2",
    "optimizer_name=adam,nesterov momentum",
    "batch_size=16..256",
)
"""What it may search over; the first ones are enough for most tests."""
FAILED = 4
"""The configuration that ran out of memory."""


def unfinished(configs: int = 14, axes: int = 3, of: int = 30) -> FakeEngine:
    """So many configurations have been tried, and the next one trains."""
    search = sweep(AXES[:axes], method="random", configs=str(of))
    views = tried(search, configs + 1)
    if views:
        views[-1] = _running(views[-1])
    return _engine(search, views, Dispatch(at=NOW, by="ana"))


def untouched() -> FakeEngine:
    """Nobody has dispatched it yet."""
    return _engine(sweep(AXES[:3]), (), None)


def interrupted() -> FakeEngine:
    """A person stopped one of the configurations."""
    made = unfinished()
    last = made.runs[-1]
    made.runs[-1] = replace(
        last, progress=Progress(), run=replace(last.run, status="stopped", ended_at=NOW, stop_requested=True)
    )
    wish = Dispatch(at=NOW, by="ana", halted="configuration 14 was stopped by a person")
    idea = replace(made.ledger.ideas[IDEA], dispatch=wish)
    made.ledger = replace(made.ledger, ideas={**made.ledger.ideas, IDEA: idea})
    return made


def finished(axes: int = 3) -> FakeEngine:
    """All were tried, the best one ran on fresh seeds, and the verdict is there."""
    search = sweep(AXES[:axes], method="random", configs="30")
    views = tried(search, 30)
    best = max((view for view in views if view.run.value is not None), key=lambda view: view.run.value or 0)
    seeds = [
        RunView(
            run=replace(
                best.run,
                id=f"r{200 + seed}-3fa0",
                rung="full",
                seed=seed,
                config=None,
                value=0.98 + seed / 1000,
            ),
            title=TITLE,
        )
        for seed in (1, 2, 3)
    ]
    made = _engine(search, [*views, *seeds], None)
    outcome = Outcome(
        idea=IDEA,
        at=NOW,
        verdict="improved",
        reason="improved: +3.1 MEI [1.9, 4.3] on 3 paired seeds, chance of a real gain 97 %",
        rung="full",
        baseline=1,
        run_hours=0.2,
        chosen=Chosen(
            config=best.run.config or 0,
            params={name: best.run.params[name] for name in search.names},
            value=best.run.value or 0.0,
            rung="full",
            tried=30,
            failed=1,
        ),
    )
    made.ledger = replace(made.ledger, outcomes=(*made.ledger.outcomes, outcome))
    return made


def adopted() -> FakeEngine:
    """The same, and the win has become the baseline's next version."""
    made = finished()
    chosen = made.ledger.outcomes[-1].chosen
    assert chosen is not None
    after = Baseline(version=2, params={**PARAMS, **chosen.params}, at=NOW)
    made.ledger = replace(made.ledger, baselines=(*made.ledger.baselines, after))
    return made


def tried(search: Sweep, many: int) -> list[RunView]:
    """Runs of the first configurations; FAILED came to nothing."""
    known: list[Tried] = []
    for number in range(many):
        values = proposed(search, known, project.SETTINGS.goal)
        assert isinstance(values, dict), values
        known.append(
            Tried(number=number, values=values, state="finished", run=f"r{100 + number}-3fa0", value=0.5)
        )
    return [RunView(run=_run(one), title=TITLE) for one in known]


def _run(one: Tried) -> Run:
    failed = one.number == FAILED
    return Run(
        id=one.run,
        idea=IDEA,
        baseline=1,
        rung="full",
        seed=0,
        params={**PARAMS, **one.values},
        queued_at=STARTED,
        order=float(one.number),
        status="failed" if failed else "finished",
        started_at=STARTED,
        ended_at=NOW,
        hours=0.004,
        config=one.number,
        cause="out of memory on the GPU: 11.2 of 11.0 GiB" if failed else "",
        value=None
        if failed
        else round(0.97 - 0.02 * abs(log10(_lr(one)) + 2.4) + 0.0007 * (one.number % 5), 4),
    )


def _lr(one: Tried) -> float:
    lr = one.values["lr"]
    assert isinstance(lr, float)
    return lr


def _running(view: RunView) -> RunView:
    going = Progress(pid=4711, started_at=STARTED, last_at=NOW, epoch=3, epochs=20, seconds=3.0)
    run = replace(view.run, status="running", ended_at=None, value=None, hours=0.0)
    return replace(view, run=run, progress=going, silent_seconds=0.0)


def _engine(search: Sweep, views: Sequence[RunView], wish: Dispatch | None) -> FakeEngine:
    made = project.engine()
    idea = Idea(
        id=IDEA,
        title=TITLE,
        created_at=STARTED,
        created_by="ana",
        category="hyperparameter",
        change=Change(sweep=search),
        dispatch=wish,
    )
    made.runs = list(views)
    made.ledger = replace(
        made.ledger,
        ideas={**made.ledger.ideas, IDEA: idea},
        baselines=(Baseline(version=1, params=PARAMS, at=STARTED),),
    )
    return made
