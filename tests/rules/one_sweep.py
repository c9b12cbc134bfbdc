"""An idea that sweeps three widths, its configurations, and what the ladder makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planner.domain.goal import Goal
from planner.domain.idea import Change, Idea
from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Step
from planner.rules.notation.sweeping import sweep
from tests.rules.ledgers import ASKED, NOW, a_ledger, a_run, an_idea, baseline_runs

SETTINGS = Settings(
    goal=Goal(metric="val_accuracy", minimum_effect=0.2), rungs={"full": RungSettings(seeds=3)}
)
WITH_SMALL = replace(SETTINGS, rungs={**SETTINGS.rungs, "small": RungSettings(fraction=0.2)})
BASE = (76.1, 76.3, 75.9)
THREE = sweep(["w=1,2,3"])


def sweeping(found=THREE, **fields: Any) -> Idea:
    """A dispatched idea that sweeps and sets one param besides."""
    return an_idea(1, **({"change": Change(params={"idea": 1}, sweep=found)} | fields))


def ledger_of(idea: Idea, *runs: Run) -> Ledger:
    cheap = [a_run(f"c-{rung}", 1, rung=rung, queued_at=ASKED) for rung in ("check", "tiny")]
    return a_ledger([idea], [*cheap, *baseline_runs(BASE), *runs])


def a_config(number: int, value: float | None, name: str = "", **fields: Any) -> Run:
    """A configuration of THREE that was tried in full."""
    usual = {"config": number, "params": {"lr": 0.1, "idea": 1, "w": number + 1}, "rung_params": {}}
    return a_run(name or f"s{number}", 1, value=value, **(usual | fields))


def step(*runs: Run, idea: Idea | None = None, settings: Settings = SETTINGS, **more: Any) -> Step:
    idea = idea or sweeping()
    return next_step(idea, ledger_of(idea, *runs), settings, now=NOW, **more)
