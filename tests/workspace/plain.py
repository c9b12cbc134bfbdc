"""A project as plain values, kept beside the real one by a test that knows what each verb does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import LIVE

Place = tuple[Any, ...]
"""Where a value stands, such as `("idea", 3, "title")`."""

Plain = dict[Place, Any]
"""Every value by its place."""

Patch = dict[Place, tuple[Any, Any]]
"""The places that moved, each with its old and its new value."""

GONE = "(nothing)"
"""The value of a place that is not there."""

Change = Callable[[Plain], Plain]
"""What a verb makes of a project."""


def plain(ledger: Ledger) -> Plain:
    """What is decided, as far as the test keeps it; no scores and nothing that was learned."""
    found: Plain = {("paused",): ledger.paused is not None}
    for idea in ledger.ideas.values():
        found.update({("idea", idea.id, name): value for name, value in _idea(idea).items()})
        for who, said in idea.estimates.items():
            found["estimate", idea.id, who] = (said.hours, said.complexity, said.impact, said.likelihood)
    for run in ledger.runs.values():
        values = {"idea": run.idea, "rung": run.rung, "seed": run.seed, "status": run.status}
        found.update({("run", run.id, name): value for name, value in values.items()})
        found["run", run.id, "struck"] = run.struck or GONE
    for baseline in ledger.baselines:
        if baseline.adopted is not None:
            found["adopted", baseline.adopted] = baseline.version
    for outcome in ledger.outcomes:
        found["verdict", outcome.idea, outcome.at] = (outcome.verdict, *_over(outcome))
    return {place: value for place, value in found.items() if value != GONE}


def newest(world: Plain, idea: int) -> Place:
    """The place of an idea's verdict in force; one that is not there where it has none."""
    none = ("verdict", idea, "")
    return max((place for place in world if place[:2] == ("verdict", idea)), default=none)


def _idea(idea: Idea) -> dict[str, Any]:
    return {
        "title": idea.title,
        "category": idea.category,
        "tags": idea.tags,
        "params": str(idea.change.params),
        "implemented": idea.change.implemented,
        "place": idea.place,
        "said before": len(idea.history),
        "spent": idea.spent_hours,
        "wanted": idea.dispatch is not None and not idea.dispatch.halted,
        "frozen": idea.frozen is not None,
    }


def _over(outcome: Outcome) -> tuple[Any, ...]:
    """What people said over the seeds."""
    seeds = outcome.overruled.verdict if outcome.overruled else None
    return seeds, outcome.declined, outcome.given_up is not None


# -- patches ----------------------------------------------------------------------------------


def patch(old: Plain, new: Plain) -> Patch:
    """What leads from one to the other."""
    places = [place for place in {**old, **new} if old.get(place, GONE) != new.get(place, GONE)]
    return {place: (old.get(place, GONE), new.get(place, GONE)) for place in places}


def back(done: Patch) -> Patch:
    """What leads back."""
    return {place: (new, old) for place, (old, new) in done.items()}


def put(world: Plain, places: Mapping[Place, Any]) -> Plain:
    """The world with other values in some places."""
    return {place: value for place, value in {**world, **places}.items() if value != GONE}


def turned(world: Plain, patches: Iterable[Patch]) -> Plain:
    """The world after some patches, where each finds what it expects; AssertionError where one does not."""
    for one in patches:
        for place, (old, new) in one.items():
            is_there = world.get(place, GONE)
            assert is_there == old, f"{place} was {is_there!r} and not {old!r}"
            world = put(world, {place: new})
    return world


# -- what runs may do -------------------------------------------------------------------------


def unlawful(old: Plain, new: Plain) -> Patch:
    """What moved between two worlds and is not for a dispatcher to move."""
    return {
        place: (before, after)
        for place, (before, after) in patch(old, new).items()
        if not (_of_a_run(place, before, after) or _of_an_idea(place, before, after, old, new))
    }


def _of_a_run(place: Place, before: Any, after: Any) -> bool:
    """A run is queued, goes on to run and ends; what it is of never changes, and its end is its end."""
    if place[0] != "run":
        return place == ("paused",) and after is True
    if place[2] != "status":
        return bool(before == GONE and place[2] != "struck")
    return before in (GONE, *LIVE) and after != GONE and (before, after) != ("running", "queued")


def _of_an_idea(place: Place, before: Any, after: Any, old: Plain, new: Plain) -> bool:
    """An idea that was wanted comes to its verdict or is halted; nobody else's changes at all."""
    if place[0] == "idea" and place[2] == "wanted":
        return before is True and after is False
    if place[0] != "verdict":
        return False
    wanted = old.get(("idea", place[1], "wanted")), new.get(("idea", place[1], "wanted"))
    return wanted == (True, False) and before == GONE
