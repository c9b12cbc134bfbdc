"""The `planner.toml` that a new project begins with."""

from __future__ import annotations

from planner.store import encoding

_TEXT = """\
# What the planner needs to know of this project. Every other key has a default;
# `planner config schema` lists them all.

[goal]
metric = {metric}
direction = {direction}
# The smallest gain worth keeping, in the metric's own unit.
minimum_effect = {minimum_effect}
# The value that is good enough.
{target}

[recipe]
# module:function in this folder: takes the params, returns a planner.Trial.
# Or command = ["python", "train.py", "--lr", "{{lr}}"] for a script that writes its metrics as JSON lines.
{entry}
# Files whose fingerprint counts as the data set's.
# data = ["data/*.npz"]

[baseline]
# The params that ideas are compared with.
params = {{}}

# A cheap run of each idea beside the baseline, before any in full: it ends what is clearly worse.
# Params that make it cheap, or a share of the training data.
# [rungs.small]
# params = {{ epochs = 5 }}
# fraction = 0.2

[rungs.full]
seeds = 5

[dispatch]
executor = "local"
# One run for each free GPU, one on a box without.
slots = "auto"

[score]
# What an hour of GPU costs in hours of a person.
gpu_hour = 0.25
"""


def text(
    *, entry: str | None, metric: str, direction: str, minimum_effect: float, target: float | None
) -> str:
    """The file's text; what is not known yet stands there as a comment."""
    return _TEXT.format(
        metric=_quoted(metric),
        direction=_quoted(direction),
        minimum_effect=float(minimum_effect),
        target="# target = 0.99" if target is None else f"target = {float(target)}",
        entry='# entry = "experiment:build"' if entry is None else f"entry = {_quoted(entry)}",
    )


def _quoted(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's too, but for one."""
    return encoding.dump(value).decode().replace("\x7f", "\\u007f")
