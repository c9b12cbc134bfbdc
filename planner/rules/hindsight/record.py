"""The record of the guesses: what people and the planner expected, against what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.record import GroupRecord, Record
from planner.rules.defaults import ENOUGH_TASKS
from planner.rules.hindsight.amounts import complexity_record, gain_record, hours_record
from planner.rules.hindsight.chances import Forecast, chance_record
from planner.rules.hindsight.in_force import in_force
from planner.rules.hindsight.misses import misses
from planner.rules.hindsight.resolved import Resolved, resolved, said_by
from planner.rules.scoring.stated import chances, median, reference_of


def record(ledger: Ledger, goal: Goal, *, by: str | None = None, category: str | None = None) -> Record:
    """How good the guesses were: for everybody, by person, by category, with the worst misses.

    `by` takes one person's words alone, `category` the ideas of one. Depends on the ledger alone, and not on
    the order of its ideas; the goal turns stated gains into MEI. A Mistake names who or what is unknown.
    """
    _check("nobody called", by, (who for idea in ledger.ideas.values() for who in _speakers(idea)))
    _check("no idea of category", category, (idea.category for idea in ledger.ideas.values()))
    every = [one for one in resolved(ledger) if category in (None, one.idea.category)]
    if by is not None:
        every = [said_by(one, by) for one in every if by in one.estimates]
    reference = reference_of(ledger.calibration.reference, goal)
    people = sorted({who for one in every for who in one.estimates})
    return Record(
        by=by,
        category=category,
        enough=ENOUGH_TASKS,
        everybody=_group(every, goal, reference),
        people={
            who: _group([said_by(one, who) for one in every if who in one.estimates], goal, reference)
            for who in people
        },
        categories={
            name: _group([one for one in every if one.idea.category == name], goal, reference)
            for name in sorted({one.idea.category for one in every})
        },
        misses=misses(every, goal, reference),
        calibration=in_force(ledger.calibration),
    )


def _group(members: Sequence[Resolved], goal: Goal, reference: float) -> GroupRecord:
    return GroupRecord(
        ideas=len(members),
        stated=chance_record(_stated(members)),
        planner=chance_record(
            Forecast(one.frozen.chance, one.q, one.base) for one in members if one.frozen is not None
        ),
        hours=hours_record(members),
        gain=gain_record(members, goal, reference),
        complexity=complexity_record(members),
    )


def _stated(members: Iterable[Resolved]) -> Iterable[Forecast]:
    """The chance people stated of each idea; of several people the median."""
    for one in members:
        if said := chances(one.estimates):
            yield Forecast(median([chance for _, chance in said]), one.q, one.base)


def _speakers(idea: Idea) -> Iterable[str]:
    """Everybody who has said anything of an idea, now or before it ran."""
    return (*idea.estimates, *(idea.frozen.estimates if idea.frozen else ()))


def _check(complaint: str, name: str | None, known: Iterable[str]) -> None:
    if name is None or name in (names := sorted(set(known))):
        return
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names[:10]) or 'none yet'}"
    raise Mistake(f"{complaint} {name!r} in this project; {hint}")
