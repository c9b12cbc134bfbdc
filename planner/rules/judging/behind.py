"""The end of a sweep whose best configuration brings nothing, by the runs of the sweep itself.

The seed that chose it flatters the best of many: what is no better even there need not run on fresh ones.
"""

from __future__ import annotations

from dataclasses import replace

from planner.domain.outcome import Evidence
from planner.domain.run import Rung
from planner.domain.sweep import Chosen
from planner.rules.judging import verdict
from planner.rules.judging.climb import Climb
from planner.rules.judging.comparison import (
    base_for,
    baseline_values,
    code_of,
    expected_code,
    expected_params,
    idea_values,
    measured_noise,
    pair_groups,
)
from planner.rules.judging.full import missing_seeds
from planner.rules.judging.small import baseline_value, judged
from planner.rules.judging.steps import Settle, Step
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.learning.settled import newest_outcomes
from planner.rules.sweeping.tried import SEED
from planner.rules.sweeping.values import canonical


def behind(climb: Climb) -> Step | None:
    """The end of a sweep whose best is the baseline itself, or clearly behind it; None for any other.

    Nor is it the end where fresh seeds have spoken, on which no choice rests.
    """
    wish = climb.idea.dispatch
    if wish is None or wish.chosen is None or wish.confirm or climb.past("small"):
        return None
    if _is_baseline(climb):
        return _nothing(climb, wish.chosen)
    if idea_values(climb.idea, climb.ledger) or _decided_before(climb, wish.chosen):
        return None
    return _at_small(climb, wish.chosen) if wish.chosen.rung == "small" else _in_full(climb, wish.chosen)


def _is_baseline(climb: Climb) -> bool:
    """Whether the best configuration would run exactly what the baseline runs."""
    idea, baseline = climb.idea, climb.baseline
    same = canonical(expected_params(idea, baseline)) == canonical(baseline.params)
    return same and not idea.change.implemented and expected_code(idea, baseline) == code_of(baseline)


def _decided_before(climb: Climb, chosen: Chosen) -> bool:
    """Whether this very configuration was judged before: who dispatches it again wants it to go on."""
    before = newest_outcomes(climb.ledger).get(climb.idea.id)
    if before is None or before.evidence is None or before.baseline != climb.version:
        return False
    known = before.chosen is not None and before.chosen.params == chosen.params
    return known and (climb.idea.edited_at or "") <= before.at


def _nothing(climb: Climb, chosen: Chosen) -> Settle:
    """What is the baseline has no effect, and that is certain."""
    seen = _evidence(climb, chosen.value, {SEED: chosen.value})
    sure = replace(seen, effect=0.0, error=0.0, low=0.0, high=0.0, q=0.0, gain=0.0)
    reason = (
        "no gain: the best configuration is the baseline itself, so that nothing is left to run against it; "
        f"{chosen_in_words(chosen)}"
    )
    return Settle(climb.judged(_rung(chosen), "no gain", reason, sure))


def _at_small(climb: Climb, chosen: Chosen) -> Step | None:
    """As any idea on that rung: the baseline once beside it, and the end of what is clearly worse."""
    simpler = climb.settings.rung("small")
    theirs = baseline_value(climb, simpler)
    if isinstance(theirs, Step):
        return theirs
    return judged(climb, chosen.value, theirs, simpler, besides=f"; {chosen_in_words(chosen)}")


def _in_full(climb: Climb, chosen: Chosen) -> Step | None:
    """As any idea after one seed, once the baseline has all of its own."""
    if missing_seeds(climb):
        return None
    seen = _evidence(climb, chosen.value, baseline_values(climb.ledger, climb.version))
    decided = verdict.judge(seen, most_seeds=seen.seeds)
    if decided not in ("no gain", "worse"):
        return None
    told = verdict.sentence(seen, decided, climb.settings.goal)
    reason = f"{told}, on the very seed that chose it; {chosen_in_words(chosen)}"
    return Settle(climb.judged(_rung(chosen), decided, reason, seen))


def _evidence(climb: Climb, ours: float, theirs: dict[int, float]) -> Evidence:
    goal, ledger = climb.settings.goal, climb.ledger
    noise = measured_noise(ledger, goal)
    spread = verdict.pair_noise(pair_groups(ledger), noise)
    return verdict.evidence({SEED: ours}, theirs, goal, noise, base_for(climb.idea, ledger), spread)


def _rung(chosen: Chosen) -> Rung:
    return "small" if chosen.rung == "small" else "full"
