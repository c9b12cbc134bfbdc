"""When garbage is collected: not before the ideas are on the screen, and never in what was loaded by then."""

from __future__ import annotations

import gc


def leave() -> None:
    """Collect nothing for now: whatever is made until the first view stays."""
    gc.disable()


def keep_for_good() -> None:
    """Collect garbage from now on, and never again look through what was loaded to begin with."""
    gc.freeze()
    gc.enable()
