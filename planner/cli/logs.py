"""`planner logs`: what a run printed, and what it prints."""

from __future__ import annotations

import codecs
import time
from collections.abc import Iterator

import click

from planner.cli import say
from planner.cli.session import Session, json_option
from planner.domain.mistake import Mistake
from planner.domain.run import LIVE
from planner.rules.wording.display import log
from planner.store.runfolder import RunFolder

PAUSE = 0.25
"""Seconds between two looks at the file."""
CHUNK = 65_536
"""Bytes read at once; a line longer than this is told in pieces."""


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended.")
@click.option(
    "--lines",
    "count",
    metavar="N",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="From so many lines before the end.",
)
@json_option
@click.pass_obj
def logs(session: Session, run_id: str, follow: bool, count: int, as_json: bool) -> None:
    """Show the end of what a run printed.

    At most 64 KiB of it; control characters are made visible.

    \b
    Examples:
      planner logs r12
      planner logs r12 -f
    """
    from planner.workspace.lookup import find_run

    if follow and as_json:
        raise Mistake("--json gives one document, which a log that goes on can't be: leave out -f or --json")
    run = find_run(session.workspace.project.store.read().runs, run_id)
    folder = session.workspace.layout.run(run.id)
    tail, offset = _tail(folder)
    kept = tail[len(tail) - min(count, len(tail)) :]
    if as_json:
        say.document({"run": run.id, "status": run.status, "lines": kept})
        return
    for text in kept:
        say.line(text)
    if follow:
        for text in _following(session, run.id, folder, offset):
            say.lines(text)
    elif not tail:
        say.note(
            f"run {run.id} has printed nothing yet" if run.status in LIVE else f"run {run.id} printed nothing"
        )


def _tail(folder: RunFolder) -> tuple[list[str], int]:
    """The last lines, cleaned, and the byte offset to go on from; a line cut in two is left out."""
    start = max(0, folder.log.stat().st_size - CHUNK) if folder.log.exists() else 0
    data = _read(folder, start)
    lines = log(data.decode("utf-8", "replace")).removesuffix("\n").split("\n") if data else []
    return lines[1:] if start and len(lines) > 1 else lines, start + len(data)


def _following(session: Session, run_id: str, folder: RunFolder, offset: int) -> Iterator[str]:
    """What the run prints from a byte offset on, by whole lines where they are not too long."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while True:
        ended = session.workspace.project.store.read().runs[run_id].status not in LIVE
        offset = _within(folder, offset)
        data = _read(folder, offset)
        offset += len(data)
        whole, newline, rest = (rest + decoder.decode(data)).rpartition("\n")
        if newline:
            yield log(whole)
        if len(rest) > CHUNK or (ended and not data and rest):
            yield log(rest)
            rest = ""
        if ended and not data:
            return
        if not data:
            time.sleep(PAUSE)


def _within(folder: RunFolder, offset: int) -> int:
    """Where to go on from: at the end of a log whose middle was taken out meanwhile, since it floods."""
    return min(offset, folder.log.stat().st_size) if folder.log.exists() else offset


def _read(folder: RunFolder, offset: int) -> bytes:
    try:
        with folder.log.open("rb") as file:
            file.seek(offset)
            return file.read(CHUNK)
    except FileNotFoundError:
        return b""
