"""Secrets among what a run is told: its folder never holds them, its worker gets them in its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planner.domain.mistake import Mistake
from planner.domain.run import Spec
from planner.domain.sweep import Sweep
from planner.store import encoding
from planner.store.redact import REDACTED, redacted, redacted_arguments, without_secrets

VARIABLE = "PLANNER_WITHHELD"
"""The environment variable with what spec.json leaves out, as JSON; the worker takes it away at once."""


def without(spec: Spec) -> Spec:
    """The spec as it may be written down, with `withheld` where the worker needs more than that."""
    params = dict(_plainly(spec.params))
    beside = None if spec.beside is None else dict(_plainly(spec.beside))
    baseline = None if spec.baseline_params is None else dict(_plainly(spec.baseline_params))
    command = None if spec.command is None else tuple(redacted_arguments(spec.command))
    left_out = (params, beside, command) != (
        encoding.plain(spec.params), encoding.plain(spec.beside), spec.command,
    )  # fmt: skip
    return replace(
        spec,
        params=params,
        beside=beside,
        baseline_params=baseline,
        command=command,
        title=without_secrets(spec.title),
        hypothesis=without_secrets(spec.hypothesis),
        category=without_secrets(spec.category),
        tags=tuple(without_secrets(tag) for tag in spec.tags),
        sweep=_told(spec.sweep),
        withheld=spec.withheld or left_out,
    )


def environment(
    params: Mapping[str, object],
    command: tuple[str, ...] | None,
    beside: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """What a worker needs in its environment beside its folder; nothing where there is no secret."""
    told = {"params": dict(params), "beside": None if beside is None else dict(beside)}
    same = command is None or tuple(redacted_arguments(command)) == command
    if same and redacted(encoding.plain(told)) == encoding.plain(told):
        return {}
    return {VARIABLE: encoding.dump({**encoding.plain(told), "command": command}).decode()}


def whole(spec: Spec) -> Spec:
    """The spec with what its folder leaves out; Mistake when the environment does not hold it."""
    told = os.environ.pop(VARIABLE, None)
    if not spec.withheld:
        return spec
    if told is None:
        raise Mistake(
            f"run {spec.run} was told a secret, which its folder does not hold: start it with the planner "
            "(`planner requeue`), or let the recipe read the secret from the environment"
        )
    found = encoding.load(told.encode())
    command = found["command"]
    return replace(
        spec,
        params=found["params"],
        beside=found["beside"],
        command=None if command is None else tuple(command),
    )


def restored(written: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    """Params with the values that were left out of them, where `known` has them still."""
    seen = {name: redacted(encoding.plain(value), f".{name}") for name, value in known.items()}
    return {
        name: known[name] if name in known and seen[name] == value else value
        for name, value in written.items()
    }


def lost(params: Mapping[str, object]) -> str | None:
    """The first param that came back from a run folder without the secret in it; None where all are whole."""
    return next((name for name, value in params.items() if _lacks(value)), None)


def _lacks(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_lacks, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_lacks, value))
    return isinstance(value, str) and REDACTED in value


def _told(sweep: Sweep | None) -> Sweep | None:
    """A sweep that chooses from no secret; no other is written down, not in part either."""
    choices = {axis.name: list(axis.choices) for axis in sweep.axes} if sweep else {}
    return sweep if _plainly(choices) == encoding.plain(choices) else None


def _plainly(params: Mapping[str, object]) -> Any:
    return redacted(encoding.plain(dict(params)))
