"""The finished ideas that are evidence, oldest first, and how much of each is still remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.rules.defaults import HALF_LIFE, SURE_WITHOUT_SEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A finished idea as evidence."""

    idea: Idea
    """The idea."""
    outcome: Outcome
    """Its newest outcome."""
    q: float
    """Its soft label: chance that its true effect exceeds half an MEI."""
    weight: float
    """How much of it is remembered, 1 for the newest."""

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """What was said before it ran; what was said since can't be taken for foresight."""
        idea, at = self.idea, self.outcome.at
        if idea.frozen and not self.outcome.imported:
            return idea.frozen.estimates
        # Imported, it may lie long before what was said last: then what was said by then counts.
        said = sorted((*idea.history, *idea.estimates.values()), key=lambda one: one.at)
        return {one.by: one for one in said if one.at < at}


def newest_outcomes(ledger: Ledger) -> dict[int, Outcome]:
    """The newest outcome of each idea, the longest standing first."""
    return _newest(ledger.outcomes)


def _newest(outcomes: Iterable[Outcome]) -> dict[int, Outcome]:
    newest: dict[int, Outcome] = {}
    for outcome in outcomes:
        newest.pop(outcome.idea, None)  # a later outcome also takes the later place
        newest[outcome.idea] = outcome
    return newest


def settled(ledger: Ledger) -> tuple[Settled, ...]:
    """The ideas whose newest verdict is evidence, oldest first."""
    # A bug takes no earlier verdict back; a person who does amends that verdict in its place.
    judged = _newest(outcome for outcome in ledger.outcomes if outcome.verdict != "invalid")
    labels = [
        (ledger.ideas[outcome.idea], outcome, label)
        for outcome in _in_order(judged.values())
        if outcome.idea in ledger.ideas and (label := soft_label(outcome)) is not None
    ]
    return tuple(
        Settled(idea=idea, outcome=outcome, q=label, weight=0.5 ** (age / HALF_LIFE))
        for age, (idea, outcome, label) in zip(reversed(range(len(labels))), labels, strict=True)
    )


def _in_order(outcomes: Collection[Outcome]) -> Iterable[Outcome]:
    """As they landed; by their times once some were imported, which land long after they happened."""
    if any(outcome.imported for outcome in outcomes):
        return sorted(outcomes, key=lambda outcome: outcome.at)
    return outcomes


def as_foreseen(ideas: Mapping[int, Idea], evidence: Iterable[Settled]) -> list[Idea]:
    """The ideas as they were spoken of before they ran: of a finished one, what stands frozen.

    What is said of it with hindsight is nobody's habit.
    """
    rewritten = {
        each.idea.id: replace(each.idea, estimates=each.idea.frozen.estimates)
        for each in evidence
        if each.idea.frozen is not None and each.idea.frozen.estimates != each.idea.estimates
    }
    return [rewritten.get(number, idea) for number, idea in ideas.items()]


def soft_label(outcome: Outcome) -> float | None:
    """q of an outcome; None when it is nobody's evidence.

    A crash or a bug is none. Without seeds, an idea given up counts as a failure, a win as barely sure,
    and an inconclusive one says nothing. Where a person overruled the seeds, they count as far as they agree.
    """
    if outcome.verdict == "invalid":
        return None
    if outcome.evidence is not None:
        return _overruled(outcome, outcome.evidence.q) if outcome.overruled else outcome.evidence.q
    if outcome.verdict == "inconclusive":
        return None
    return SURE_WITHOUT_SEEDS if outcome.verdict == "improved" else 0.0


def _overruled(outcome: Outcome, q: float) -> float:
    """The label of the seeds, moved to the side of the verdict that a person gave."""
    if outcome.verdict == "improved":
        return max(q, SURE_WITHOUT_SEEDS)
    return q if outcome.verdict == "inconclusive" else min(q, 1 - SURE_WITHOUT_SEEDS)
