"""Verbs of a project, each with what it makes of a plain one."""

from __future__ import annotations

from typing import Any

from tests.workspace.machine import Verb
from tests.workspace.plain import Change, Plain, newest, put


def estimating(idea: int, by: str, hours: int, chance: int | None) -> tuple[Verb, Change]:
    """Saying one person's numbers: what is not said stays, and the earlier ones are counted."""

    def said(world: Plain) -> Plain:
        old = world.get(("estimate", idea, by))
        likelihood = chance / 100 if chance else old[3] if old else None
        earlier = world["idea", idea, "said before"] + (old is not None)
        new = (float(hours), old[1] if old else None, old[2] if old else None, likelihood)
        return put(world, {("estimate", idea, by): new, ("idea", idea, "said before"): earlier})

    numbers = {"hours": f"{hours}h", "likelihood": None if chance is None else f"{chance}%"}
    return lambda work: work.ideas.estimate(idea, by=by, **numbers), said


def editing(idea: int, title: str, tags: tuple[str, ...]) -> tuple[Verb, Change]:
    """Giving an idea another title and other tags."""
    return (
        lambda work: work.ideas.edit(idea, title=title, tags=tags),
        lambda world: put(world, {("idea", idea, "title"): title, ("idea", idea, "tags"): tags}),
    )


def placing(idea: int, place: str) -> tuple[Verb, Change]:
    """Putting an idea aside, giving it up untried, or bringing it back."""
    verb = {"parked": "park", "dropped": "drop", "backlog": "restore"}[place]
    return (
        lambda work: getattr(work.ideas, verb)(idea),
        lambda world: put(world, {("idea", idea, "place"): place}),
    )


def adding(title: str, lift: float | None, number: int) -> tuple[Verb, Change]:
    """Capturing an idea, and what that makes."""
    params = {} if lift is None else {"lift": lift}
    fields: dict[str, Any] = {
        "title": title, "category": "other", "tags": (), "params": str(params), "implemented": False,
        "place": "backlog", "said before": 0, "spent": 0.0, "wanted": False, "frozen": False,
    }  # fmt: skip
    return (
        lambda work: work.ideas.add(title, params=[f"lift={lift}"] if params else []),
        lambda world: put(world, {("idea", number, name): value for name, value in fields.items()}),
    )


def dispatching(idea: int) -> tuple[Verb, Change]:
    """Dispatching an idea, and what that makes."""

    def wanted(world: Plain) -> Plain:
        bare = world["idea", idea, "params"] == "{}"
        now = {
            ("idea", idea, "wanted"): True,
            ("idea", idea, "frozen"): True,
            ("idea", idea, "place"): "backlog",
            ("idea", idea, "implemented"): bare or world["idea", idea, "implemented"],
            ("paused",): False,
        }
        return put(world, now)

    return lambda work: work.queue.dispatch([idea], implemented=True), wanted


def overruling(idea: int, verdict: str) -> tuple[Verb, Change]:
    """Overruling a verdict, and what that makes."""

    def said(world: Plain) -> Plain:
        before, seeds, *_ = world[newest(world, idea)]
        return put(world, {newest(world, idea): (verdict, seeds or before, None, False)})

    return lambda work: work.corrections.overrule(idea, verdict, "I saw it"), said
