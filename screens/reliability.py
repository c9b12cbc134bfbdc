"""What was said against what happened, each bin of chances on a line of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from planner.domain.record import Bin, GroupRecord
from planner.rules.wording.numbers import chance
from screens.text import fit

NAME, IDEAS, WORDS = 16, 4, 26
"""Cells of a bin's name, of how many ideas it holds, and of the two numbers in words."""
SAID, REAL, BOTH = "○", "●", "◉"
"""Where the mean chance lies, where what happened lies, and both in one place."""
WIDEST = 61
"""Cells the scale takes at most."""


def reliability(group: GroupRecord, who: str, width: int) -> Iterator[Content]:
    """People's chances and the planner's as two plots over one scale; nothing before there are any bins."""
    plots = ((f"{fit(who, NAME).rstrip()} said", group.stated.bins), ("the planner said", group.planner.bins))
    scale = min(WIDEST, width - NAME - IDEAS - WORDS - 2)
    if scale < 11 or not any(bins for _, bins in plots):
        return
    yield Content.assemble(
        fit("", NAME + IDEAS + 1), _axis(scale), (f"  {SAID} said  {REAL} happened", "$foreground-muted")
    )
    for name, bins in plots:
        if bins:
            yield Content.styled(name, "bold")
            yield from (_line(each, scale) for each in bins)


def _line(one: Bin, scale: int) -> Content:
    name = f"  {100 * one.low:.0f} to {100 * one.high:.0f} %"
    return Content.assemble(
        fit(name, NAME),
        f"{one.ideas:>{IDEAS}} ",
        *_dots(one, scale),
        f"  {chance(one.said)} → {chance(one.happened)}",
    )


def _dots(one: Bin, scale: int) -> Sequence[str | tuple[str, str]]:
    """The track with both marks on it, and a stroke between them."""
    said, real = (round(share * (scale - 1)) for share in (one.said, one.happened))
    low, high = min(said, real), max(said, real)
    if low == high:
        return (("·" * low, "$foreground-muted"), BOTH, ("·" * (scale - low - 1), "$foreground-muted"))
    first, second = (SAID, REAL) if said < real else (REAL, SAID)
    return (
        ("·" * low, "$foreground-muted"),
        first,
        "─" * (high - low - 1),
        second,
        ("·" * (scale - high - 1), "$foreground-muted"),
    )


def _axis(scale: int) -> str:
    """0, 50 and 100 over the places where they lie."""
    half = (scale - 1) // 2
    return f"{'0':<{half - 1}}{'50':<{scale - half - 3}}{'100 %':>5}"[: scale + 1]
