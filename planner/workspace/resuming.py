"""Where a run can go on with a training that broke off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import Run
from planner.rules.judging.comparison import code_of, current_baseline, expected_code, expected_params
from planner.rules.judging.unfinished import unfinished_like
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.workspace.project import Project


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that has kept something to go on from."""

    run: str
    """Its id."""
    epoch: int
    """The last epoch that need not be trained again; 0 where only its recipe knows."""


def kept_for(run: Run, runs: Iterable[Run], layout: Layout) -> Kept | None:
    """The newest broken-off run of the same kind that kept something; None when there is none.

    Whether code and data are still the same is for the worker to see, who has them at hand.
    """
    for earlier in unfinished_like(run, runs):
        try:
            marker = layout.run(earlier.id).read_marker()
        except (Mistake, OSError):
            return Kept(earlier.id, 0)  # so that the worker says what is wrong with it
        if marker is not None and (marker.file or _has_artefacts(layout.run(earlier.id))):
            return Kept(earlier.id, marker.epoch)
    return None


def going_on(project: Project, run: Run) -> str:
    """Where an ended run goes on when it is tried again: ` from epoch 12 of r3-9fb2`; empty for nowhere."""
    ledger = project.store.read()
    kept = kept_for(run, ledger.runs.values(), project.layout) if _same_again(run, ledger) else None
    if kept is None:
        return ""
    return f" from epoch {kept.epoch} of {kept.run}" if kept.epoch else f" from what {kept.run} has kept"


def _same_again(run: Run, ledger: Ledger) -> bool:
    """Whether the run's idea would run the same now."""
    idea = ledger.ideas.get(run.idea) if run.idea is not None else None
    baseline = current_baseline(ledger)
    if baseline is None or (idea is None and run.idea is not None):
        return False
    params = expected_params(idea, baseline) if idea else baseline.params
    ref, commit = expected_code(idea, baseline) if idea else code_of(baseline)
    return run.params == params and run.ref == ref and (commit is None or run.commit == commit)


def _has_artefacts(folder: RunFolder) -> bool:
    return folder.artefacts.is_dir() and any(folder.artefacts.iterdir())
