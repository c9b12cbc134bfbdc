"""`planner serve`: the planner in a browser of this machine."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one."
)
@json_option
@click.pass_obj
def serve(session: Session, port: int, as_json: bool) -> None:
    """Open the planner in a browser, from this machine alone.

    It listens on 127.0.0.1, at an address that holds a token made anew each time; who has the address has
    the planner. From elsewhere, forward the same port: `ssh -L 8765:127.0.0.1:8765 HOST`. Ctrl+C ends it,
    runs go on.

    \b
    Example:
      planner serve --port 8765
    """
    folder = session.workspace.layout.project
    try:
        # By name: the face stands above this room.
        server = import_module("screens.browser.server")
    except ModuleNotFoundError as error:
        if error.name not in ("aiohttp", "textual_serve"):
            raise
        raise Mistake(
            f"a browser needs a package more: `{sys.executable} -m pip install 'experiment-planner[serve]'`"
        ) from error
    command = [sys.executable, "-m", "planner.cli.main", "-C", str(folder)]

    def tell(address: str) -> None:
        say.document({"address": address}) if as_json else say.line(f"the planner is at {address}")
        say.flush()

    server.serve(command, port, tell)
