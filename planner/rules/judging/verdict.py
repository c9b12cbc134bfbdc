"""What the seeds say of an idea: its effect, how sure that is, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import erfc, exp, floor, isfinite, log, log10, sqrt
from typing import NamedTuple

from planner.domain.goal import Goal
from planner.domain.outcome import Evidence, Pair
from planner.domain.verdict import Verdict


class Kind(NamedTuple):
    """One kind of true effect an idea can have: a normal distribution, in MEI."""

    mean: float
    """Its usual effect, in MEI."""
    sd: float
    """How far effects of this kind lie apart, in MEI."""


HARM = Kind(-1.0, 1.0)
"""Ideas that hurt."""
NOTHING = Kind(0.0, 0.25)
"""Ideas that change nothing."""
HELP = Kind(3.0, 2.0)
"""Ideas that work."""
HARM_SHARE = 0.47
"""Share of harm among the ideas that do not work; the rest do nothing."""
LEAST_BASE, MOST_BASE = 0.03, 0.35
"""The base rate is held between these, so that a streak can't decide a verdict."""
REAL = 0.5
"""An effect above this, in MEI, is real."""
SURE = 0.90
"""A q of at least this is `improved`."""
CONFIRMED = 0.80
"""A win that was topped up to all its seeds stays one while its q is at least this.

With a baseline that is lucky in one seed of five, wins come easily: 4.6 % of them were false in simulation
at a seed noise of 1 MEI, 1.7 % once confirmed, for one in a hundred true wins given up.
"""
HOPELESS = 0.10
"""A q of at most this is `no gain` or `worse`."""
PRIOR_DEGREES = 2
"""Degrees of freedom the prior noise counts for."""
ENOUGH_SEEDS = 3
"""Seeds of one configuration from which their spread counts, and that of their differences to the baseline.

Two say little of a spread, and which ideas stop at two depends on how close those two lay.
"""
PAIR_PRIOR_DEGREES = 10
"""Degrees of freedom that unrelated seeds count for in the spread of paired differences.

That spread is pooled over every idea. An idea's own few pairs that agree by luck would pass for certainty:
where seeds are unrelated, 14 % of wins were false in simulation with the idea's own spread, 4.3 % with the
pooled one, 3.6 % without any pairing; where they are related at .9, power rises from .71 to .82.
"""
INTERVAL = 1.96
"""Standard errors on either side of the 95 % interval."""
FARTHEST = 20
"""Further seeds beyond which nobody would wait for a decision."""
LARGEST = 1e100
"""A metric beyond this has diverged; below it every square is finite."""
SMALLEST_ERROR = 1e-9
"""In MEI; stands for an error of none, so that nothing is divided by it."""


def counts(value: float | None) -> bool:
    """Whether a metric's value can be evidence: there, finite, and not absurdly large."""
    return value is not None and isfinite(value) and abs(value) <= LARGEST


def posterior(d: float, se: float, base: float) -> tuple[float, float]:
    """The chance that the true effect is real, and its posterior mean in MEI; `d` and `se` in MEI."""
    d, se = max(-LARGEST, min(LARGEST, d)), max(SMALLEST_ERROR, min(LARGEST, se))
    help_share = min(MOST_BASE, max(LEAST_BASE, base))
    shares = (HARM_SHARE * (1 - help_share), (1 - HARM_SHARE) * (1 - help_share), help_share)
    kinds = (HARM, NOTHING, HELP)
    weights = _weights([_log_likelihood(d, se, kind) + log(w) for kind, w in zip(kinds, shares, strict=True)])
    means = [_mean_within(d, se, kind) for kind in kinds]
    chances = [_above_real(mean, _sd_within(se, kind)) for mean, kind in zip(means, kinds, strict=True)]
    q = sum(w * chance for w, chance in zip(weights, chances, strict=True))
    return min(1.0, q), sum(w * mean for w, mean in zip(weights, means, strict=True))


