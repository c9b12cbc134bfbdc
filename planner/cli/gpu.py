"""`planner gpu`: the GPUs of this machine, and who uses them."""

from __future__ import annotations

import click

from planner.cli import say
from planner.cli.session import json_option


@click.command()
@json_option
def gpu(as_json: bool) -> None:
    """Show the GPUs, and who holds their memory.

    Needs no project. Where there is no GPU it says so, and runs train on the CPU.

    \b
    Example:
      planner gpu --json
    """
    from planner.gpu.ask import SOON, current
    from planner.gpu.figures import gibibytes
    from planner.gpu.line import line

    state = current(SOON)
    if as_json:
        say.document(state)
        return
    if not state.readings:
        say.line(line(state, 200))
    for reading in state.readings:
        say.line(line(type(state)(readings=(reading,)), 200))
        for user in state.users:
            if user.index == reading.index:
                held = f", {gibibytes(user.memory)} GiB" if user.memory is not None else ""
                say.line(f"  {user.pid} {user.name or '(unknown)'}{held}")
