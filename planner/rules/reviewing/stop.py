"""Whether to stop: the goal is reached, what is left can't be told from noise, or nothing works any more.

Nothing is ever stopped by it; it is said, once in each place, with what it is based on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.remark import Stop
from planner.domain.review import Standing
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea
from planner.rules.judging import verdict
from planner.rules.judging.comparison import measured_noise, pair_groups, seed_groups
from planner.rules.judging.keep import per_hour
from planner.rules.learning.settled import newest_outcomes
from planner.rules.reviewing.effort import cost
from planner.rules.scoring.gain import GainRule
from planner.rules.scoring.relatives import Relatives
from planner.rules.wording import numbers

AFTER_DROUGHT = ((0, 0.44), (1, 0.32), (2, 0.23), (3, 0.22), (6, 0.10))
"""From so many failures in a row on, this share of the next ideas was kept, in 63 public logs."""
LONG_DROUGHT = 6
"""Failures in a row from which they may be a reason to stop."""
FALLEN = 0.25
"""Share of what an hour has brought so far, below which the best idea left promises little."""
LITTLE = 0.01
"""MEI per hour below which it does so wherever the project stands: over 100 h for the smallest gain."""
ENOUGH_DEGREES = 4
"""Repeated seeds from which the noise counts as measured: the baseline's five are enough."""
HALVINGS = 40
"""Halvings that pin the floor down to the last digit."""


def stop(ledger: Ledger, settings: Settings, ranked: Sequence[RankedIdea], standing: Standing) -> Stop | None:
    """The first reason there is to stop, None while there is none; `ranked` is the whole ranking now."""
    left = [row for row in ranked if row.rank is not None]
    return (
        _reached(settings.goal, standing)
        or _too_small(ledger, settings, left)
        or _dry(ledger, settings, left)
    )


def drought(outcomes: Iterable[Outcome]) -> int:
    """Ideas judged since the last win; `outcomes` are each idea's newest, the longest standing first."""
    dry = 0
    for outcome in outcomes:
        if outcome.verdict != "invalid":
            dry = 0 if outcome.verdict == "improved" else dry + 1
    return dry


def after_drought(dry: int) -> float:
    """Share of the next ideas that were kept after as many failures in a row, in public logs."""
    return next(share for least, share in reversed(AFTER_DROUGHT) if dry >= least)


def noise_floor(ledger: Ledger, settings: Settings) -> float | None:
    """The smallest effect, in MEI, that the verdict would call improved with all the seeds there may be.

    An idea whose true effect is that large is found out every other time, a smaller one less often.
    None before seeds have been repeated often enough for the noise to be measured.
    """
    groups = [group for group in seed_groups(ledger) if len(group) >= verdict.ENOUGH_SEEDS]
    if sum(len(group) - 1 for group in groups) < ENOUGH_DEGREES:
        return None
    sure, low, high = _judged(ledger, settings), 0.0, verdict.HELP.mean
    while not sure(high) and high < verdict.LARGEST:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if sure(middle) else (middle, high)
    return high


def _judged(ledger: Ledger, settings: Settings) -> Callable[[float], bool]:
    """Whether an effect in MEI, seen on every seed there may be, would be called improved."""
    goal, seeds = settings.goal, max(1, settings.rung("full").seeds)
    noise = measured_noise(ledger, goal)
    spread = verdict.pair_noise(pair_groups(ledger), noise)
    without = dict.fromkeys(range(seeds), 0.0)

    def sure(effect: float) -> bool:
        value = goal.sign * effect * goal.minimum_effect
        seen = verdict.evidence(
            dict.fromkeys(range(seeds), value), without, goal, noise, ledger.calibration.base, spread
        )
        return verdict.judge(seen, seeds) == "improved"

    return sure


def _reached(goal: Goal, standing: Standing) -> Stop | None:
    if not standing.reached or standing.best is None or goal.target is None:
        return None
    best = f"{goal.metric} is {standing.best:.6g} by {standing.holder}, the target is {goal.target:.6g}"
    return Stop(kind="goal", sentence=f"The goal is reached: {best}.")


def _too_small(ledger: Ledger, settings: Settings, left: Sequence[RankedIdea]) -> Stop | None:
    """Even if they work as forecast, no idea that is left could be confirmed."""
    floor = noise_floor(ledger, settings) if left else None
    if floor is None:
        return None
    largest = largest_gain(ledger, settings, left)
    if largest >= floor:
        return None
    seeds = settings.rung("full").seeds
    return Stop(
        kind="noise",
        sentence=f"No idea left promises more than {numbers.compact(largest)} MEI, and {_seeds(seeds)} can't "
        f"tell less than {numbers.compact(floor)} MEI from noise: time for larger ideas, or for more seeds.",
    )


def largest_gain(ledger: Ledger, settings: Settings, left: Iterable[RankedIdea]) -> float:
    """The largest G, in MEI; relatives only take from a forecast, so that few need to be asked for theirs."""
    rule, relatives = GainRule(ledger.calibration, settings.goal), Relatives(ledger.calibration.finished)
    promises = sorted(((rule.promised(row.idea), row.idea.id, row.idea) for row in left), reverse=True)
    largest = 0.0
    for promise, _, idea in promises:
        if promise <= largest:
            break
        largest = max(largest, rule.used(idea, relatives.numbers(idea)))
    return largest


def _dry(ledger: Ledger, settings: Settings, left: Sequence[RankedIdea]) -> Stop | None:
    """A long drought, and the best idea left promises little against what hours have brought so far."""
    dry = drought(newest_outcomes(ledger).values())
    if dry < LONG_DROUGHT or not left:
        return None
    best, earned = max(map(_per_hour, left)), _earned(ledger, settings)
    if best >= max(LITTLE, FALLEN * earned):
        return None
    so_far = f", against {numbers.score(earned)} earned so far" if earned else ""
    elsewhere = f"elsewhere {numbers.chance(after_drought(dry))} succeed after as many"
    return Stop(
        kind="drought",
        sentence=f"{dry} ideas in a row brought nothing ({elsewhere}), and the best one left promises "
        f"{numbers.score(best)} MEI per 100 h{so_far}: time for new ideas, or to stop.",
    )


def _per_hour(row: RankedIdea) -> float:
    """Without asking for the terms of a score that is counted so already."""
    return row.score.value if row.score.per_hour else per_hour(row.score)


def _earned(ledger: Ledger, settings: Settings) -> float:
    """Gain kept for each hour spent here so far, in MEI per hour; what was imported has no hours."""
    spent = cost(ledger, "")
    hours = spent.human_hours + settings.score.gpu_hour * spent.gpu_hours
    kept = [one for one in newest_outcomes(ledger).values() if one.kept and one.imported is None]
    return sum(one.gain or 0.0 for one in kept) / hours if hours > 0 else 0.0


def _seeds(seeds: int) -> str:
    return "one seed" if seeds == 1 else f"{seeds} seeds"
