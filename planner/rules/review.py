"""The review of one week: what happened, what paid off, how good were the guesses, what next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import fmean
from typing import get_args

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.review import Cost, HitRate, Moved, Planned, Review, Standing, Tried
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.domain.view import RankedIdea
from planner.rules.attention import halted, repair, stale
from planner.rules.comparison import baseline_values, newest_values
from planner.rules.guesses import chance_bins, guesses, hours_ratio
from planner.rules.settled import newest_outcomes
from planner.rules.weeks import Week, week_named

PLANNED = 5
"""How many ideas the plan names."""
AFTER_DROUGHT = ((0, 0.44), (1, 0.32), (2, 0.23), (3, 0.22), (6, 0.10))
"""From so many failures in a row on, this share of the next ideas was kept, in 63 public logs."""


def review(
    ledger: Ledger, settings: Settings, *, week: str, now: str, ranked: Sequence[RankedIdea] = ()
) -> Review:
    """The review of a week such as `2026-W47`, as things stood at its end; `ranked` makes the plan.

    Stale, invalid and halted ideas and the plan are those of `now` (UTC, ISO 8601): they are acted on now.
    Raises a Mistake when there is no such week.
    """
    span = week_named(week)
    past = _until(ledger, span.end)
    newest = newest_outcomes(past)
    tried = [outcome for outcome in newest.values() if span.holds(outcome.at)]
    drought = _drought(newest.values())
    said = guesses(newest.values(), past)
    return Review(
        week=week,
        start=span.start,
        end=span.end,
        goal=settings.goal,
        per_hour=settings.score.bottleneck == "hours",
        tried=tuple(_tried(outcome, ledger) for outcome in tried),
        verdicts={verdict: sum(one.verdict == verdict for one in tried) for verdict in get_args(Verdict)},
        gain_kept=sum(one.gain or 0.0 for one in tried if one.kept),
        standing=standing(past, settings.goal),
        cost=_cost(past, span.start, _wins(tried)),
        cost_so_far=_cost(past, "", _wins(newest.values())),
        hits=_hits(tried),
        hits_so_far=_hits(newest.values()),
        base=ledger.calibration.base,
        drought=drought,
        after_drought=next(share for least, share in reversed(AFTER_DROUGHT) if drought >= least),
        moved=_moved(past, span),
        guesses=guesses(tried, past),
        hours_ratio=hours_ratio(said),
        chances=chance_bins(said),
        stale=stale(ledger, now=now),
        repair=repair(ledger),
        halted=halted(ledger),
        plan=_plan(ranked),
    )


def standing(ledger: Ledger, goal: Goal) -> Standing:
    """How far the project is: the best mean of the newest baseline or an idea that improved.

    An idea that only had a lucky seed is no progress.
    """
    baselines = _baseline_means(ledger)
    means = [*baselines[-1:], *_improved_means(ledger)]
    best, holder = max(means, key=lambda mean: goal.sign * mean[0], default=(None, ""))
    first = baselines[0][0] if baselines else None
    return Standing(
        best=best,
        holder=holder,
        first=first,
        reached=best is not None and goal.reached(best),
        share=_share(goal, first, best),
    )


def _until(ledger: Ledger, end: str) -> Ledger:
    """The ledger as it stood at a moment, as far as what happened is concerned."""
    return replace(
        ledger,
        runs={key: run for key, run in ledger.runs.items() if run.ended_at and run.ended_at < end},
        outcomes=tuple(outcome for outcome in ledger.outcomes if outcome.at < end),
        revisions=tuple(revision for revision in ledger.revisions if revision.at < end),
        baselines=tuple(baseline for baseline in ledger.baselines if baseline.at < end),
    )


def _title(ledger: Ledger, idea: int) -> str:
    return ledger.ideas[idea].title if idea in ledger.ideas else f"idea {idea}"


def _tried(outcome: Outcome, ledger: Ledger) -> Tried:
    return Tried(
        idea=outcome.idea,
        title=_title(ledger, outcome.idea),
        verdict=outcome.verdict,
        reason=outcome.reason,
        gain=outcome.gain,
        kept=outcome.kept,
        worth=outcome.worth,
    )


def _wins(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.verdict == "improved" for outcome in outcomes)


def _hits(outcomes: Iterable[Outcome]) -> HitRate:
    judged = [outcome for outcome in outcomes if outcome.verdict != "invalid"]
    return HitRate(wins=_wins(judged), judged=len(judged))


def _drought(outcomes: Iterable[Outcome]) -> int:
    """Ideas judged since the last win."""
    dry = 0
    for outcome in outcomes:
        if outcome.verdict != "invalid":
            dry = 0 if outcome.verdict == "improved" else dry + 1
    return dry


def _cost(past: Ledger, start: str, wins: int) -> Cost:
    """What was spent from a moment on."""
    runs = [run for run in past.runs.values() if run.ended_at and run.ended_at >= start]
    energies = [run.energy_wh for run in runs if run.energy_wh is not None]
    return Cost(
        human_hours=_human_hours(past.outcomes, start),
        gpu_hours=sum(run.hours for run in runs),
        energy_wh=sum(energies) if energies else None,
        wins=wins,
    )


def _human_hours(outcomes: Iterable[Outcome], start: str) -> float:
    """Implementation hours of the outcomes from a moment on; an idea judged again adds what came since."""
    total, counted = 0.0, dict[int, float]()
    for outcome in outcomes:
        hours = outcome.hours or 0.0
        if outcome.at >= start:
            total += max(0.0, hours - counted.get(outcome.idea, 0.0))
        counted[outcome.idea] = max(hours, counted.get(outcome.idea, 0.0))
    return total


def _baseline_means(past: Ledger) -> list[tuple[float, str]]:
    """Mean and name of every baseline that ran, oldest first."""
    values = {baseline.version: baseline_values(past, baseline.version) for baseline in past.baselines}
    return [(fmean(seeds.values()), f"baseline {version}") for version, seeds in values.items() if seeds]


def _improved_means(past: Ledger) -> list[tuple[float, str]]:
    won = [outcome for outcome in newest_outcomes(past).values() if outcome.verdict == "improved"]
    values = [
        (newest_values(past, outcome.idea, outcome.baseline), _title(past, outcome.idea)) for outcome in won
    ]
    return [(fmean(seeds.values()), title) for seeds, title in values if seeds]


def _share(goal: Goal, first: float | None, best: float | None) -> float | None:
    """Share of the way from the first baseline to the target; None where there is none to go."""
    if first is None or best is None or goal.target is None:
        return None
    way = goal.sign * (goal.target - first)
    return goal.sign * (best - first) / way if way > 0 else None


def _moved(past: Ledger, span: Week) -> tuple[Moved, ...]:
    """The week's revisions, the largest change of score first."""
    revisions = [revision for revision in past.revisions if span.holds(revision.at)]
    revisions.sort(key=lambda revision: (-abs(revision.after - revision.before), revision.id))
    return tuple(
        Moved(
            idea=revision.idea,
            title=_title(past, revision.idea),
            before=revision.before,
            after=revision.after,
            rank_before=revision.rank_before,
            rank_after=revision.rank_after,
            because=revision.because,
        )
        for revision in revisions
    )


def _plan(ranked: Iterable[RankedIdea]) -> tuple[Planned, ...]:
    undecided = sorted((row.rank, row.idea.id, row) for row in ranked if row.rank is not None)
    return tuple(_planned(row) for _, _, row in undecided[:PLANNED])


def _planned(row: RankedIdea) -> Planned:
    return Planned(
        idea=row.idea.id,
        title=row.idea.title,
        status=row.status,
        score=row.score.value,
        chance=row.score.chance.used,
        gain=row.score.gain.used,
        hours=row.score.hours.implement,
        gpu_hours=row.score.hours.gpu,
    )
