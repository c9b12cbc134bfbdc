"""The one door for text from outside: never markup, and every control character visible."""

from __future__ import annotations

import re
from unicodedata import category

from rich.cells import cell_len
from textual.content import Content

UNSEEN = "�"
"""Stands for a character that has no picture of its own: bidi overrides, zero widths, C1 controls, surrogates."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PLAIN = re.compile(r"[ -~]*")
_INK = re.compile(r"\x1b\[[0-9;:]*m")
_PAGE = "\n"


def clean(text: str, keep: str = "") -> str:
    """The text with every control or invisible character replaced by a sign, but for those in `keep`."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_shown(character, keep) for character in text)


def plain(text: str, style: str = "") -> Content:
    """One line of outside text, ready to draw: never markup, no control character."""
    return Content.styled(clean(text), style)


def page(text: str) -> str:
    """Several lines of outside text; line ends stay, tabs become blanks."""
    return clean(text.replace("\r\n", "\n").expandtabs(4), keep=_PAGE)


def log(text: str) -> str:
    """The lines of a log as a terminal would have left them: colours dropped, progress bars at their last state.

    Any other control character is shown as a sign.
    """
    lines = _INK.sub("", text).replace("\r\n", "\n").split("\n")
    return page("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))


def fit(text: str, width: int) -> str:
    """Clean text in exactly `width` cells: cut with an ellipsis when longer, padded when shorter."""
    text = clean(text[: width * 4 + 4]) if len(text) > width else clean(text)
    over = cell_len(text) - width
    if over <= 0:
        return text + " " * -over
    return _cut(text, width)


def _cut(text: str, width: int) -> str:
    if width < 1:
        return ""
    kept, used = [], 0
    for character in text:
        cells = cell_len(character)
        if used + cells > width - 1:
            break
        kept.append(character)
        used += cells
    return "".join(kept) + "…" + " " * (width - 1 - used)


def _shown(character: str, keep: str) -> str:
    if character in keep or category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else UNSEEN
