"""The complexity that an idea really added, measured from the code it ran on as it comes to its outcome."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Baseline
from planner.domain.run import RUNGS, Run
from planner.executors.diff import Code, changed_between, changed_on_branch
from planner.rules.judging.diffs import lines_touched, points, without_binaries
from planner.store import files
from planner.workspace.project import Project


class Between(NamedTuple):
    """Two states of the code, between which lies what an idea added."""

    before: Code
    """What the baseline ran on."""
    after: Code
    """What the idea ran on."""
    branch: bool
    """Whether it is a branch, which is measured since it left."""


def complexity_between(project: Path, between: Between) -> float | None:
    """Complexity 0 to 5 of what lies between, which may take minutes; None where git can't tell."""
    before, after, branch = between
    if branch:
        return _points(changed_on_branch(project, before.commit, after.commit))
    return _points(changed_between(project, before, after))


def code_added(project: Project, idea: Idea, ledger: Ledger, version: int) -> Between | None:
    """Where the code that an idea added to a version of the baseline lies; None where nobody can tell.

    A ref is measured since it left the code that the baseline ran on; what stands in the work tree, by the
    difference between the two states of it that ran. Params alone tell nothing: the code that reads them was
    there before.
    """
    change = idea.change
    if change.ref is None and not change.implemented:
        return None
    base = _code(project, _baseline_runs(ledger, version), _recorded(ledger, version))
    if base is None:
        return None
    own = [run for run in ledger.runs.values() if run.idea == idea.id and run.ref == change.ref]
    if change.ref is not None:
        head = _code(project, own, change.ref)
        return Between(base, head, branch=True) if head else None
    now = _code(project, own)
    if now is None or now == base:  # the baseline ran on this code too: what the idea added can't be seen
        return None
    return Between(base, now, branch=False)


def _points(numstat: bytes | None) -> float | None:
    return None if numstat is None else points(lines_touched(numstat))


def _recorded(ledger: Ledger, version: int) -> str | None:
    """The commit that the baseline itself names."""
    return next((one.commit for one in ledger.baselines if one.version == version), None)


def _baseline_runs(ledger: Ledger, version: int) -> list[Run]:
    """The runs that were made of a version of the baseline, the adopted idea's among them."""
    adopted = [one for one in ledger.baselines if one.version == version and one.adopted is not None]
    return [run for run in ledger.runs.values() if _is_of(run, version, adopted)]


def _is_of(run: Run, version: int, adopted: Iterable[Baseline]) -> bool:
    if run.idea is None:
        return run.baseline == version
    return any(run.idea == one.adopted and run.baseline == version - 1 for one in adopted)


def _code(project: Project, runs: Iterable[Run], otherwise: str | None = None) -> Code | None:
    """The code of the furthest and newest of the runs that says what it ran on; else the commit named."""
    finished = [run for run in runs if run.status == "finished" and run.rung in RUNGS]
    for run in sorted(finished, key=lambda run: (RUNGS.index(run.rung), run.queued_at), reverse=True):
        if (code := _code_of(project, run)) is not None:
            return code
    return None if otherwise is None else Code(otherwise)


def _code_of(project: Project, run: Run) -> Code | None:
    """What a run ran on, as its folder tells; None where it does not."""
    folder = project.layout.run(run.id)
    try:
        told = (folder.read_context() or {}).get("code")
        commit = told.get("commit") if isinstance(told, dict) else None
        if not isinstance(commit, str):
            return None
        patch = files.read(folder.patch) if isinstance(told, dict) and told.get("patch") else b""
    except (OSError, Mistake):
        return None
    return Code(commit, without_binaries(patch))
