"""What a dispatch would do over again: told calmly, and asked about where somebody is there to answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import click

from planner.cli import say
from planner.domain.repeat import Repeat
from planner.rules.duplicates.answering import choices, wished

if TYPE_CHECKING:
    from planner.workspace.workspace import Workspace

Choice = Literal["replicate", "anyway"]
"""What a person has said beforehand is to become of repeats."""
KEYS = {"replicate": "r", "anyway": "a", "leave": "l"}
"""What is typed for each answer."""
NO_DATA = "recipe.data in planner.toml names no files, so it would not be noticed if the data had changed"
"""Said beside a repeat where only the code and the params could be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is left to dispatch once repeats were told and asked about."""

    ideas: tuple[int, ...]
    """The ideas to dispatch."""
    repeats: tuple[Repeat, ...] = ()
    """All that there was to know beforehand."""
    anyway: dict[int, str] = field(default_factory=dict)
    """What the person was warned of and wants regardless, by idea."""


def weigh(
    workspace: Workspace, wanted: Sequence[int], *, choice: Choice | None, ask: bool, as_json: bool
) -> Weighed:
    """Tell what these ideas would repeat, and let a person choose where one is there."""
    from planner.workspace.duplicates import Duplicates

    if workspace.project.store.read_only:  # the dispatch itself says that nothing can be changed
        return Weighed(ideas=tuple(wanted))
    repeats = Duplicates(workspace.project).of(wanted)
    ideas, anyway = list(wanted), dict[int, str]()
    asking = ask and choice is None and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    for number in wanted:
        own = [one for one in repeats if one.idea == number]
        exact = next((one for one in own if one.exact), None)
        answer = _answer(exact) if asking and exact else choice
        for sentence in _told(own, answer, asked=asking and exact is not None):
            say.note(sentence)
        if answer == "leave":
            ideas.remove(number)
        elif answer == "anyway" and (warned := wished(own, workspace.project.store.read(), number)):
            anyway[number] = warned
    if any(one.exact and one.runs for one in repeats) and not workspace.settings.recipe.data:
        say.note(NO_DATA)
    return Weighed(ideas=tuple(ideas), repeats=repeats, anyway=anyway)


def _answer(repeat: Repeat) -> str:
    """What a person makes of a repeat."""
    say.note(f"{repeat.says}.")
    offered = choices(repeat)
    words = " · ".join(f"[{KEYS[name]}] {told}" for name, told in offered.items())
    keys = {KEYS[name]: name for name in offered}
    say.note(words)
    typed = click.prompt("what now", type=click.Choice(list(keys)), default=next(iter(keys)), err=True)
    return keys[typed]


def _told(repeats: Sequence[Repeat], answer: str | None, *, asked: bool) -> Iterator[str]:
    """What there is to know of one idea, and what a dispatch makes of it."""
    for one in repeats:
        if one.exact and asked:
            continue
        if answer == "anyway" and (one.own or one.exact):
            yield f"{one.says}; it is run anyway, as a measurement of its own"
        elif one.kind == "code":
            yield f"{one.says}: {one.reading} (--new-baseline measures it again)"
        elif one.own:
            yield f"{one.says}: {one.reading} (--anyway measures it afresh)"
        else:
            yield f"{one.says}: {one.reading}" if one.reading else one.says
