"""Making a run once more from its records: the code, the params and the seed that it had."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.domain.ledger import Ledger
from planner.domain.mistake import Failed, Mistake, NothingToDo
from planner.domain.run import LIVE, Run
from planner.executors.diff import Code, can_be_made
from planner.executors.refs import commit_of, submodules
from planner.provenance.patch import CUT
from planner.rules.judging.diffs import is_code, without_binaries
from planner.rules.judging.replaying import Replayed, differences, replayed
from planner.store import files
from planner.store.runfolder import RunFolder
from planner.store.withheld import lost
from planner.workspace.lookup import find_run
from planner.workspace.project import Project
from planner.workspace.queue import new_run_id

SHORT = 10
"""Characters of a commit that are told."""
FIRST = 0.0
"""The place in the queue: before what climbs by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a replay has to tell."""

    replayed: Replayed
    """How it came out."""
    differs: tuple[str, ...]
    """What it ran on that is not the same, a few words each."""


def replay(project: Project, name: str) -> Run:
    """Queue a run once more as it was recorded, nobody's evidence; a Mistake says what its records lack."""
    run = find_run(project.store.read().runs, name)
    _check_ended(run)
    if (lacks := lost(run.params)) is not None:
        raise Mistake(
            f"run {run.id} can't be replayed: its param {lacks} held a secret, which run folders do not keep"
        )
    try:
        commit = recorded_code(project, project.layout.run(run.id)).commit
    except Mistake as mistake:
        raise type(mistake)(f"run {run.id} can't be replayed: {mistake}") from None
    with project.store.transaction(f"replay run {run.id}", by=project.who) as tables:
        number = 1 + max((int(one.id.split("-")[0][1:]) for one in tables.all(Run)), default=0)
        return tables.put(
            Run(
                id=new_run_id(number),
                idea=run.idea,
                baseline=run.baseline,
                rung=run.rung,
                seed=run.seed,
                params=run.params,
                queued_at=project.now(),
                order=FIRST,
                ref=run.ref,
                commit=commit,
                step=run.step,
                config=run.config,
                rung_params=run.rung_params,
                fraction=run.fraction,
                replay_of=run.id,
            )
        )


def recorded_code(project: Project, folder: RunFolder) -> Code:
    """The code that a run ran, as its folder has it; a Mistake where that is not all there."""
    folder.read_spec()
    context = folder.read_context()
    code = context.get("code") if context else None
    if not isinstance(code, dict):
        raise Mistake(
            "it did not write down which code it ran, as outside git or where git does not read it in time"
        )
    commit = code.get("commit")
    if not isinstance(commit, str):
        raise Mistake("its repository had no commit yet")
    try:
        commit_of(project.layout.project, commit)
    except Failed:
        raise
    except Mistake as mistake:
        raise type(mistake)(f"its commit {commit[:SHORT]} is not there any more ({mistake})") from None
    found = Code(commit, _patch(folder, code))
    fits = not found.patch or can_be_made(project.layout.project, found)
    if fits is None:
        raise Failed("git does not say in time whether its uncommitted changes fit on its commit; try again")
    if not fits:
        raise Mistake(
            f"the uncommitted changes in {folder.patch} no longer fit on commit {commit[:SHORT]}, "
            "as after a secret was left out of them"
        )
    return found


def told(project: Project, again: Run) -> Told:
    """How a replay came out, and what it ran on that is not the same."""
    ledger = project.store.read()
    said = replayed(again, ledger, project.settings.goal)
    if again.status in LIVE:
        return Told(replayed=said, differs=tuple(_elsewhere(project, again)))
    return Told(replayed=said, differs=(*_of_the_run(project, again, ledger), *_differs(project, again)))


def _check_ended(run: Run) -> None:
    if run.replay_of is not None:
        raise NothingToDo(f"run {run.id} is a replay itself: `planner replay {run.replay_of}` makes another")
    if run.status in LIVE:
        raise NothingToDo(f"run {run.id} is {run.status}: it has not ended yet")
    if run.status not in ("finished", "failed"):
        raise Mistake(
            f"run {run.id} {run.cause or run.status}, so there is no result to reproduce; "
            f"`planner requeue {run.id}` tries it again"
        )


def _patch(folder: RunFolder, code: dict[str, Any]) -> bytes:
    """The uncommitted changes, without binary files; a Mistake where they are not all there."""
    if not code.get("patch"):
        if code.get("dirty") and not code.get("left_out"):
            raise Mistake("it ran with uncommitted changes that were not kept")
        return b""
    try:
        patch = files.read(folder.patch)
    except OSError:
        raise Mistake(f"its uncommitted changes are not in {folder.patch} any more") from None
    if CUT in patch:
        raise Mistake("its uncommitted changes were longer than what is kept of them")
    return without_binaries(patch)


def _of_the_run(project: Project, again: Run, ledger: Ledger) -> list[str]:
    """What the first run had, or did, and its records can't give back."""
    first = ledger.runs.get(again.replay_of or "")
    found = []
    if first is not None and first.resumed_from:
        found.append(f"{first.id} went on from epoch {first.inherited} of {first.resumed_from}")
    code = (_context(project, again.replay_of or "").get("code")) or {}
    lost = [name for name in code.get("left_out") or () if is_code(name)]
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        found.append(f"{lost[0]}{more} had changes that were not kept: too large, no text, or a secret")
    return [*found, *_elsewhere(project, again)]


def _elsewhere(project: Project, again: Run) -> Iterator[str]:
    """What the first run found in the work tree, and a checkout has not got."""
    with contextlib.suppress(Mistake):  # what is damaged does not say
        if project.layout.run(again.replay_of or "").read_spec().commit is not None:
            return  # it ran in a checkout itself
        if folders := submodules(project.layout.project, again.commit or "HEAD"):
            empty = "is empty" if len(folders) == 1 else "are empty"
            yield f"submodules are not checked out for a replay: {', '.join(folders)} {empty} there"


def _differs(project: Project, again: Run) -> tuple[str, ...]:
    return differences(_context(project, again.replay_of or ""), _context(project, again.id))


def _context(project: Project, run_id: str) -> dict[str, Any]:
    try:
        return project.layout.run(run_id).read_context() or {}
    except (Mistake, OSError):
        return {}
