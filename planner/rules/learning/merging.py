"""An estimate that comes in from elsewhere, put among those that one person has made of an idea."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.rules.notation.estimating import CRITERIA, with_estimate


def merged(idea: Idea, new: Estimate, *, dated: bool) -> Idea:
    """The idea with a person's numbers: the newer ones in force, the older ones in its history.

    The very same idea when it knows them already. `dated`: whether the person said when; numbers that were
    known before and replaced since come back only then.
    """
    old = idea.estimates.get(new.by)
    if old is None:
        return with_estimate(idea, new)
    if _says(old, new) or _in_history(idea, new, dated):
        return idea
    return with_estimate(idea, new) if new.at >= old.at else _with_older(idea, old, new)


def _with_older(idea: Idea, newer: Estimate, older: Estimate) -> Idea:
    """The older numbers go to the history, and speak where the newer ones are silent."""
    silent = [name for name in CRITERIA if getattr(newer, name) is None]
    filled = replace(
        newer,
        hours=older.hours if "hours" in silent else newer.hours,
        complexity=older.complexity if "complexity" in silent else newer.complexity,
        impact=older.impact if "impact" in silent else newer.impact,
        relative=older.relative if "impact" in silent else newer.relative,
        likelihood=older.likelihood if "likelihood" in silent else newer.likelihood,
        ranges={**{name: ends for name, ends in older.ranges.items() if name in silent}, **newer.ranges},
    )
    history = tuple(sorted([*idea.history, older], key=lambda said: said.at))
    return replace(idea, estimates={**idea.estimates, newer.by: filled}, history=history)


def _in_history(idea: Idea, new: Estimate, dated: bool) -> bool:
    return any(
        said.by == new.by and _says(said, new) and (not dated or said.at == new.at) for said in idea.history
    )


def _says(known: Estimate, new: Estimate) -> bool:
    """Whether every number of the new estimate is in the known one already."""
    return all(_same(known, new, name) for name in CRITERIA if getattr(new, name) is not None)


def _same(known: Estimate, new: Estimate, name: str) -> bool:
    units = name != "impact" or known.relative == new.relative
    return (
        units
        and getattr(known, name) == getattr(new, name)
        and known.ranges.get(name) == new.ranges.get(name)
    )
