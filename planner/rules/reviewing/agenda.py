"""The plan for next week: what to run and what to implement, in an order that works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planner.domain.remark import Outlook
from planner.domain.review import Planned
from planner.domain.view import RankedIdea

PLANNED = 5
"""How many ideas to run the plan names, and how many to implement."""


def agenda(ranked: Iterable[RankedIdea]) -> tuple[RankedIdea, ...]:
    """The best undecided ideas, some to run and some to implement.

    An idea stands after those it follows from; where these find no place, neither does it.
    """
    undecided = sorted((row for row in ranked if row.rank is not None), key=lambda row: row.rank or 0)
    open_ideas = {row.idea.id for row in undecided}
    room = {True: PLANNED, False: PLANNED}
    taken: list[RankedIdea] = []
    for row in _in_order(undecided, open_ideas):
        planned = {one.idea.id for one in taken}
        implement = row.status == "open"
        if room[implement] and open_ideas.intersection(row.idea.after) <= planned:
            room[implement] -= 1
            taken.append(row)
        if not any(room.values()):
            break
    return tuple(taken)


def planned(row: RankedIdea, undecided: Iterable[int]) -> Planned:
    """One idea of the plan with its costs."""
    return Planned(
        idea=row.idea.id,
        title=row.idea.title,
        status=row.status,
        score=row.score.value,
        chance=row.score.chance.used,
        gain=row.score.gain.used,
        hours=row.score.hours.implement,
        gpu_hours=row.score.hours.gpu,
        after=tuple(sorted(set(undecided).intersection(row.idea.after))),
    )


def outlook(rows: Sequence[RankedIdea]) -> Outlook:
    """What these ideas cost and promise together; only the best of several variants can count."""
    best: dict[int, float] = {}
    for row in rows:
        group = row.idea.id if row.idea.variant_of is None else row.idea.variant_of
        best[group] = max(best.get(group, 0.0), row.score.chance.used * row.score.gain.used)
    return Outlook(
        human_hours=sum(row.score.hours.implement for row in rows),
        gpu_hours=sum(row.score.hours.gpu for row in rows),
        gain=sum(best.values()),
    )


def _in_order(undecided: Sequence[RankedIdea], waited_for: set[int]) -> Iterator[RankedIdea]:
    """Best first, but each after the undecided ones it follows from; a circle keeps nothing from ending."""
    told: set[int] = set()
    waiting: list[RankedIdea] = []
    for row in undecided:
        waiting.append(row)
        while free := [one for one in waiting if waited_for.intersection(one.idea.after) <= told]:
            told.add(free[0].idea.id)
            waiting.remove(free[0])
            yield free[0]