def noise(groups: Iterable[Sequence[float]], prior_sd: float) -> float:
    """Seed-to-seed standard deviation pooled over configurations, with the prior; same unit as the values.

    A group holds one configuration's values; one of fewer than three says little and is passed over.
    """
    squares, degrees = PRIOR_DEGREES * prior_sd * prior_sd, PRIOR_DEGREES
    for group in groups:
        values = [value for value in group if counts(value)]
        if len(values) >= ENOUGH_SEEDS:
            squares += _squares(values)
            degrees += len(values) - 1
    return sqrt(squares / degrees)


def pair_noise(groups: Iterable[Sequence[float]], noise: float) -> float:
    """Standard deviation of a paired difference, pooled over ideas; same unit as the differences.

    A group holds one configuration's differences to the baseline on the same seeds. The prior is that seeds
    are unrelated: two of them then lie twice the variance of one, the seed-to-seed `noise`, apart.
    """
    squares, degrees = PAIR_PRIOR_DEGREES * 2 * noise * noise, PAIR_PRIOR_DEGREES
    for differences in groups:
        # Without any difference the idea changed nothing that ran, which says nothing of ideas that do.
        if len(differences) >= ENOUGH_SEEDS and any(differences):
            squares += _squares(differences)
            degrees += len(differences) - 1
    return sqrt(squares / degrees)


def evidence(
    idea_values: Mapping[int, float],
    baseline_values: Mapping[int, float],
    goal: Goal,
    noise: float,
    base: float,
    pair_noise: float | None = None,
) -> Evidence:
    """What the seeds say, from values of the goal's metric by seed; both noises in the metric's own unit.

    Without a `pair_noise` seeds are not paired. Values that are not finite are passed over.
    Raises ValueError when a side has none left.
    """
    ours, theirs = _usable(idea_values), _usable(baseline_values)
    if not ours or not theirs:
        raise ValueError("evidence needs a finite value of the idea and one of the baseline")
    pairs = tuple(
        Pair(seed=seed, idea=ours[seed], baseline=theirs[seed])
        for seed in sorted(ours.keys() & theirs.keys())
    )
    effect = goal.mei(_mean(list(ours.values())) - _mean(list(theirs.values())))
    error = _unpaired_error(noise, goal, len(ours), len(theirs))
    by_pairs = _from_pairs(pairs, goal, pair_noise)
    paired = by_pairs is not None and by_pairs[1] < error
    if by_pairs is not None and paired:
        effect, error = by_pairs
    q, gain = posterior(effect, error, base)
    return Evidence(
        pairs=pairs,
        seeds=len(ours),
        baseline_seeds=len(theirs),
        effect=effect,
        error=error,
        low=effect - INTERVAL * error,
        high=effect + INTERVAL * error,
        q=q,
        gain=gain,
        noise=noise,
        paired=paired,
        base=base,
        pair_noise=pair_noise,
    )


def judge(evidence: Evidence, most_seeds: int, *, confirming: bool = False) -> Verdict | None:
    """The verdict, or None when another seed is needed and `most_seeds` allows it.

    With `confirming` the idea has won before, and now has all its seeds.
    """
    if evidence.q >= (CONFIRMED if confirming else SURE):
        return "improved"
    if evidence.q <= HOPELESS:
        return "worse" if evidence.high < 0 else "no gain"
    return None if evidence.seeds < most_seeds else "inconclusive"


def more_seeds(evidence: Evidence, goal: Goal, base: float, *, bound: int = FARTHEST) -> int | None:
    """How many further seeds would decide if the effect stayed as it is; None beyond `bound`."""
    for further in range(bound + 1):
        q, _ = posterior(evidence.effect, _expected_error(evidence, goal, further), base)
        if q >= SURE or q <= HOPELESS:
            return further
    return None


