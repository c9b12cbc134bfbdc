"""Many replicates under many policies, spread over processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.foresight.attempt import Ladder
from benchmarks.foresight.policies import make_policy
from benchmarks.foresight.programme import Programme
from benchmarks.foresight.replicate import make_replicate
from benchmarks.foresight.summary import Summary, summarise
from benchmarks.foresight.world import World

Table = dict[str, list[Summary]]
"""By policy, one summary a replicate, in the order of the replicates."""


class Effort(NamedTuple):
    """How much is simulated, and by how many."""

    replicates: int
    """Draws of each world."""
    seed: int
    """What all luck depends on, together with a replicate's number."""
    processes: int
    """How many work at it; the figures do not depend on it."""


def simulate(
    world: World, policies: Sequence[str], effort: Effort, ladder: Ladder | None = None, *, says: str = ""
) -> Table:
    """Every policy on every replicate; `says` names the work where progress is shown."""
    table: Table = {policy: [] for policy in policies}
    one = partial(replicate_under, world, tuple(policies), effort.seed, ladder or Ladder())
    for number, summaries in enumerate(_in_processes(one, effort), start=1):
        for policy, summary in zip(policies, summaries, strict=True):
            table[policy].append(summary)
        _progress(says, number, effort.replicates)
    return table


def replicate_under(
    world: World, policies: Sequence[str], seed: int, ladder: Ladder, number: int
) -> tuple[Summary, ...]:
    """One replicate under each policy, all with the same luck."""
    replicate = make_replicate(world, seed, number)
    runs = ((policy, Programme(replicate, ladder)) for policy in policies)
    return tuple(summarise(run.run(make_policy(policy, replicate)), replicate.said) for policy, run in runs)


def _in_processes(one: partial[tuple[Summary, ...]], effort: Effort) -> Iterator[tuple[Summary, ...]]:
    """The replicates in order."""
    numbers = range(effort.replicates)
    if effort.processes == 1:
        yield from map(one, numbers)
        return
    with ProcessPoolExecutor(effort.processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(one, numbers)


def _progress(says: str, number: int, of: int) -> None:
    """One line on standard error that is written over, where somebody may look."""
    if says and (number % 10 == 0 or number == of):
        end = "\n" if number == of else ""
        sys.stderr.write(f"\r{says}: {number} of {of}{end}")
        sys.stderr.flush()
