"""A review as Markdown that reads by itself; the same review always makes the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from planner.domain.remark import Concentration
from planner.domain.review import Cost, HitRate, Moved, Review, Tried
from planner.rules.hindsight.markdown import guesses_table, how_good
from planner.rules.judging.verdict import signed
from planner.rules.reviewing.effort import BEST_FIFTH
from planner.rules.reviewing.what_next import ahead, what_next
from planner.rules.wording.markdown import (
    NOT_KNOWN,
    counted,
    figure,
    idea_name,
    literal,
    per_cent,
    signed_figure,
    table,
    tenths,
)

STEPS = ("What happened", "What paid off", "How good were the guesses", "What next")
"""The four steps, in order."""
SHOWN_MOVES = 10
"""How many moved scores are named; the rest are counted."""
_UNITS = (
    "Gains are shrunk against luck. Hours of people are what it took to implement the ideas that came to an "
    "outcome; GPU hours are what runs lasted, whatever they ran on. The base rate is the chance of an idea "
    "that nobody has spoken about. A score is chance times gain for each hour still to spend on an idea."
)


def review_markdown(review: Review) -> str:
    """The whole review; texts of people show as they are and can't become Markdown or HTML."""
    parts = (
        _head(review),
        f"## {STEPS[0]}",
        *_happened(review),
        f"## {STEPS[1]}",
        *_paid_off(review),
        f"## {STEPS[2]}",
        *how_good(review),
        f"## {STEPS[3]}",
        *what_next(review),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def step_markdown(review: Review, step: int) -> str:
    """One step, from 0, without the ideas and the record, for a face that lists those itself."""
    steps: tuple[Callable[[Review], Iterable[str]], ...] = (
        lambda told: (_counts(told), _standing(told), *_moves(told)),
        _paid_off,
        lambda told: (guesses_table(told),),
        ahead,
    )
    return "\n\n".join(part for part in steps[step](review) if part) + "\n"


# -- the four steps -------------------------------------------------------------------------------


def _head(review: Review) -> str:
    goal, start = review.goal, datetime.fromisoformat(review.start)
    days = f"{start:%Y-%m-%d} to {start + timedelta(days=6):%Y-%m-%d}, UTC"
    aim = f"{'raise' if goal.direction == 'max' else 'lower'} {literal(goal.metric)}"
    target = f" to {figure(goal.target)}" if goal.target is not None else ""
    return (
        f"# Review of {review.week}\n\n{days}. The goal: {aim}{target}. "
        f"1 MEI, the smallest gain worth keeping, is {figure(goal.minimum_effect)}.\n\n{_UNITS}"
    )


def _happened(review: Review) -> Iterable[str]:
    yield _counts(review)
    if review.tried:
        yield table(("idea", "verdict", "gain, MEI", "in a sentence"), map(_tried_row, review.tried))
    yield _standing(review)
    yield from _moves(review)


def _paid_off(review: Review) -> Iterable[str]:
    goal = review.goal
    change = signed_figure(review.gain_kept_metric)
    yield f"Gain kept: {signed(review.gain_kept)} MEI ({literal(goal.metric)} {change})."
    head = ("", "hours of people", "GPU hours", "energy, kWh", "wins")
    week, so_far = review.cost, review.cost_so_far
    rows = [("this week", week), ("so far", so_far)]
    yield table(head, [row for name, cost in rows for row in _cost_rows(name, cost)])
    yield (
        f"Hit rate: {_hit_rate(review.hits)} this week, {_hit_rate(review.hits_so_far)} so far; "
        f"the base rate was {per_cent(review.base_before)} before it and is {per_cent(review.base)} after it."
    )
    yield _drought(review)
    yield _effort(review.concentration)
    yield _gains(review.concentration)


# -- sentences ------------------------------------------------------------------------------------


def _counts(review: Review) -> str:
    if not review.tried:
        return "No idea came to an outcome."
    counts = ", ".join(f"{count} {verdict}" for verdict, count in review.verdicts.items() if count)
    return f"{counted(len(review.tried), 'idea')} came to an outcome: {counts}."


def _standing(review: Review) -> str:
    goal, standing = review.goal, review.standing
    if standing.best is None:
        return f"{literal(goal.metric)} has not been measured yet."
    best = f"The best {literal(goal.metric)} is {figure(standing.best)}, by {literal(standing.holder)}"
    if standing.reached:
        return f"{best}: **the goal is reached.**"
    if standing.share is None or standing.first is None:
        return f"{best}."
    return f"{best}: {per_cent(standing.share)} of the way from {figure(standing.first)} to the target."


def _drought(review: Review) -> str:
    """How long nothing has won, unless that is a reason to stop, which is said once."""
    if review.stop is not None and review.stop.kind == "drought":
        return ""
    since = "the last win" if review.hits_so_far.wins else "the beginning, without a win"
    return (
        f"Drought: {counted(review.drought, 'idea')} since {since}. "
        f"In other projects {per_cent(review.after_drought)} of ideas were kept after as many."
    )


def _effort(one: Concentration) -> str:
    """Where most of the week's hours went."""
    if one.category is None:
        return ""
    parts = f"{per_cent(one.human_hours)} of those of people, {per_cent(one.gpu_hours)} of the GPU's"
    remark = f" **{literal(one.remark)}.**" if one.remark else ""
    return (
        f"Most hours went into {literal(one.category)}: {per_cent(one.hours)} ({parts}), "
        f"for {per_cent(one.ideas)} of the ideas tried.{remark}"
    )


def _gains(one: Concentration) -> str:
    """Whether few wins brought most of the gain."""
    if one.best_fifth is None:
        return ""
    best = f"The best fifth of {counted(one.kept, 'kept gain')} gave {per_cent(one.best_fifth)} of all gain"
    return f"{best} so far; in other projects {per_cent(BEST_FIFTH)}."


def _moves(review: Review) -> Iterable[str]:
    moved = review.moved
    if not moved:
        yield "No score moved."
        return
    scores = "1 score" if len(moved) == 1 else f"{len(moved)} scores"
    yield f"{scores} moved in the week, the largest change first:"
    yield "\n".join(_move(one, review) for one in moved[:SHOWN_MOVES])
    if len(moved) > SHOWN_MOVES:
        yield f"{len(moved) - SHOWN_MOVES} more moved less."


def _move(one: Moved, review: Review) -> str:
    ranks = f"rank {one.rank_before} → {one.rank_after}"
    before, after = (f"{_scale(review) * score:.1f}" for score in (one.before, one.after))
    whose, because = idea_name(one.idea, one.title), literal(one.because)
    most = f" (the largest of {one.times} moves)" if one.times > 1 else ""
    return f"- {whose}: {before} → {after} {_unit(review)}, {ranks}: {because}{most}"


def _hit_rate(hits: HitRate) -> str:
    share = "" if hits.rate is None else f" ({per_cent(hits.rate)})"
    return f"{hits.wins} of {counted(hits.judged, 'idea')}{share}"


# -- rows -----------------------------------------------------------------------------------------


def _tried_row(one: Tried) -> tuple[str, ...]:
    gain = NOT_KNOWN if one.gain is None else signed(one.gain)
    source = f" (imported from {literal(one.imported)})" if one.imported else ""
    return idea_name(one.idea, one.title), _verdict(one), gain, literal(one.reason) + source


def _verdict(one: Tried) -> str:
    if one.overruled is None:
        return _standing_verdict(one)
    by = f"overruled by {literal(one.overruled.by)}, the seeds had said {one.overruled.verdict}"
    return f"{_standing_verdict(one)} ({by})"


def _standing_verdict(one: Tried) -> str:
    if one.verdict != "improved":
        return one.verdict
    if one.declined is not None:
        return f"improved, not adopted: {literal(one.declined)}"
    if not one.kept:
        return "improved, not kept"
    return "improved, not worth its complexity" if one.worth is False else "improved"


def _cost_rows(name: str, cost: Cost) -> list[tuple[str, ...]]:
    amounts = (cost.human_hours, cost.gpu_hours, None if cost.energy_wh is None else cost.energy_wh / 1000)
    total = (name, *(tenths(amount) for amount in amounts), str(cost.wins))
    return [total, (f"{name}, per win", *(tenths(cost.per_win(amount)) for amount in amounts), "")]


# -- words and numbers ----------------------------------------------------------------------------


def _unit(review: Review) -> str:
    return "MEI per 100 h" if review.per_hour else "MEI"


def _scale(review: Review) -> float:
    """What a score is multiplied by to be shown in that unit."""
    return 100.0 if review.per_hour else 1.0
