"""The review of one week: what happened, what paid off, how good were the guesses, what next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from planner.clock import hours_between
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.review import HitRate, Moved, Planned, Review, Tried
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.domain.view import RankedIdea
from planner.rules.hindsight.record import record
from planner.rules.learning.settled import newest_outcomes, settled
from planner.rules.learning.trust import base_rate
from planner.rules.reviewing.agenda import agenda, outlook, planned
from planner.rules.reviewing.attention import forgotten, halted, looked_at, repair, stale
from planner.rules.reviewing.comeback import comebacks
from planner.rules.reviewing.doubts import doubts
from planner.rules.reviewing.effort import concentration, cost
from planner.rules.reviewing.guesses import chance_bins, guesses, hours_ratio
from planner.rules.reviewing.standing import standing, title_of
from planner.rules.reviewing.stop import after_drought, drought, stop
from planner.rules.reviewing.weeks import Week, week_named

WEEK_HOURS = 168.0
"""Hours of a week."""


def review(
    ledger: Ledger,
    settings: Settings,
    *,
    week: str,
    now: str,
    ranked: Sequence[RankedIdea] = (),
    fingerprints: Mapping[str, str] | None = None,
) -> Review:
    """The review of a week such as `2026-W47`, as things stood at its end; `ranked` makes the plan.

    What is to be done next is that of `now` (UTC, ISO 8601), and none where a later week is over already.
    `fingerprints` are those of the data files by run. Raises a Mistake when there is no such week.
    """
    told = _looking_back(ledger, settings, week_named(week), past=is_past(week, now))
    if told.past:
        return told
    rows = agenda(ranked)
    return replace(
        told,
        stale=stale(ledger, now=now),
        repair=repair(ledger),
        halted=tuple(one for one in halted(ledger) if not looked_at(ledger.ideas[one.idea], one.since)),
        timers=forgotten(ledger, now=now),
        doubts=doubts(ledger, ranked),
        comebacks=comebacks(ledger, settings, ranked, fingerprints),
        stop=stop(ledger, settings, ranked, standing(ledger, settings.goal)),
        plan=_plan(rows, ranked),
        outlook=outlook(rows),
    )


def _looking_back(ledger: Ledger, settings: Settings, span: Week, *, past: bool) -> Review:
    """What happened in the week, and until its end."""
    until_then = until(ledger, span.end)
    newest = newest_outcomes(until_then)
    tried = [outcome for outcome in newest.values() if span.holds(outcome.at)]
    dry, said = drought(newest.values()), guesses(newest.values(), until_then)
    return Review(
        week=span.name,
        start=span.start,
        end=span.end,
        goal=settings.goal,
        per_hour=settings.score.bottleneck == "hours",
        tried=tuple(_tried(outcome, ledger) for outcome in tried),
        verdicts={verdict: sum(one.verdict == verdict for one in tried) for verdict in get_args(Verdict)},
        gain_kept=sum(one.gain or 0.0 for one in tried if one.kept),
        standing=standing(until_then, settings.goal),
        cost=cost(until_then, span.start),
        cost_so_far=cost(until_then, ""),
        hits=_hits(tried),
        hits_so_far=_hits(newest.values()),
        base_before=base_rate_at(ledger, span.start),
        base=base_rate_at(ledger, span.end),
        drought=dry,
        after_drought=after_drought(dry),
        moved=_moved(until_then, span),
        guesses=guesses(tried, until_then),
        hours_ratio=hours_ratio(said),
        chances=chance_bins(said),
        record=record(until_then, settings.goal),
        concentration=concentration(until_then, span.start, settings.score.gpu_hour),
        past=past,
    )


def is_past(week: str, now: str) -> bool:
    """Whether a later week is over too, so that what to do next is no longer that week's to say."""
    return hours_between(week_named(week).end, now) >= WEEK_HOURS


def base_rate_at(ledger: Ledger, moment: str) -> float:
    """The base rate as the planner had it at a moment; an outcome overruled later counts as it stood then."""
    then = until(ledger, moment)
    return base_rate(
        settled(replace(then, outcomes=tuple(_as_it_stood(one, moment) for one in then.outcomes)))
    )


def until(ledger: Ledger, end: str) -> Ledger:
    """The ledger as it stood at a moment, as far as what happened is concerned."""
    return replace(
        ledger,
        runs={key: run for key, run in ledger.runs.items() if run.ended_at and run.ended_at < end},
        outcomes=tuple(outcome for outcome in ledger.outcomes if outcome.at < end),
        revisions=tuple(revision for revision in ledger.revisions if revision.at < end),
        baselines=tuple(baseline for baseline in ledger.baselines if baseline.at < end),
    )


def _as_it_stood(outcome: Outcome, moment: str) -> Outcome:
    """An outcome before a person overruled it."""
    seeds = outcome.overruled
    if seeds is None or seeds.at < moment:
        return outcome
    return replace(outcome, verdict=seeds.verdict, reason=seeds.reason, kept=seeds.kept, overruled=None)


def _tried(outcome: Outcome, ledger: Ledger) -> Tried:
    return Tried(
        idea=outcome.idea,
        title=title_of(ledger, outcome.idea),
        verdict=outcome.verdict,
        reason=outcome.reason,
        gain=outcome.gain,
        kept=outcome.kept,
        worth=outcome.worth,
        imported=outcome.imported,
        overruled=outcome.overruled,
        declined=outcome.declined,
    )


def _hits(outcomes: Iterable[Outcome]) -> HitRate:
    judged = [outcome for outcome in outcomes if outcome.verdict != "invalid"]
    return HitRate(wins=sum(one.verdict == "improved" for one in judged), judged=len(judged))


def _moved(past: Ledger, span: Week) -> tuple[Moved, ...]:
    """How far each score is from where the week began, the largest change first.

    What moved and came back, as when a verdict is overruled and that taken back, has not moved.
    """
    by_idea: defaultdict[int, list[Revision]] = defaultdict(list)
    for revision in past.revisions:
        if span.holds(revision.at):
            by_idea[revision.idea].append(revision)
    moved = [_net(title_of(past, idea), revisions) for idea, revisions in by_idea.items()]
    far = [one for one in moved if one.after != one.before or one.rank_after != one.rank_before]
    return tuple(sorted(far, key=lambda one: (-abs(one.after - one.before), one.idea)))


def _net(title: str, revisions: Sequence[Revision]) -> Moved:
    """From the first of its revisions to the last, because of the one that moved it furthest that way."""
    first, last = revisions[0], revisions[-1]
    upwards = last.after >= first.before
    furthest = max(revisions, key=lambda one: one.after - one.before if upwards else one.before - one.after)
    return Moved(
        idea=first.idea,
        title=title,
        before=first.before,
        after=last.after,
        rank_before=first.rank_before,
        rank_after=last.rank_after,
        because=furthest.because,
        times=len(revisions),
    )


def _plan(rows: Iterable[RankedIdea], ranked: Iterable[RankedIdea]) -> tuple[Planned, ...]:
    undecided = {row.idea.id for row in ranked if row.rank is not None}
    return tuple(planned(row, undecided) for row in rows)
