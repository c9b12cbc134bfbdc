"""The last step of a review as Markdown: whether to go on, what to try next, which ideas want a look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from planner.domain.remark import Comeback, Doubt, Stop
from planner.domain.review import Attention, Planned, Review
from planner.rules.judging.verdict import signed
from planner.rules.wording.markdown import idea_name, literal, per_cent, table, tenths

SHOWN = 5
"""How many ideas in doubt and comebacks are named; the rest are counted."""
Named = TypeVar("Named")


def ahead(review: Review) -> Iterator[str]:
    """Whether to go on and the plan; of an older week neither, since its time to act is over."""
    if review.past:
        yield "This week is long over; `planner review` has what to do now."
        return
    yield _stop(review.stop)
    yield from _plan(review)


def what_next(review: Review) -> Iterator[str]:
    """The paragraphs of the step: what lies ahead, then the ideas that want a look."""
    yield from ahead(review)
    if review.past:
        return
    yield _list("Invalid, to be repaired:", review.repair, _attention)
    yield _list("Halted until somebody acts:", review.halted, _attention)
    yield _list("Timers that nobody watches:", review.timers, _attention)
    yield _list(
        "Outcomes contradict what was said; `planner estimate ID` says it anew:", review.doubts, _doubt
    )
    yield _list(
        "Discarded, but something has changed; `planner dispatch ID` tries it again:",
        review.comebacks,
        _comeback,
    )
    yield _list("Untouched for four weeks; keep, re-estimate, park or drop:", review.stale, _attention)


def _stop(stop: Stop | None) -> str:
    """The reason to stop; that the goal is reached stands beside the best value already."""
    if stop is None:
        return ""
    if stop.kind == "goal":
        return (
            "The goal is reached: nothing more has to be run, unless the target is raised in `planner.toml`."
        )
    return f"**Time to stop?** {literal(stop.sentence)}"


def _plan(review: Review) -> Iterator[str]:
    if not review.plan:
        yield "No idea is left to decide."
        return
    for head, rows in (
        ("To run:", [one for one in review.plan if one.status != "open"]),
        ("To implement:", [one for one in review.plan if one.status == "open"]),
    ):
        if rows:
            unit, scale = ("MEI per 100 h", 100.0) if review.per_hour else ("MEI", 1.0)
            columns = (
                "idea",
                "status",
                f"score, {unit}",
                "chance",
                "gain, MEI",
                "hours",
                "GPU hours",
                "after",
            )
            yield head
            yield table(columns, [_plan_row(one, scale) for one in rows])
    told = review.outlook
    yield (
        f"All of it takes {tenths(told.human_hours)} hours of people and {tenths(told.gpu_hours)} GPU hours, "
        f"and is expected to bring {signed(told.gain)} MEI."
    )


def _plan_row(one: Planned, scale: float) -> tuple[str, ...]:
    return (
        idea_name(one.idea, one.title),
        one.status,
        f"{scale * one.score:.1f}",
        per_cent(one.chance),
        f"{one.gain:.1f}",
        f"{one.hours:.1f}",
        f"{one.gpu_hours:.1f}",
        ", ".join(map(str, one.after)),
    )


def _list(head: str, ideas: Sequence[Named], line: Callable[[Named], str]) -> str:
    if not ideas:
        return ""
    shown = ideas[:SHOWN] if isinstance(ideas[0], Doubt | Comeback) else ideas
    more = len(ideas) - len(shown)
    lines = [f"- {line(one)}" for one in shown]
    return "\n".join([head, "", *lines, *_rest(more)])


def _rest(more: int) -> Iterable[str]:
    return [f"- and {more} more"] if more else []


def _attention(one: Attention) -> str:
    because = f": {literal(one.reason)}" if one.reason else ""
    return f"{idea_name(one.idea, one.title)}, since {one.since[:10]}{because}"


def _doubt(one: Doubt) -> str:
    return f"{idea_name(one.idea, one.title)}, {one.criterion}: {literal(one.reason)}"


def _comeback(one: Comeback) -> str:
    keep = f"; `planner decline {one.idea} --back` keeps it" if one.kind == "worth" else ""
    return f"{idea_name(one.idea, one.title)}, since {one.at[:10]}: {literal(one.reason)}{keep}"
