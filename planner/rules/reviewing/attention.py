"""Ideas that a person should look at: stale, invalid, halted, with a timer that nobody watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.clock import hours_between
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.review import Attention
from planner.rules.learning.settled import newest_outcomes
from planner.rules.reviewing import timers

STALE_DAYS = 28
"""Days without a touch after which an idea of the backlog is stale."""


def stale(ledger: Ledger, *, now: str) -> tuple[Attention, ...]:
    """Undecided ideas of the backlog that nobody has touched for four weeks, oldest first."""
    newest = newest_outcomes(ledger)
    ran_at = {run.idea: run.ended_at or run.queued_at for run in ledger.runs.values()}
    touched = [
        Attention(idea=idea.id, title=idea.title, since=_touched_at(idea, ran_at.get(idea.id)), reason="")
        for idea in ledger.ideas.values()
        if _lies_open(idea, newest)
    ]
    return _oldest_first(one for one in touched if hours_between(one.since, now) >= STALE_DAYS * 24)


def repair(ledger: Ledger) -> tuple[Attention, ...]:
    """Ideas judged `invalid` that nobody has edited, kept or dispatched since, oldest first."""
    broken = [one for one in newest_outcomes(ledger).values() if one.verdict == "invalid"]
    return _oldest_first(
        Attention(idea=one.idea, title=ledger.ideas[one.idea].title, since=one.at, reason=one.reason)
        for one in broken
        if one.idea in ledger.ideas and _unrepaired(ledger.ideas[one.idea], one)
    )


def halted(ledger: Ledger) -> tuple[Attention, ...]:
    """Dispatched ideas that climb no further until a person acts, oldest first."""
    return _oldest_first(
        Attention(idea=idea.id, title=idea.title, since=idea.dispatch.at, reason=idea.dispatch.halted)
        for idea in ledger.ideas.values()
        if idea.dispatch and idea.dispatch.halted
    )


def forgotten(ledger: Ledger, *, now: str) -> tuple[Attention, ...]:
    """Ideas whose timer has run longer than a working day, oldest first, with what to type."""
    return _oldest_first(
        Attention(idea=idea.id, title=idea.title, since=idea.timer_since, reason=timers.reminder(idea, now))
        for idea in ledger.ideas.values()
        if idea.timer_since and timers.forgotten(idea, now)
    )


def looked_at(idea: Idea, since: str) -> bool:
    """Whether somebody has looked at the idea since a moment, and left it as it is."""
    return idea.reviewed_at is not None and idea.reviewed_at >= since


def _touched_at(idea: Idea, ran_at: str | None) -> str:
    """When anybody last captured, estimated, edited, kept, dispatched or ran the idea, UTC, ISO 8601."""
    estimates = [estimate.at for estimate in (*idea.estimates.values(), *idea.history)]
    frozen_at = idea.frozen.at if idea.frozen else None
    moments = (idea.created_at, idea.edited_at, idea.reviewed_at, frozen_at, ran_at, *estimates)
    return max(moment for moment in moments if moment)


def _lies_open(idea: Idea, newest: Mapping[int, Outcome]) -> bool:
    """Whether the idea waits in the backlog for somebody to take it up."""
    untouched = idea.place == "backlog" and idea.dispatch is None and idea.timer_since is None
    return untouched and idea.id not in newest


def _unrepaired(idea: Idea, outcome: Outcome) -> bool:
    edited = idea.edited_at is not None and idea.edited_at > outcome.at
    left = edited or looked_at(idea, outcome.at)
    return idea.place == "backlog" and idea.dispatch is None and not left


def _oldest_first(ideas: Iterable[Attention]) -> tuple[Attention, ...]:
    return tuple(sorted(ideas, key=lambda one: (one.since, one.idea)))
