"""A planner for deep-learning experiments in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.by_layer import layer_rates
    from planner.trial import Trial

__all__ = ["Trial", "layer_rates"]


def __getattr__(name: str) -> Any:
    """Load what a recipe asks for only then, so that nothing else pays for it."""
    if name == "Trial":
        from planner.trial import Trial

        return Trial
    if name == "layer_rates":
        from planner.by_layer import layer_rates

        return layer_rates
    raise AttributeError(f"module 'planner' has no attribute {name!r}")
