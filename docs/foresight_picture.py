"""`python -m docs.foresight_picture [FIGURES]`: draw what `benchmarks.foresight --json` has found.

With a file of figures, those that the picture needs are kept beside it first.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
KEPT = HERE / "foresight.json"
PICTURE = HERE / "pictures" / "foresight.svg"
WORLDS = ("solo", "team", "messy", "contrary", "noise")
"""The panels, from left to right."""
POLICIES = ("random", "FIFO", "fastest", "WSJF", "RICE", "ICE", "stated value per hour", "the product")
"""The rows, from top to bottom."""
OURS = POLICIES[-1]
END = "share at 480 h"
LEFT, TOP, PANEL, GAP, ROW = 150, 56, 150, 18, 24
"""Pixels: room for the names, for the titles, a panel's width, between panels, a row's height."""
LEAST, MOST = 0.3, 1.0
"""Ends of every panel's axis, in shares of the oracle's gain."""
INK, FAINT, ACCENT = "#333333", "#b8b8b8", "#0b6e99"
FONT = "font-family='system-ui, sans-serif' font-size='12'"


class Share(NamedTuple):
    """A share of the oracle's gain with its 95 % interval."""

    value: float
    low: float
    high: float


def main(figures: Path | None) -> None:
    """Keep the figures, if there are new ones, and draw."""
    if figures is not None:
        KEPT.write_text(json.dumps(needed(json.loads(figures.read_text())), indent=1) + "\n")
    PICTURE.write_text(drawn(json.loads(KEPT.read_text())))


def needed(found: dict) -> dict:
    """The shares of every policy in every world, and what they rest on."""
    shares = {world: {policy: found["worlds"][world][policy][END] for policy in POLICIES} for world in WORLDS}
    return {"replicates": found["replicates"], "seed": found["seed"], "worlds": shares}


def drawn(kept: dict) -> str:
    """The picture: a panel for each world, in it a dot and its interval for each policy."""
    height = TOP + ROW * len(POLICIES) + 34
    width = LEFT + len(WORLDS) * (PANEL + GAP)
    parts = [f"<rect width='{width}' height='{height}' fill='#ffffff'/>"]
    parts += [label(LEFT - 10, row_of(policy) + 4, policy, "end", policy) for policy in POLICIES]
    for place, world in enumerate(WORLDS):
        shares = {policy: Share(**kept["worlds"][world][policy]) for policy in POLICIES}
        parts += panel(LEFT + place * (PANEL + GAP), world, shares)
    says = (
        f"share of the informed oracle's gain after 480 working hours; {kept['replicates']:,} programmes "
        "a world, bars: 95 %"
    )
    parts.append(label(LEFT, height - 10, says, "start"))
    inside = "\n".join(parts)
    size = f"width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} {FONT}>\n{inside}\n</svg>\n"


def panel(left: int, world: str, shares: dict[str, Share]) -> list[str]:
    """One world: its name, its axis, its dots."""
    bottom = TOP + ROW * len(POLICIES) - 6
    lines = [label(left, TOP - 30, world, "start", OURS)]
    for share in (0.4, 0.6, 0.8, 1.0):
        x = along(left, share)
        lines.append(f"<path d='M{x:.1f} {TOP - 8}V{bottom}' stroke='#ececec'/>")
        lines.append(label(x, TOP - 13, f"{share:g}", "middle"))
    return lines + [mark for policy, share in shares.items() for mark in dot(left, policy, share)]


def dot(left: int, policy: str, share: Share) -> list[str]:
    """A policy's share: its interval, its dot, and its number."""
    y, colour = row_of(policy), ACCENT if policy == OURS else INK
    low, high = along(left, share.low), along(left, share.high)
    x = along(left, share.value)
    return [
        f"<path d='M{low:.1f} {y}H{high:.1f}' stroke='{colour}' stroke-width='2'/>",
        f"<circle cx='{x:.1f}' cy='{y}' r='{5 if policy == OURS else 3.5}' fill='{colour}'/>",
        label(max(high, x) + 6, y + 4, f"{share.value:.2f}".lstrip("0"), "start", policy),
    ]


def along(left: int, share: float) -> float:
    """Where a share stands in a panel, in pixels."""
    held = min(MOST, max(LEAST, share))
    return left + (PANEL - 30) * (held - LEAST) / (MOST - LEAST)


def row_of(policy: str) -> int:
    """The middle of a policy's row, in pixels."""
    return TOP + ROW * POLICIES.index(policy) + 6


def label(x: float, y: float, text: str, anchor: str, policy: str = "") -> str:
    """A line of text; bold where it is about the product."""
    weight = " font-weight='700'" if policy == OURS else ""
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<text x='{x:.1f}' y='{y}' fill='{INK}' text-anchor='{anchor}'{weight}>{shown}</text>"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
