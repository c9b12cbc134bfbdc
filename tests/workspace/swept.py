"""Sweeps as if they had run: each configuration ends as a test says, without a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planner.domain.run import Run
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Start
from planner.workspace.workspace import Workspace


def try_all(work: Workspace, idea_id: int, value: Callable[[dict[str, object]], float | None]) -> None:
    """Take a dispatched idea through its cheap rungs and every configuration; None is one that fails."""
    while True:
        ledger = work.project.store.read()
        step = next_step(ledger.ideas[idea_id], ledger, work.settings, now=work.project.now())
        if not isinstance(step, Start) or (step.config is None and step.rung == "full"):
            return
        baseline, idea = ledger.baselines[-1], ledger.ideas[idea_id]
        params = {**baseline.params, **idea.change.params, **(step.params or {})}
        simpler = work.settings.rung(step.rung)
        run = Run(
            id=f"r{len(ledger.runs) + 1}-0000",
            idea=idea_id,
            baseline=baseline.version,
            rung=step.rung,
            seed=step.seed,
            params=params,
            queued_at=work.project.now(),
            order=0.0,
            ended_at=work.project.now(),
            config=step.config,
            rung_params=simpler.params,
            fraction=simpler.fraction,
        )
        came_to = None if step.config is None else value(params)
        fails = step.config is not None and came_to is None
        run = (
            replace(run, status="failed", cause="ValueError: too fast")
            if fails
            else replace(run, status="finished", value=came_to)
        )
        with work.project.store.transaction("run", by="dispatcher", undoable=False) as tables:
            tables.put(run)


def as_if_judged(work: Workspace, idea_id: int) -> None:
    """Let an idea rest, as a verdict does."""
    with work.project.store.transaction("verdict", by="dispatcher", undoable=False) as tables:
        tables.put(replace(tables.ledger().ideas[idea_id], dispatch=None))
