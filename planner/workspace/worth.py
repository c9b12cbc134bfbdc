"""Whether a win pays for its complexity, against what else there is to try now."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.settings import Settings
from planner.rules.judging.keep import going_rate, keep
from planner.rules.scoring.ranking import rank


def with_worth(outcome: Outcome, idea: Idea, ledger: Ledger, settings: Settings) -> Outcome:
    """The outcome with what the keep rule says of it; as it is where its seeds won nothing."""
    if outcome.verdict != "improved" or outcome.evidence is None:
        return outcome
    others = [row.score for row in rank(ledger, settings) if row.rank and row.idea.id != idea.id]
    rate = going_rate(others)
    worth, sentence = keep(idea, outcome.evidence.gain, rate, settings, complexity=outcome.complexity)
    return replace(outcome, worth=worth, reason=f"{outcome.reason}; {sentence}")
