"""The next round of a sweep, asked for before it begins: narrower ranges, or further configurations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.rules.sweeping.narrowing import narrowed
from planner.rules.sweeping.swept import Swept
from planner.rules.wording.sweeps import sweep_in_words
from screens.ask import AskScreen, Field

if TYPE_CHECKING:
    from screens.app import PlannerApp
    from screens.engine import Engine


def narrow(planner: PlannerApp, found: Swept, goal: Goal) -> None:
    """Show the ranges that the best configurations leave, and ask whether to go on there."""
    try:
        after = narrowed(found.sweep, found.tried, goal, 1 + found.tried[-1].number)
    except Mistake as mistake:
        planner.complain(mistake)
        return
    about = f"Around the best: {sweep_in_words(after)}. What was tried stays known."
    _ask(planner, found, "narrow the ranges", about, narrower=True)


def more(planner: PlannerApp, found: Swept) -> None:
    """Ask how many further configurations to try."""
    about = f"Further ones in the same ranges: {sweep_in_words(found.sweep)}. None is tried twice."
    _ask(planner, found, "try more", about, narrower=False)


def _ask(planner: PlannerApp, found: Swept, what: str, about: str, *, narrower: bool) -> None:
    hint = f"how many; {found.sweep.configs}, as in the round before, unless you say"
    field = Field(name="configs", label="try", hint=hint)
    verb = partial(_go_on, planner.engine, found.idea.id, narrower)
    planner.push_screen(AskScreen(f"{what} of #{found.idea.id}", about, (field,), verb))


def _go_on(engine: Engine, idea: int, narrower: bool, *, configs: str) -> str:
    return engine.sweep_on(idea, narrow=narrower, more=configs.strip() or None)
