"""`planner sweep`: the configurations of an idea's sweep, where they stand, and its next round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.cli.table import table
from planner.rules.wording import numbers
from planner.rules.wording.sweeps import standing, sweep_in_words, values_in_words

if TYPE_CHECKING:
    from planner.domain.sweep import Part, Sweep
    from planner.rules.sweeping.swept import Swept

ALIKE = 0.75
"""How like a param of the baseline's another one is that may be meant for it, 0 to 1."""


@click.command()
@click.argument("idea_id", metavar="ID", type=int)
@click.option("--narrow", is_flag=True, help="Narrow the ranges around the best, and dispatch again.")
@click.option("--more", metavar="N", type=int, help="Dispatch N further configurations.")
@json_option
@click.pass_obj
def sweep(session: Session, idea_id: int, narrow: bool, more: int | None, as_json: bool) -> int:
    """Show what a sweep has tried, and let it go on.

    Each configuration, the best one, and for each param what was tried and the best there over the others.
    With --narrow or --more the idea is dispatched again: what was tried stays known, and nothing is tried
    twice.

    \b
    Examples:
      planner sweep 12
      planner sweep 12 --narrow
      planner sweep 12 --narrow --more 10
      planner sweep 12 --json | jq .best.values
    """
    from planner.workspace.sweeping import sweep_on, swept

    workspace = session.workspace
    if narrow or more is not None:
        idea = sweep_on(workspace.queue, idea_id, narrow=narrow, more=more)
        workspace.ensure_dispatcher()
        if not as_json:
            assert idea.change.sweep is not None
            say.line(f"dispatched #{idea_id} “{idea.title}”: {sweep_in_words(idea.change.sweep)}")
            return 0
    found = swept(workspace.project, idea_id)
    if as_json:
        from planner.workspace.facts import sweep_facts

        say.document(sweep_facts(found))
        return 0
    for text in _told(found):
        say.line(text)
    return 0


def captured(found: Sweep, params: Mapping[str, object]) -> None:
    """Tell what a sweep was understood as, and what it lacks; ask about a param that only resembles one."""
    say.line(f"   {sweep_in_words(found)}")
    if found.method == "tpe" and find_spec("optuna") is None:
        from planner.searcher.ask import INSTALL

        say.note(f"TPE needs Optuna, which is not installed here: {INSTALL}")
    for name in found.names:
        near = get_close_matches(name, params, n=1, cutoff=ALIKE) if name not in params else []
        if near:
            say.note(f"{name} is none of the baseline's params: did you mean {near[0]}?")


def _told(found: Swept) -> Iterator[str]:
    idea, metric = found.idea, found.metric
    yield f"#{idea.id} “{idea.title}” · {sweep_in_words(found.sweep)}"
    fixed = values_in_words(idea.change.params)
    yield f"{standing(found.tried, found.sweep)}{f'; fixed: {fixed}' if fixed else ''}"
    if found.past:
        yield f"tried against baseline {found.baseline}, which is no longer in force: to go on begins anew"
    if not found.tried:
        return
    yield ""
    yield from table(("", "#", *found.sweep.names, metric, "run"), list(_rows(found)), flush=2)
    yield ""
    yield from coverage(found.parts, metric)
    yield from _beyond(found)


def _beyond(found: Swept) -> Iterator[str]:
    """Where the best one lies at an end of what was tried."""
    from planner.rules.sweeping.best import edges

    ends = edges(found.best, found.tried) if found.best else {}
    if ends:
        told = ", ".join(f"the {end} {name}" for name, end in ends.items())
        yield ""
        yield (
            f"the best one has {told} tried: better may lie beyond; "
            f"`planner edit {found.idea.id} --sweep …` changes the ranges"
        )


def _rows(found: Swept) -> Iterator[Sequence[str]]:
    from planner.rules.sweeping.best import told

    for one in found.tried:
        mark = "*" if found.best and one.number == found.best.number else ""
        why = f"{one.state}: {one.cause}" if one.cause else one.state
        value = why if one.value is None else numbers.metric(one.value)
        yield (mark, str(one.number), *(told(part) for part in one.values.values()), value, one.run)


def coverage(parts: Sequence[Part], metric: str) -> list[str]:
    """For each value or stretch of each param: how often it was tried, and the best there over the others."""
    rows = [
        (
            part.axis,
            part.label,
            str(part.tried),
            numbers.metric(part.best) if part.best is not None else "",
            f"#{part.config}" if part.config is not None else "",
        )
        for part in parts
    ]
    return table(("param", "values", "tried", f"best {metric}", "by"), rows)
