"""Markdown made of outside text and numbers: shown as they are, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from planner.rules.judging.verdict import signed
from planner.rules.wording.display import fit

LONGEST = 400
"""Columns after which a text is cut."""
NOT_KNOWN = "–"
"""Stands where nobody said or measured anything."""


_STRUCTURE = re.compile(
    r"""[\\`*\[\]|~$@]
      | (?<![^\W_])_ | _(?![^\W_])    # an underscore inside a word, as in val_accuracy, means nothing
      | (?<=:)/ | (?<=:/)/ | (?<=www)\.  # some readers turn a bare address into a link
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def literal(text: str) -> str:
    """A text that Markdown shows as it is, on one line, cut when it is very long."""
    shown = "".join(_HTML.get(character, character) for character in fit(text, LONGEST))
    return _STRUCTURE.sub(lambda found: "\\" + found[0], shown)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def idea_name(idea: int, title: str) -> str:
    """An idea by its number and title."""
    return f"{idea} · {literal(title)}"


def counted(number: int, noun: str) -> str:
    """A number of things: `1 idea`, `2 ideas`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def figure(value: float) -> str:
    """A value with six significant digits at most."""
    return f"{value:.6g}"


def signed_figure(value: float) -> str:
    """A change with its sign and two significant digits."""
    return f"{value:+.2g}" if abs(value) < 100 else signed(value)


def tenths(value: float | None) -> str:
    """An amount with one decimal."""
    return NOT_KNOWN if value is None else f"{value:.1f}"


def chance_of(value: float | None) -> str:
    """A chance in whole per cent."""
    return NOT_KNOWN if value is None else per_cent(value)


def per_cent(share: float) -> str:
    """A share in whole per cent."""
    return f"{100 * share:.0f} %"
