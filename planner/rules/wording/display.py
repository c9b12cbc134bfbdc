"""Outside text made fit for a terminal: every control character visible, measured in cells, cut to size."""

from __future__ import annotations

import re
from unicodedata import category, combining, east_asian_width

UNSEEN = "�"
"""Stands for a character without a picture: bidi overrides, zero widths, C1 controls, surrogates."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PLAIN = re.compile(r"[ -~]*")
_INK = re.compile(r"\x1b\[[0-9;:]*m")


def clean(text: str, keep: str = "") -> str:
    """The text with every control or invisible character replaced by a sign, but for those in `keep`."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_shown(character, keep) for character in text)


def page(text: str) -> str:
    """Several lines of outside text; line ends stay, tabs become blanks."""
    return clean(text.replace("\r\n", "\n").expandtabs(4), keep="\n")


def log(text: str) -> str:
    """The lines of a log as a terminal would have left them: no colours, progress bars at their last state.

    Any other control character is shown as a sign.
    """
    lines = _INK.sub("", text).replace("\r\n", "\n").split("\n")
    return page("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))


def cells(text: str) -> int:
    """Columns of a terminal that clean text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def fit(text: str, width: int) -> str:
    """The text, clean, cut with an ellipsis when it takes more than `width` cells."""
    text = clean(text if len(text) <= width else text[: width * 4 + 4])
    if cells(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells(character)
        if used > width:
            break
        kept.append(character)
    return ("".join(kept) + "…")[: max(0, width)]


def _cells(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def is_hidden(character: str) -> bool:
    """Whether a terminal shows nothing for it, or acts on it."""
    return category(character) in _HIDDEN


def _shown(character: str, keep: str) -> str:
    if character in keep or not is_hidden(character):
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else UNSEEN
