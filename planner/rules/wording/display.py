"""Outside text made fit for a terminal: every control character visible, measured in cells, cut to size."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

UNSEEN = "�"
"""Stands for a character without a picture: bidi overrides, zero widths, C1 controls, surrogates."""
MOST_MARKS = 4
"""Combining marks that one character carries in any script; a longer pile would cover the lines around it."""
LONGEST_CELL = MOST_MARKS + 1
"""Characters of clean text that can stand in one cell."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
# Letters and marks by their category, blank by what a terminal shows of them: fillers, joiners, selectors.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0d\U000e0100-\U000e01ef]"
)
_PLAIN = re.compile(r"[ -~]*")
_OTHER = re.compile(r"[^ -~]+")
_INK = re.compile(r"\x1b\[[0-9;:]*m")


def clean(text: str, keep: str = "") -> str:
    """The text with every control or invisible character replaced by a sign, but for those in `keep`."""
    if _PLAIN.fullmatch(text):
        return text
    return _OTHER.sub(lambda found: _signs(found[0], keep), text)


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
    text = clean(text if len(text) <= width else text[: (width + 1) * LONGEST_CELL])
    if cells(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…" if width > 0 else ""


def _cells(character: str) -> int:
    if category(character) in _MARKS:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def is_hidden(character: str) -> bool:
    """Whether a terminal shows nothing for it, or acts on it."""
    return category(character) in _HIDDEN or _BLANK.match(character) is not None


def _signs(text: str, keep: str) -> str:
    """The same number of characters, each one shown as itself or as a sign."""
    shown, marks = [], 0
    for character in text:
        marks = marks + 1 if category(character) in _MARKS else 0
        shown.append(UNSEEN if marks > MOST_MARKS else _shown(character, keep))
    return "".join(shown)


def _shown(character: str, keep: str) -> str:
    if character in keep or not is_hidden(character):
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else UNSEEN
