"""The calibration: everything the ledger has taught, computed afresh from the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.domain.calibration import Calibration, Finished
from planner.domain.ledger import Ledger
from planner.domain.settings import Settings
from planner.rules.defaults import HALF_LIFE, RELATIVES_HALF_LIFE
from planner.rules.learning.measured import baseline_value, mean_run_hours, mean_small_hours
from planner.rules.learning.ratios import learn_ratios
from planner.rules.learning.settled import Settled, as_foreseen, settled
from planner.rules.learning.trust import learn_trust
from planner.rules.learning.usual import learn_usual
from planner.rules.learning.wins import learn_wins
from planner.rules.scoring.chance import centred_chance, stated_chance
from planner.rules.scoring.similarity import words
from planner.rules.scoring.stated import chances


def calibrate(ledger: Ledger, settings: Settings, *, at: str, because: str) -> Calibration:
    """The next calibration; depends on nothing but the ledger, and not on the order of its ideas."""
    evidence = settled(ledger)
    ideas = as_foreseen(ledger.ideas, evidence)
    calibration = Calibration(
        number=ledger.calibration.number + 1,
        at=at,
        because=because,
        outcomes=len(evidence),
        run_hours=mean_run_hours(ledger.runs.values(), ledger.outcomes),
        small_hours=mean_small_hours(ledger.runs.values()),
        reference=baseline_value(ledger.runs.values()),
    )
    calibration = learn_usual(calibration, ideas, settings.goal)
    calibration = learn_trust(calibration, ideas, evidence)
    calibration = learn_ratios(calibration, evidence)
    calibration = learn_wins(calibration, evidence, settings.goal)
    return replace(calibration, finished=_finished(calibration, evidence))


def _finished(calibration: Calibration, evidence: Sequence[Settled]) -> tuple[Finished, ...]:
    return tuple(_as_relative(each, calibration) for each in evidence)


def _as_relative(each: Settled, calibration: Calibration) -> Finished:
    idea, outcome = each.idea, each.outcome
    # People estimate gains on top of what was kept before the planner came: history takes nothing off them.
    kept = outcome.kept and not outcome.imported
    centred = centred_chance(chances(each.estimates), calibration)
    return Finished(
        idea=idea.id,
        title=idea.title,
        words=tuple(sorted(words(idea.title, idea.tags))),
        category=idea.category,
        verdict=outcome.verdict,
        q=each.q,
        expected=stated_chance(centred, calibration.base, calibration.spread, calibration.trust),
        weight=each.weight ** (HALF_LIFE / RELATIVES_HALF_LIFE),
        kept=kept,
        variants=idea.id if idea.variant_of is None else idea.variant_of,
        gain=max(0.0, outcome.gain or 0.0) if kept else 0.0,
    )
