"""One draw of a world, which every policy meets alike."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.foresight.people import Said, ask
from benchmarks.foresight.truth import Luck, Truth, draw
from benchmarks.foresight.world import World
from planner.domain.idea import Idea


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicate:
    """A world's ideas with their luck, and what was said of them."""

    world: World
    """What it was drawn from."""
    truth: Truth
    """What is true of the ideas."""
    ideas: tuple[Idea, ...]
    """The ideas as the product holds them, in order of arrival, numbered from 1."""
    said: Said
    """What was said of them, in the middle of those who spoke."""


def make_replicate(world: World, seed: int, number: int) -> Replicate:
    """The replicate of this number; the same for every policy, and whatever else is drawn."""
    luck = Luck(seed, number)
    truth = draw(world, luck)
    ideas, said = ask(world, truth, luck)
    return Replicate(world=world, truth=truth, ideas=ideas, said=said)
