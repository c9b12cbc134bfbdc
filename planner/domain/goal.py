"""What the project is trying to reach, and the smallest step worth keeping."""

from __future__ import annotations

from typing import Literal

from planner.domain.fact import fact

Direction = Literal["max", "min"]


@fact
class Goal:
    """One metric, its good direction, the value that is good enough and the smallest gain worth keeping."""

    metric: str
    """A key of Keras's logs, or of what the recipe reports, such as `val_accuracy`."""
    direction: Direction = "max"
    """Whether more of the metric is better (`max`) or less (`min`)."""
    minimum_effect: float = 0.002
    """1 MEI: the smallest gain worth keeping, in the metric's own unit; above 0."""
    target: float | None = None
    """The value that is good enough, in the metric's own unit."""

    @property
    def sign(self) -> int:
        """+1 when more is better, -1 when less is."""
        return 1 if self.direction == "max" else -1

    def mei(self, change: float) -> float:
        """A signed change of the metric as gain in MEI; good is positive."""
        return self.sign * change / self.minimum_effect

    def reached(self, value: float) -> bool:
        """Whether `value` of the metric is good enough; never without a target."""
        return self.target is not None and self.sign * (value - self.target) >= 0
