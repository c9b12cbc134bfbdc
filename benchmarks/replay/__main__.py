"""`python -m benchmarks.replay [--json] [FILE…]`: how well P is known before each outcome of real logs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.replay.logs import read
from benchmarks.replay.report import (
    DEFINITIONS,
    Average,
    Replayed,
    average,
    lines_of,
    lines_of_average,
    replay,
)
from planner.domain.mistake import Mistake

SHIPPED = Path(__file__).parent.parent / "data" / "ideas"
"""The public logs that are replayed when no file is named; where they come from is said beside them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the replay of the files named; 0, or 1 when one of them is no log."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a log as CSV; none: all shipped")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    asked = parser.parse_args(arguments)
    try:
        replayed = [replay(read(path)) for path in asked.files or sorted(SHIPPED.glob("*.csv"))]
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    told = _document if asked.json else _text
    print(told(replayed, average(replayed)))
    return 0


def _text(replayed: Sequence[Replayed], together: Average) -> str:
    parts = [DEFINITIONS, *["\n".join(lines_of(each)) for each in replayed]]
    return "\n\n".join([*parts, "\n".join(lines_of_average(together, len(replayed)))])


def _document(replayed: Sequence[Replayed], together: Average) -> str:
    logs = [
        {
            "log": each.log.name,
            "ideas": len(each.log.tried),
            "kept": each.log.share_kept,
            "passed_over": each.log.passed_over,
            "marks": {name: asdict(found) for name, found in each.marks.items()},
        }
        for each in replayed
    ]
    held = [{**asdict(duel), "holds": duel.holds} for duel in together.duels]
    return json.dumps({"logs": logs, "average": {**asdict(together), "duels": held}}, indent=2)


if __name__ == "__main__":
    sys.exit(main())
