"""What the rung `check` asks, by the names that `skip` in planner.toml may hold."""

from __future__ import annotations

CHECK = (
    "test", "forward pass", "labels", "probabilities", "loss", "batch loss", "examples", "gradients",
    "frozen layers", "numerical gradients", "training step", "fit", "score", "params", "metric",
)  # fmt: skip
"""The questions of the rung `check` that may be skipped, in the order in which they are asked."""
