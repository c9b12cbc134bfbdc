"""What was said of a finished idea before it ran, beside what came of it, criterion by criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import NamedTuple

from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.outcome import Outcome
from planner.rules.judging.verdict import per_cent
from planner.rules.learning.settled import Settled, soft_label
from planner.rules.scoring.stated import chances, gains, hours, median, reference_of
from planner.rules.wording import numbers


class SaidWas(NamedTuple):
    """One criterion of one finished idea; None where nobody said, forecast or measured it."""

    said: float | None
    """Median of what people said before the outcome."""
    planner: float | None
    """What the planner made of it at the first dispatch."""
    was: float | None
    """What it came to; of the chance, how sure the success is."""


def said_and_was(idea: Idea, outcome: Outcome, goal: Goal, reference: float | None) -> dict[str, SaidWas]:
    """Hours, complexity, gain in MEI and chance of a finished idea; empty for one that came out invalid.

    `reference` is the baseline's value, which relative impacts are shares of. Only what was said before the
    outcome counts, as it was frozen.
    """
    q = soft_label(outcome)
    if outcome.verdict == "invalid":
        return {}
    told = Settled(idea=idea, outcome=outcome, q=q or 0.0, weight=1.0).estimates
    frozen = idea.frozen
    stated_gains = gains(told, goal, reference_of(reference, goal))
    return {
        "hours": SaidWas(_middle(hours(told)), frozen.implement if frozen else None, outcome.hours),
        "complexity": SaidWas(_middle(_complexities(told)), None, outcome.complexity),
        "gain": SaidWas(_middle(stated_gains), frozen.gain if frozen else None, outcome.gain),
        "chance": SaidWas(_middle(chances(told)), frozen.chance if frozen else None, q),
    }


def afterwards(found: Mapping[str, SaidWas], outcome: Outcome) -> tuple[str, ...]:
    """A line for each criterion: said → was."""
    if not found:
        return ()
    took, added, gain, chance = (found[name] for name in ("hours", "complexity", "gain", "chance"))
    late = f"not measured; `planner spent {outcome.idea} HOURS` says it"
    sure = "" if chance.was is None else f", {per_cent(chance.was)} sure that it works"
    return (
        _line("hours", took, numbers.compact, _times(took, late)),
        _line("complexity", added, "{:g}".format, "not measured" if added.was is None else f"{added.was:g}"),
        _line(
            "gain", gain, numbers.compact, "not measured" if gain.was is None else f"{_signed(gain.was)} MEI"
        ),
        _line("chance", chance, numbers.chance, f"{outcome.verdict}{sure}"),
    )


def _line(criterion: str, one: SaidWas, write: Callable[[float], str], was: str) -> str:
    said = "nobody said" if one.said is None else f"said {write(one.said)}"
    planner = "" if one.planner is None else f", the planner {write(one.planner)}"
    return f"  {criterion:<10} {said}{planner} → {was}"


def _times(took: SaidWas, otherwise: str) -> str:
    if took.was is None:
        return otherwise
    times = f", ×{took.was / took.said:.2f} of what was said" if took.said else ""
    return f"{numbers.compact(took.was)}{times}"


def _signed(gain: float) -> str:
    return numbers.compact(gain).replace("-", "−")


def _complexities(told: Mapping[str, Estimate]) -> list[tuple[str, float]]:
    return [
        (who, said.complexity)
        for who, said in told.items()
        if said.complexity is not None and isfinite(said.complexity)
    ]


def _middle(said: Iterable[tuple[str, float]]) -> float | None:
    found = [number for _, number in said]
    return median(found) if found else None
