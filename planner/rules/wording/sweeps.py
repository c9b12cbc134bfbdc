"""A sweep in words: what it searches, what it tried, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.sweep import Part, Sweep, Tried
from planner.rules.notation.axis import as_typed, values_typed
from planner.rules.sweeping.best import told
from planner.rules.sweeping.planned import planned

METHODS = {"grid": "grid", "random": "random", "tpe": "TPE"}
"""The methods as a sentence names them."""


def sweep_in_words(sweep: Sweep) -> str:
    """A sweep in a line, such as `sweep lr=0.0001..0.1 × width=32,64 (nuisance): TPE, 30 configurations`."""
    axes = " × ".join(as_typed(axis) + (" (nuisance)" if axis.nuisance else "") for axis in sweep.axes)
    many = planned(sweep)
    configurations = "configuration" if many == 1 else "configurations"
    fewer = f" (there are no more than that; {sweep.configs} were asked for)" if many < sweep.configs else ""
    again = f", round {sweep.round}" if sweep.round > 1 else ""
    return f"sweep {axes}: {METHODS[sweep.method]}, {many} {configurations}{fewer}{again}"


def parts(sweep: Sweep | None) -> dict[str, str]:
    """What a sweep consists of, each by its name; empty without one."""
    if sweep is None:
        return {}
    axes = {axis.name: values_typed(axis) + (" (nuisance)" if axis.nuisance else "") for axis in sweep.axes}
    return {**axes, "method": METHODS[sweep.method], "configurations": str(sweep.configs)}


def values_in_words(values: dict[str, object]) -> str:
    """A configuration in a line, such as `lr 0.01, width 64`."""
    return ", ".join(f"{name} {told(value)}" for name, value in values.items())


def standing(tried: Sequence[Tried], sweep: Sweep) -> str:
    """How far a sweep is: `12 of 30 configurations tried, 2 of them failed, 1 running`."""
    here = [one for one in tried if one.number >= sweep.since]
    ended = [one for one in here if one.state not in ("queued", "running", "stopped")]
    failed = sum(one.value is None for one in ended)
    live = sum(one.state == "running" for one in here)
    earlier = len(tried) - len(here)
    parts = [f"{len(ended)} of at most {planned(sweep)} configurations tried"]
    parts += [f"{failed} of them failed"] if failed else []
    parts += [f"{live} running"] if live else []
    parts += [f"{earlier} of earlier rounds known"] if earlier else []
    return ", ".join(parts)


def of_interest(parts: Iterable[Part], sweep: Sweep) -> list[Part]:
    """The parts along the params that somebody asks about."""
    nuisance = {axis.name for axis in sweep.axes if axis.nuisance}
    return [part for part in parts if part.axis not in nuisance]