def sentence(evidence: Evidence, verdict: Verdict | None, goal: Goal) -> str:
    """The verdict with its numbers, in one sentence; None reads as undecided."""
    between = f"{signed(evidence.low)} and {signed(evidence.high)} MEI"
    return (
        f"{verdict or 'undecided'}: {signed(evidence.effect)} MEI ({change(evidence, goal)}, "
        f"95 % between {between}) over {_seeds(evidence)}; "
        f"chance that it is real {per_cent(evidence.q)}, shrunk gain {signed(evidence.gain).lstrip('+')} MEI"
    )


def change(evidence: Evidence, goal: Goal) -> str:
    """The effect in the metric's own unit, such as `val_accuracy -0.012`."""
    value = evidence.effect * goal.minimum_effect * goal.sign
    return f"{goal.metric} {signed(value, _decimals(goal.minimum_effect))}"


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign, never `-0.0`, short even when it is huge."""
    if abs(value) >= 1e6:
        return f"{value:+.1e}"
    return f"{round(value, decimals) + 0.0:+.{decimals}f}"


def per_cent(chance: float) -> str:
    """A chance in per cent that never reads as certain."""
    if chance > 0.99:
        return "over 99 %"
    return "under 1 %" if chance < 0.01 else f"{chance:.0%}".replace("%", " %")


def _seeds(evidence: Evidence) -> str:
    if evidence.paired:
        return f"{len(evidence.pairs)} paired seeds"
    return "1 seed" if evidence.seeds == 1 else f"{evidence.seeds} seeds"


def _usable(values: Mapping[int, float]) -> dict[int, float]:
    return {seed: value for seed, value in values.items() if counts(value)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _squares(values: Sequence[float]) -> float:
    """Sum of squared distances to the mean."""
    middle = _mean(values)
    return sum((value - middle) * (value - middle) for value in values)


def _unpaired_error(noise: float, goal: Goal, seeds: int, baseline_seeds: int) -> float:
    return noise / goal.minimum_effect * sqrt(1 / seeds + 1 / baseline_seeds)


def _from_pairs(pairs: Sequence[Pair], goal: Goal, spread: float | None) -> tuple[float, float] | None:
    """Mean paired difference and its standard error in MEI; None before there are enough pairs."""
    if spread is None or len(pairs) < ENOUGH_SEEDS:
        return None
    differences = [goal.mei(pair.idea - pair.baseline) for pair in pairs]
    return _mean(differences), spread / goal.minimum_effect / sqrt(len(pairs))


def _expected_error(evidence: Evidence, goal: Goal, further: int) -> float:
    """The standard error after so many further seeds; a seed beyond the baseline's last makes no pair."""
    seeds = evidence.seeds + further
    unpaired = _unpaired_error(evidence.noise, goal, seeds, evidence.baseline_seeds)
    if not evidence.paired:
        return unpaired
    pairs = min(len(evidence.pairs) + further, evidence.baseline_seeds)
    return min(unpaired, evidence.error * sqrt(len(evidence.pairs) / pairs))


def _log_likelihood(d: float, se: float, kind: Kind) -> float:
    """How well an effect of this kind explains `d`, up to a constant."""
    variance = kind.sd * kind.sd + se * se
    return -0.5 * (log(variance) + (d - kind.mean) * (d - kind.mean) / variance)


def _weights(logs: Sequence[float]) -> list[float]:
    """Shares that sum to 1; measured from the largest, so that none overflows."""
    largest = max(logs)
    raw = [exp(value - largest) for value in logs]
    return [value / sum(raw) for value in raw]


def _mean_within(d: float, se: float, kind: Kind) -> float:
    variance = kind.sd * kind.sd
    return (d * variance + kind.mean * se * se) / (variance + se * se)


def _sd_within(se: float, kind: Kind) -> float:
    return kind.sd * se / sqrt(kind.sd * kind.sd + se * se)


def _above_real(mean: float, sd: float) -> float:
    return 0.5 * erfc((REAL - mean) / (sd * sqrt(2)))


def _decimals(minimum_effect: float) -> int:
    """Decimals that show a tenth of an MEI."""
    return max(0, 1 - floor(log10(minimum_effect)))
