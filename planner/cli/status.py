"""`planner status`: what runs, what waits and why, how far the goal is."""

from __future__ import annotations

from collections import Counter

import click

from planner.cli import rows, say
from planner.cli.session import Session, json_option
from planner.domain.goal import Goal
from planner.domain.review import Standing
from planner.domain.view import View
from planner.rules.reviewing.attention import forgotten, halted
from planner.rules.waiting import ahead
from planner.rules.wording import numbers


@click.command()
@json_option
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Show what runs, what waits and why, and how far the goal is.

    \b
    Example:
      planner status
    """
    from planner.workspace.bearings import status_facts

    view = session.workspace.tended()
    if as_json:
        say.document(status_facts(session.workspace.project, view))
    else:
        print_status(view, session.workspace.project.now())


def print_status(view: View, now: str) -> None:
    """How things stand, for a person."""
    from planner.rules.reviewing.answer import WIDTH
    from planner.rules.wording.wrapped import wrapped
    from planner.workspace.bearings import standing_of, stop_of

    if view.warning:
        say.note(f"planner: {view.warning}")
    say.line(goal_line(view.settings.goal, standing_of(view)))
    stop = stop_of(view)
    if stop is not None and stop.kind != "goal":  # the line above says that already
        say.lines("\n".join(wrapped(stop.sentence, WIDTH, most=3)))
    counts = Counter(row.status for row in view.ranked)
    say.line("ideas: " + (", ".join(f"{count} {name}" for name, count in counts.items()) or "none yet"))
    say.line(_dispatch_line(view))
    for one in view.runs:
        if one.run.status == "running":
            say.line(f"  running  {rows.name(one)}: {rows.progress(one, view.settings.goal.metric)}")
        elif one.run.status == "queued":
            say.line(f"  queued   {rows.name(one)}: {one.run.waits or 'next'}")
    for idea in halted(view.ledger):
        say.line(f"  halted   #{idea.idea} “{idea.title}”: {idea.reason}")
    for idea in forgotten(view.ledger, now=now):
        say.line(f"  timer    {idea.reason}")


def goal_line(goal: Goal, standing: Standing) -> str:
    """The goal, and how far the project is on its way."""
    way = "more" if goal.direction == "max" else "less"
    target = "" if goal.target is None else f", target {goal.target:g}"
    text = f"goal: {goal.metric}, {way} is better{target}"
    if standing.best is None:
        return f"{text}; not measured yet"
    text += f"; best so far {numbers.metric(standing.best)} by {standing.holder}"
    if standing.reached:
        return f"{text}: the goal is reached"
    return text if standing.share is None else f"{text}, {standing.share:.0%} of the way".replace("%", " %")


def _dispatch_line(view: View) -> str:
    if view.ledger.paused:
        return f"dispatch: paused: {view.ledger.paused}"
    busy = any(one.run.status in ("running", "queued") for one in view.runs)
    if view.dispatcher:
        return f"dispatch: on{_waiting(view)}" if busy else "dispatch: on, nothing to run"
    return (
        "dispatch: off, though runs wait; `planner dispatch --resume` goes on" if busy else "dispatch: idle"
    )


def _waiting(view: View) -> str:
    """How many runs wait, how many configurations are to come, and how long it all takes; or nothing."""
    found = ahead(view.ledger, view.settings)
    parts = [f"{found.runs} {'run waits' if found.runs == 1 else 'runs wait'}"] if found.runs else []
    if found.configs:
        parts.append(f"{found.configs} {'configuration' if found.configs == 1 else 'configurations'} to come")
    return (
        f"; {', '.join([*parts, f'about {numbers.duration(3600 * found.hours)} of runs'])}" if parts else ""
    )
