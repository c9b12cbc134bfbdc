"""A search over several params at once, which belongs to one idea and comes to one verdict."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from planner.domain.fact import fact

Method = Literal["grid", "random", "tpe"]
"""How configurations are chosen: all of a grid, drawn at random, or by what the earlier ones came to."""
METHODS: tuple[Method, ...] = ("grid", "random", "tpe")
"""The methods, simplest first."""

End = Literal["lowest", "highest"]
"""Which end of what was tried."""

Configuration = dict[str, object]
"""One value for every axis of a sweep, by the param's name; JSON values."""

State = Literal["queued", "running", "finished", "diverged", "failed", "crashed", "stopped"]
"""Where a configuration stands; `diverged`: it ended without a usable value of the goal's metric."""


@fact
class Axis:
    """One param and the values it may take: some choices, or a range."""

    name: str
    """The param."""
    choices: tuple[object, ...] = ()
    """The values to choose from, JSON values; empty where it is a range."""
    low: float | None = None
    """The smallest value of a range; None where there are choices."""
    high: float | None = None
    """The largest value of a range, not below `low`."""
    log: bool = False
    """Whether equal factors count as equal steps; both ends are then above 0."""
    whole: bool = False
    """Whether its values are whole numbers."""
    step: float | None = None
    """What its values lie apart, counted from `low`; None for any value between the ends."""
    points: int | None = None
    """How many values of the range a grid takes; None where the number of configurations decides."""
    nuisance: bool = False
    """Whether nobody asks which value is best, and it is searched only to be fair to the other params."""


@fact
class Sweep:
    """The axes, how they are searched, and how far."""

    axes: tuple[Axis, ...]
    """One for each param, at least one."""
    method: Method = "random"
    """How configurations are chosen."""
    configs: int = 20
    """At most this many configurations in the newest round."""
    seed: int = 0
    """What the random choices follow from."""
    round: int = 1
    """How often the ranges were chosen, counted from 1."""
    since: int = 0
    """Number of the first configuration of the newest round; those before it stay known."""

    @property
    def names(self) -> tuple[str, ...]:
        """The params it searches over."""
        return tuple(axis.name for axis in self.axes)


@fact
class Tried:
    """One configuration as the ledger knows it."""

    number: int
    """Its number within its idea, from 0."""
    values: Configuration
    """Its value on each axis."""
    state: State
    """Where it stands."""
    run: str
    """The newest run that tried it."""
    value: float | None = None
    """The goal's metric; None without a usable one."""
    cause: str = ""
    """Why it has no value, in a sentence."""


@fact
class Chosen:
    """The configuration that a sweep's verdict is about."""

    config: int
    """Its number."""
    params: Configuration
    """Its value on each axis."""
    value: float
    """The goal's metric that made it the best, in the metric's own unit."""
    rung: str
    """The rung that chose it."""
    tried: int
    """How many configurations were tried against the same baseline, this one among them."""
    failed: int = 0
    """How many of them came to no value."""
    edges: dict[str, End] = field(default_factory=dict)
    """Its params whose number was the lowest or the highest of several tried: better may lie beyond."""


@fact
class Part:
    """One value of an axis, or one stretch of a range, with what was tried there."""

    axis: str
    """The param."""
    label: str
    """The value, or the ends of the stretch, as a person would type them."""
    tried: int
    """How many configurations were tried there."""
    best: float | None = None
    """The best value of the goal's metric there, over all other params; None before there is one."""
    config: int | None = None
    """The configuration that has it."""
