"""The highlighted configuration, and what was tried along each param of its sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from planner.domain.goal import Goal
from planner.domain.run import Run
from planner.domain.sweep import Part, Tried
from planner.rules.sweeping.best import edges, told
from planner.rules.sweeping.ordered import place
from planner.rules.sweeping.swept import Swept
from screens import numbers, signs
from screens.text import fit, wrap
from screens.widgets.sheet import LABEL, Sheet, labelled

STRETCH = 19
"""Cells of a value, or of a stretch of a range."""


class SweepSheet(Sheet):
    """All values of one configuration with its seeds; below, the best for each value of each param."""

    HELP = """
    The highlighted configuration, then each param: its values or stretches of it, how often each was tried,
    and the best result there over all the other params. Where nothing was tried, nothing is known.
    """

    _found: Swept | None = None
    _one: Tried | None = None
    _seeds: tuple[Run, ...] = ()
    _goal = Goal(metric="")

    def show(self, found: Swept, one: Tried | None, seeds: tuple[Run, ...], goal: Goal) -> None:
        """Put a configuration on the sheet, or the same one changed."""
        same = one is not None and self._one is not None and one.number == self._one.number
        self._found, self._one, self._seeds, self._goal = found, one, seeds, goal
        self.rewrite(top=not same)

    def lines(self, width: int) -> Sequence[Content]:
        """Which it is, its values, its seeds, why it failed; then the params."""
        found, one = self._found, self._one
        if found is None:
            return ()
        return [*(self._told(found, one, width) if one else ()), *_parts(found, self._goal, width)]

    def _told(self, found: Swept, one: Tried, width: int) -> Iterator[Content]:
        for line in wrap(_head(found, one, self._goal), width):
            yield Content.styled(line, "bold")
        yield from labelled("values", [_values(one)], width)
        yield from labelled("cause", [one.cause] if one.cause else [], width)
        yield from labelled("edge", _edge(found, one), width)
        yield from labelled("fresh", _fresh(self._seeds), width)


def _head(found: Swept, one: Tried, goal: Goal) -> str:
    parts = [f"configuration {one.number}", str(signs.TRIED[one.state])]
    if one.value is not None:
        many = sum(each.value is not None for each in found.tried)
        stands = place(found, one, goal)
        parts += [f"{goal.metric} {numbers.metric(one.value)}", f"place {stands} of {many}"]
    return " · ".join([*parts, one.run])


def _values(one: Tried) -> str:
    return " · ".join(f"{name} {told(value)}" for name, value in one.values.items())


def _edge(found: Swept, one: Tried) -> list[str]:
    """Where the best one lies at an end of what was tried."""
    ends = edges(one, found.tried) if one == found.best else {}
    told_of = ", ".join(f"the {end} {name}" for name, end in ends.items())
    return [f"it has {told_of} tried: better may lie beyond; e changes the ranges"] if ends else []


def _fresh(seeds: Sequence[Run]) -> list[str]:
    """The fresh seeds with what each came to."""
    told_of = [
        f"seed {run.seed} {numbers.metric(run.value) if run.value is not None else run.status}"
        for run in seeds
    ]
    return [" · ".join(told_of)] if told_of else []


def _parts(found: Swept, goal: Goal, width: int) -> Iterator[Content]:
    """A line for each value or stretch, the param's name before its first."""
    if not found.tried:
        return
    name = max(LABEL, min(16, 1 + max(map(len, found.sweep.names))))
    yield Content()
    head = f"{fit('param', name)}{fit('values', STRETCH)}{'tried':>6}  {fit(f'best {goal.metric}', 18)}"
    yield Content.styled(fit(head, width), "bold")
    before = ""
    for part in found.parts:
        first = "" if part.axis == before else part.axis
        before = part.axis
        line = Content.assemble((fit(first, name - 1) + " ", "bold $text-accent"), _part(part))
        yield line.stylize("$text-success", name) if _holds_best(found, part) else line


def _part(part: Part) -> str:
    best = "" if part.best is None else f"{numbers.metric(part.best)}  #{part.config}"
    return f"{fit(part.label, STRETCH)}{part.tried or '·':>6}  {best}"


def _holds_best(found: Swept, part: Part) -> bool:
    return found.best is not None and part.config == found.best.number
