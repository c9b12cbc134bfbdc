"""Dispatch from the screen: what would be run over again is asked about first, with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake
from planner.domain.repeat import Repeat
from screens.ask import AskScreen, Field

if TYPE_CHECKING:
    from screens.app import PlannerApp
    from screens.engine import Engine

REPLICATE, AGAIN, LEAVE = "a further seed", "run it again", "leave it"
"""What a person may make of a repeat."""
NAMED = 3
"""Repeats that are told one by one."""


def dispatch(planner: PlannerApp, ids: Sequence[int]) -> None:
    """Let ideas climb the ladder, once what they would repeat is known."""
    planner.run_worker(_weighed(planner, list(ids)), group="verbs")


async def _weighed(planner: PlannerApp, ids: list[int]) -> None:
    try:
        repeats = await planner.perform(partial(planner.engine.repeats, ids))
    except Mistake as mistake:
        planner.complain(mistake)
        return
    exact = [one for one in repeats if one.exact]
    notes = [one.says for one in repeats if not one.exact]
    if exact:
        planner.push_screen(_question(planner.engine, ids, exact, notes))
    else:
        planner.tell(partial(_dispatched, planner.engine, ids, notes))


def _question(engine: Engine, ids: Sequence[int], exact: Sequence[Repeat], notes: Sequence[str]) -> AskScreen:
    own = all(one.own for one in exact)
    choices = (REPLICATE, AGAIN, LEAVE) if own else (LEAVE, AGAIN)
    about = [one.says for one in exact[:NAMED]]
    if len(exact) > NAMED:
        about.append(f"and {len(exact) - NAMED} more")
    what = f"#{ids[0]}" if len(ids) == 1 else f"{len(ids)} ideas"
    verb = partial(_answered, engine, ids, {one.idea: one.says for one in exact}, notes)
    return AskScreen(
        f"dispatch {what}", ". ".join(about), (Field(name="then", label="then", choices=choices),), verb
    )


def _answered(
    engine: Engine, ids: Sequence[int], warned: Mapping[int, str], notes: Sequence[str], *, then: str
) -> str:
    """Dispatch what the answer leaves; empty where it leaves nothing."""
    if then == LEAVE:
        rest = [number for number in ids if number not in warned]
        return _dispatched(engine, rest, notes) if rest else ""
    return _dispatched(engine, ids, notes, anyway=warned if then == AGAIN else None)


def _dispatched(
    engine: Engine, ids: Sequence[int], notes: Sequence[str], *, anyway: Mapping[int, str] | None = None
) -> str:
    told = engine.dispatch(ids, anyway=anyway) if anyway else engine.dispatch(ids)
    return "\n".join([told, *notes[:NAMED]])
