"""Recipes with a planted bug, healthy ones beside them, and what the rung `check` must say of each."""

from tests.worker.planted import answers, gradients, params, steps
from tests.worker.planted.body import recipe
from tests.worker.planted.doubts import DOUBTS
from tests.worker.planted.healthy import HEALTHY

__all__ = ["BUGS", "DOUBTS", "HEALTHY", "recipe"]

BUGS = answers.BUGS | gradients.BUGS | steps.BUGS | params.BUGS
"""By name: the recipe's body, the question that must see the bug, and what its answer must say."""
