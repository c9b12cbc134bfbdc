"""What was done to ideas, as the journal and undo name it: which ones, and what moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from planner.rules.notation.as_typed import as_typed
from planner.rules.wording.display import fit

if TYPE_CHECKING:
    from planner.domain.idea import Idea
    from planner.domain.sweep import Sweep

TITLE = 48
"""Cells of a title."""
VALUE = 24
"""Cells of one value that moved."""
LONGEST = 240
"""Cells of all that moved."""
MOST = 3
"""Ideas that are named one by one."""
NONE = "none"
"""What stands for nothing."""


def named(idea: Idea) -> str:
    """The idea with its number, such as `#3 “label smoothing”`."""
    return f"#{idea.id} “{fit(idea.title, TITLE)}”"


def all_named(ideas: Sequence[Idea]) -> str:
    """Several ideas, the first few by name."""
    more = f" and {len(ideas) - MOST:,} more" if len(ideas) > MOST else ""
    return ", ".join(map(named, ideas[:MOST])) + more


def done_to(verb: str, before: Idea, after: Idea) -> str:
    """What a verb did to an idea, such as `estimate #3 “label smoothing”: hours 2h → 4h`."""
    told = ", ".join(_moved(before, after))
    return f"{verb} {named(before)}" + (f": {fit(told, LONGEST)}" if told else "")


def counted(*counts: tuple[str, int]) -> str:
    """Several counts in words, such as `2 new ideas, 1 outcome`; empty when there is none of anything."""
    return ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in counts if count)


def _moved(before: Idea, after: Idea) -> Iterator[str]:
    """Every part of an idea that is another one now."""
    yield from _step("title", _quoted(before.title), _quoted(after.title))
    if before.hypothesis != after.hypothesis:
        yield "hypothesis" if after.hypothesis else "hypothesis taken away"
    yield from _step("category", before.category, after.category)
    yield from _step("tags", ", ".join(before.tags), ", ".join(after.tags))
    yield from _params(before.change.params, after.change.params)
    yield from _sweep(before.change.sweep, after.change.sweep)
    yield from _step("ref", before.change.ref or "", after.change.ref or "")
    if before.change.implemented != after.change.implemented:
        yield "implemented" if after.change.implemented else "not implemented"
    yield from _step("after", _numbers(before.after), _numbers(after.after))
    yield from _step("run hours", _amount(before.run_hours), _amount(after.run_hours))
    yield from _estimates(before, after)
    yield from _step("hours spent", _amount(before.spent_hours), _amount(after.spent_hours))


def _params(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    for name in {**before, **after}:
        old, new = (str(values[name]) if name in values else "" for values in (before, after))
        yield from _step(fit(name, VALUE), old, new)


def _sweep(before: Sweep | None, after: Sweep | None) -> Iterator[str]:
    """What moved of a sweep: the values of its params, its method and its number of configurations."""
    if before == after:
        return
    from planner.rules.wording.sweeps import parts  # few ideas sweep, and undo names every one

    old, new = parts(before), parts(after)
    for name in {**old, **new}:
        yield from _step(fit(name, VALUE), old.get(name, ""), new.get(name, ""))


def _estimates(before: Idea, after: Idea) -> Iterator[str]:
    for person in {**before.estimates, **after.estimates}:
        old, new = as_typed(before.estimates.get(person)), as_typed(after.estimates.get(person))
        for criterion in new:
            yield from _step(criterion, old[criterion], new[criterion])


def _step(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        old, new = fit(before, VALUE), fit(after, VALUE) or NONE
        yield f"{what} {old} → {new}" if old else f"{what} {new}"


def _quoted(title: str) -> str:
    return f"“{fit(title, VALUE - 2)}”"


def _numbers(ideas: Iterable[int]) -> str:
    return ", ".join(f"#{idea}" for idea in ideas)


def _amount(hours: float | None) -> str:
    return f"{hours:.3g}h" if hours else ""
