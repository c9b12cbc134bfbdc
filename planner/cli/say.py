"""The door for all that a command says: data on stdout, narration on stderr, no control characters."""

from __future__ import annotations

import contextlib
import io
import os
import sys

import click

from planner.rules.wording.display import clean, page


def document(value: object) -> None:
    """Print one JSON document on stdout."""
    from planner.workspace.strict import strict

    click.echo(strict(value))


def line(text: str = "") -> None:
    """Print one line for a person on stdout."""
    click.echo(clean(text))


def lines(text: str) -> None:
    """Print several lines for a person on stdout."""
    click.echo(page(text))


def note(text: str) -> None:
    """Tell something beside the data, on stderr."""
    click.echo(clean(text), err=True)


def error(sentence: str, *, as_json: bool) -> None:
    """Say on stderr what went wrong: a sentence, or `{"error": …}`."""
    with contextlib.suppress(OSError):  # with stderr gone there is nobody left to tell
        if as_json:
            from planner.workspace.strict import strict

            click.echo(strict({"error": sentence}, indent=False), err=True)
        else:
            note(f"planner: {sentence}")


def tolerate_odd_terminals() -> None:
    """Let a character that the terminal's encoding lacks become a question mark instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def flush() -> None:
    """Hand over what is still buffered; OSError when nobody takes it."""
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_output() -> None:
    """Let nothing more reach a stdout that is broken, so that the interpreter ends quietly."""
    try:
        flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
