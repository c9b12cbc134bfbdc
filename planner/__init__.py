"""A planner for deep-learning experiments in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.trial import Trial

__all__ = ["Trial"]


def __getattr__(name: str) -> Any:
    """Load `Trial` when a recipe asks for it, so that nothing else pays for it."""
    if name == "Trial":
        from planner.trial import Trial

        return Trial
    raise AttributeError(f"module 'planner' has no attribute {name!r}")
