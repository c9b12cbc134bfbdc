"""The implementation timer: how long it has run, and when somebody must have forgotten it."""

from __future__ import annotations

from planner.clock import hours_between
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.rules.wording import numbers

FORGOTTEN_HOURS = 10.0
"""A timer that has run longer than this, as it does over a night, was not watched by anybody."""


def elapsed(idea: Idea, now: str) -> float:
    """Hours the idea's timer has run; 0 when none runs, or when the clock was set back."""
    return max(0.0, hours_between(idea.timer_since, now)) if idea.timer_since else 0.0


def forgotten(idea: Idea, now: str) -> bool:
    """Whether the idea's timer has run longer than a working day."""
    return elapsed(idea, now) > FORGOTTEN_HOURS


def has_run(idea: Idea, now: str) -> str:
    """What a running timer says, in a few words: `the timer of “mixup” has run 27 h`."""
    hours = elapsed(idea, now)
    long = f"{hours:.0f} h" if hours >= FORGOTTEN_HOURS else numbers.hours(hours)
    return f"the timer of “{idea.title}” has run {long}"


def reminder(idea: Idea, now: str) -> str:
    """A forgotten timer in a sentence, with the command that says what the work took."""
    return f"{has_run(idea, now)}: `planner stop {idea.id} --hours 3h` says what the work took"


def measured(idea: Idea, now: str, *, as_measured: bool = False) -> float:
    """Hours of the timer that may be added; a Mistake for a forgotten one that nobody vouches for."""
    if forgotten(idea, now) and not as_measured:
        raise Mistake(f"{reminder(idea, now)}, and `planner stop {idea.id} --as-measured` takes it as it is")
    return elapsed(idea, now)
