"""Bare `planner`: the TUI, or without a terminal the status and a hint."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

from planner.cli import say
from planner.cli.session import Session

BROWSER = "TEXTUAL_DRIVER"
"""Set in the environment where a browser is the terminal; see `serve`."""


def home(session: Session) -> int:
    """Open the planner on the project the folder lies in; answers the exit status."""
    workspace = session.workspace
    if not (_on_terminal() or BROWSER in os.environ):
        from planner.cli.status import print_status

        print_status(workspace.tended(), workspace.project.now())
        say.note("this is no terminal; `planner --help` lists the verbs that need none")
        return 0
    from planner.workspace.engine import WorkspaceEngine

    # Whatever is made until the ideas are on the screen stays; the face collects again from then on.
    gc.disable()
    # By name: the face stands above this room, and only a person who opens it pays for it.
    face = import_module("screens.app")
    with WorkspaceEngine(workspace) as engine:
        status = face.run(engine)
    return status if isinstance(status, int) else 0


def _on_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
