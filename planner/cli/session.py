"""What every verb starts from: the folder it acts in, and the project found there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.domain.mistake import Mistake

if TYPE_CHECKING:
    from planner.workspace.workspace import Workspace

Function = TypeVar("Function", bound=Callable[..., Any])


class Session:
    """One command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where it acts: the working directory, or what -C names."""

    @classmethod
    def at(cls, folder: str | None) -> Session:
        """A session in that folder; a Mistake when there is none."""
        path = Path(folder or ".").absolute()
        if not path.is_dir():
            raise Mistake(f"-C {folder}: there is no such folder")
        return cls(path)

    @cached_property
    def workspace(self) -> Workspace:
        """The project the folder lies in; a Mistake when there is none."""
        from planner.workspace.workspace import Workspace

        return Workspace.find(self.folder)

    def path(self, text: str) -> Path:
        """A path as typed, seen from the folder."""
        from planner.workspace.typed_path import typed_path

        return typed_path(text, self.folder)


def sweep_options(function: Function) -> Function:
    """The options that say which params an idea searches over, and how."""
    for option in reversed(
        (
            click.option(
                "--sweep",
                metavar="PARAM=VALUES",
                multiple=True,
                help="Search over it: lr=1e-4..1e-1, width=32,64,128, dropout=0..0.5:0.1; may be repeated.",
            ),
            click.option(
                "--nuisance",
                metavar="PARAM",
                multiple=True,
                help="Swept only to be fair to the others; may be repeated.",
            ),
            click.option(
                "--fixed",
                metavar="PARAM=VALUE",
                multiple=True,
                help="The same as --set, beside a sweep; may be repeated.",
            ),
            click.option("--method", metavar="M", help="Of the sweep: grid, random or tpe."),
            click.option("--configs", metavar="N", help="At most so many configurations of the sweep."),
        )
    ):
        function = option(function)
    return function


def json_option(function: Function) -> Function:
    """The option every verb has."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")(
        function
    )
