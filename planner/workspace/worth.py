"""Whether a win pays for its complexity, against what else there is to try now."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.settings import Settings
from planner.rules.keep import keep, per_hour
from planner.rules.ranking import rank


def with_worth(outcome: Outcome, idea: Idea, ledger: Ledger, settings: Settings) -> Outcome:
    """The outcome with what the keep rule says of it; as it is where its seeds won nothing."""
    if outcome.verdict != "improved" or outcome.evidence is None:
        return outcome
    others = [per_hour(row.score) for row in rank(ledger, settings) if row.rank and row.idea.id != idea.id]
    best = max(others, default=0.0)
    worth, sentence = keep(idea, outcome.evidence.gain, best, settings, complexity=outcome.complexity)
    return replace(outcome, worth=worth, reason=f"{outcome.reason}; {sentence}")
