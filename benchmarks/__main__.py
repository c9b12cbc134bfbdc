"""`python -m benchmarks [NAME…]`: everything that must be fast, beside what it is compared with."""

from __future__ import annotations

import importlib
import platform
import sys

NAMES = ("start_up", "first_paint", "repaint", "rules", "first_batch", "monitoring", "ladder")
"""The benchmarks, in the order they run; each module has a `main()` that prints its lines."""


def main(names: list[str]) -> None:
    """Run the benchmarks named, or all of them."""
    print(
        f"Python {platform.python_version()}, {platform.machine()}; medians; ratios are measured side by side"
    )
    for name in names or NAMES:
        print(f"\n{name.replace('_', ' ')}")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
