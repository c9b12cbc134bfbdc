"""One person's four numbers for an idea."""

from __future__ import annotations

from dataclasses import field

from planner.domain.fact import fact


@fact
class Estimate:
    """What one person expects of one idea; a criterion nobody stated is None."""

    by: str
    """Who says so."""
    at: str
    """When it was said, UTC, ISO 8601."""
    hours: float | None = None
    """Hours to implement; above 0."""
    complexity: float | None = None
    """Complexity added to the code base, 0 (config only) to 5 (more than 1,000 lines)."""
    impact: float | None = None
    """Signed change of the goal's metric if it works: in its unit, or as a share of the baseline's value."""
    relative: bool = False
    """Whether `impact` is a share of the baseline's value instead of the metric's own unit."""
    likelihood: float | None = None
    """Chance, 0 to 1, that it beats the baseline by at least the minimum effect."""
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Lowest and highest of a criterion said as a range, in its own unit; the field itself has its middle."""
