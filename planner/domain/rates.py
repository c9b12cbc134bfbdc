"""What a search for the learning rate has found."""

from __future__ import annotations

from planner.domain.fact import fact


@fact
class Rates:
    """The loss under a learning rate that grows step by step, and what follows from it."""

    points: tuple[tuple[float, float, float], ...]
    """By step: the rate, the loss of the batch, the smoothed loss; NaN and infinity included."""
    rate: float | None = None
    """The rate that is suggested, amid the two below; None where the loss falls at none."""
    lowest: float | None = None
    """The lowest rate worth trying."""
    highest: float | None = None
    """The highest."""
    steepest: float | None = None
    """The rate at which the loss falls fastest."""
    minimum: float | None = None
    """The rate at which it is lowest."""
    diverged: bool = False
    """Whether the loss had grown far enough to stop there."""
    now: float | None = None
    """The rate of the recipe's own optimiser, of a schedule its highest; None where it does not say."""
    says: str = ""
    """All of that in one sentence."""
