"""What the rungs `check` and `tiny` ask, by the names that `skip` in planner.toml may hold."""

from __future__ import annotations

CHECK = (
    "test", "forward pass", "labels", "probabilities", "loss", "examples", "batch loss", "loss sign",
    "gradients", "frozen layers", "numerical gradients", "fit", "training step", "score", "params", "metric",
    "right answers",
)  # fmt: skip
"""The questions of the rung `check` that may be skipped, in the order in which they are asked."""
TINY = ("overfit", "labels")
"""Those of the rung `tiny`."""
QUESTIONS = {"check": CHECK, "tiny": TINY}
"""By rung; the others ask nothing."""

TINY = ("overfit", "labels")
"""The questions of the rung `tiny`, likewise."""
