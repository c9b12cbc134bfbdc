"""Run folders held against the backlog: what the one knows and the other lacks, and what is damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from planner.domain.finding import Finding, State
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.store import files
from planner.store.layout import Layout
from planner.store.orphans import Orphan, orphans
from planner.store.runfolder import RunFolder
from planner.workspace.standing import dispatcher_holds
from planner.workspace.workers import claimed_elsewhere, lives, may_live

MEANS = {
    "spec.json": "what it was told is in the backlog still; it can't be brought back from there",
    "context.json": "which code, versions and device it ran on is lost; its value counts as before",
    "evaluation.json": "its slices and worst examples can't be shown; its value counts as before",
    "events.jsonl": "some of its epochs are lost; its value counts as before",
}
"""What damage to each file of an ended run means."""


def examine_folders(layout: Layout, ledger: Ledger | None) -> list[Finding]:
    """Folders without a run, runs without a folder or a worker, and damaged files; nothing is changed."""
    if ledger is None:
        return [_unknown(orphans(layout, ()))]
    found = [_lost(layout, ledger), *_running(layout, ledger), *_damaged(layout, ledger)]
    return [_known(orphans(layout, ledger.runs), len(ledger.runs)), *(one for one in found if one)]


def _finding(name: str, state: State, text: str, command: str | None = None) -> Finding:
    return Finding(name=name, state=state, text=text, command=command)


# -- folders without a run ------------------------------------------------------------------------


def _unknown(found: list[Orphan]) -> Finding:
    whole = sum(one.whole for one in found)
    if not whole:
        return _finding("run folders", "ok", "none that a lost run could come back from")
    text = f"the backlog can't be read; runs that could come back from their folders: {whole}"
    return _finding("run folders", "ok", text)


def _known(found: list[Orphan], known: int) -> Finding:
    """What lies there that the backlog does not know, first what can be brought back."""
    live = [one for one in found if one.whole and may_live(one.folder)]
    whole = [one for one in found if one.whole and one not in live]
    rest = [one for one in found if not one.whole]
    if whole:
        text = f"{_several(whole)} hold a run that the backlog does not know, and can be brought back"
        return _finding("run folders", "warning", text, "planner doctor --rebuild")
    if live:
        text = (
            f"{_several(live)} hold a run that goes on and that the backlog does not know: let it end first"
        )
        return _finding("run folders", "warning", text)
    if rest:
        text = f"{_several(rest)} hold nothing that began or can be read; no run needs them"
        return _finding("run folders", "warning", text)
    return _finding("run folders", "ok", f"each belongs to one of {known} runs")


def _several(found: list[Orphan]) -> str:
    return f"{len(found)} of the folders, such as {found[0].folder.path},"


# -- runs without a folder, or without a worker ---------------------------------------------------


def _lost(layout: Layout, ledger: Ledger) -> Finding | None:
    ended = [run for run in ledger.runs.values() if run.ended_at and run.started_at]
    gone = [run.id for run in ended if not layout.run(run.id).path.is_dir()]
    if not gone:
        return None
    text = (
        f"runs that ended and whose folders are gone: {len(gone)}, such as {gone[0]}: their values count as "
        "before, their curves, logs and models are lost"
    )
    return _finding("lost run folders", "warning", text)


def _running(layout: Layout, ledger: Ledger) -> Iterator[Finding | None]:
    """Runs that are called running, where no dispatcher is alive that would know better."""
    running = [run for run in ledger.runs.values() if run.status == "running"]
    if not running or dispatcher_holds(layout):
        return
    for run in running:
        yield _of_running(run, layout.run(run.id))


def _of_running(run: Run, folder: RunFolder) -> Finding | None:
    host = claimed_elsewhere(folder)
    if host is not None:
        text = f"run {run.id} is at work on {host}, where alone it can be followed; dispatch from there"
        return _finding("running", "warning", text)
    if lives(folder):
        return None  # the dispatcher's own finding says that it waits for one
    text = (
        f"run {run.id} is called running and its worker is gone: the next dispatcher writes down how it ended"
    )
    return _finding("running", "warning", text, "planner dispatch --resume")


# -- damage ---------------------------------------------------------------------------------------


def _damaged(layout: Layout, ledger: Ledger) -> Iterator[Finding]:
    """One finding for each kind of file that is damaged in the folders of ended runs."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for run in ledger.runs.values():
        folder = layout.run(run.id)
        if run.ended_at and folder.path.is_dir():
            for name in _damaged_files(folder):
                counts[name] += 1
                first.setdefault(name, str(folder.path / name))
    for name, count in counts.items():
        text = f"{count} damaged, such as {first[name]}: {MEANS[name]}"
        yield _finding(f"{name} of runs", "warning", text)


def _damaged_files(folder: RunFolder) -> Iterator[str]:
    if folder.events.exists() and not folder.spec.exists():
        yield folder.spec.name
    looks: tuple[tuple[str, Callable[[], object]], ...] = (
        (folder.spec.name, folder.read_spec if folder.spec.exists() else lambda: None),
        (folder.context.name, folder.read_context),
        (folder.evaluation.name, folder.read_evaluation),
        (folder.events.name, lambda: _check_lines(folder)),
    )
    for name, look in looks:
        try:
            look()
        except (Mistake, OSError):
            yield name


def _check_lines(folder: RunFolder) -> None:
    """Mistake when a whole line of the events is no JSON object; a torn last one is no damage."""
    if folder.events.exists():
        lines = files.read(folder.events).split(b"\n")[:-1]
        if not all(line.startswith(b"{") and line.endswith(b"}") for line in lines):
            raise Mistake(f"{folder.events} is damaged")
