"""The one door for text from outside: never markup, every control character visible, cut to cells."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from planner.rules.wording.display import LONGEST_CELL, clean, log, page

__all__ = ["brief", "clean", "fit", "log", "page", "plain", "wrap"]

LONGEST_SENTENCE = 800
"""Characters of a message that are shown; laying out a text of a megabyte would hold up every key."""

EMOJI = "\ufe0f"
"""Makes the character before it an emoji, which may take one cell more."""


def plain(text: str, style: str = "") -> Content:
    """One line of outside text, ready to draw: never markup, no control character."""
    return Content.styled(clean(text), style)


def brief(text: str, keep: str = "") -> str:
    """A message, clean but for what is in `keep`, cut with an ellipsis when nobody would read all of it."""
    cut = text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…"
    return clean(cut, keep)


def fit(text: str, width: int) -> str:
    """Clean text in exactly `width` cells: cut with an ellipsis when longer, padded when shorter."""
    text = clean(text if len(text) <= width else text[: (width + 1) * LONGEST_CELL])
    over = cell_len(text) - width
    return text + " " * -over if over <= 0 else _cut(text, width)


def wrap(text: str, width: int, hang: int = 0) -> list[str]:
    """Clean text broken between words into lines of `width` cells, all but the first set in by `hang`."""
    lines, line = [], ""
    for word in clean(text).split(" "):
        trial = f"{line} {word}" if line else word
        if line.strip() and cell_len(trial) > width:
            lines.append(line)
            trial = " " * hang + word
        line = trial
    return [fit(line, width).rstrip() for line in [*lines, line]]


def _cut(text: str, width: int) -> str:
    kept, used = [], 0
    for character in text:
        used += 1 if character == EMOJI else cell_len(character)
        if used > width - 1:
            break
        kept.append(character)
    shown = "".join(kept) + "…"
    return shown + " " * (width - cell_len(shown)) if width > 0 else ""
