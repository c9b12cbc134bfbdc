"""The same world asked differently: more opinions, and other ladders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from benchmarks.foresight.attempt import Ladder
from benchmarks.foresight.world import World


class Variant(NamedTuple):
    """What differs from the world as it is; what is true of the ideas stays, and so does all luck."""

    name: str
    """What it is called in the table."""
    alter: Callable[[World], World] = lambda world: world
    """The world it happens in."""
    ladder: Ladder = Ladder()
    """The rungs."""


TWO_OPINIONS = "2 opinions, half their error shared"
"""The variant that a bar of the table is meant for."""
CHECK_SHARE = 0.02
"""What a check is assumed to cost, as a share of a full run: one batch."""

VARIANTS = (
    Variant(
        TWO_OPINIONS,
        lambda world: replace(world, opinions=min(2, world.people), shared_error=0.5),
    ),
    Variant("3 colleagues", lambda world: replace(world, people=3, opinions=3)),
    Variant("5 colleagues", lambda world: replace(world, people=5, opinions=5)),
    Variant("full runs alone: a bug costs one", ladder=Ladder(check=False)),
    Variant("check, full", ladder=Ladder(check_share=CHECK_SHARE)),
    Variant("check, small, full", ladder=Ladder(check_share=CHECK_SHARE, small=True)),
)
"""Compared with the world as it is: one opinion an idea, bugs found for nothing, full runs alone."""

ASSUMED = (
    "The ladder's numbers are assumptions, not measurements: a check costs "
    f"{CHECK_SHARE:.0%} of a full run, a small run {Ladder().small_share:.0%} with "
    f"{Ladder().small_noise:g} times the seed noise and the same true effect; one small run ends an idea "
    "only where the product's verdict rule calls it `worse`, and every new baseline pays for its small runs."
)
"""What the ladder variants rest on, for whoever reads the table."""
