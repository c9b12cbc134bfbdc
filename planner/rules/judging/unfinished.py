"""Which earlier runs tried the same and did not come to their end."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.run import Run, RunStatus

BROKEN_OFF: tuple[RunStatus, ...] = ("stopped", "crashed", "failed")
"""States of a run that began and has no result."""


def unfinished_like(run: Run, runs: Iterable[Run]) -> list[Run]:
    """The broken-off runs of the same rung, seed, params and code since the last that finished, newest first.

    `runs` are oldest first, as the ledger has them; the run itself is among the answers if it broke off.
    """
    found: list[Run] = []
    for other in reversed(list(runs)):
        if _what(other) != _what(run):
            continue
        if other.status == "finished":
            break
        if other.status in BROKEN_OFF and not other.struck:
            found.append(other)
    return found


def _what(run: Run) -> tuple[object, ...]:
    return run.idea, run.rung, run.step, run.seed, run.ref, run.params, run.replay_of
