"""How much a person, a file or a program may bring in at once: every door from outside checks with these."""

from __future__ import annotations

from collections.abc import Collection

from planner.domain.mistake import Mistake

TITLE = 300
"""Characters a title may have."""
TEXT = 20_000
"""Characters a hypothesis may have."""
REASON = 500
"""Characters a reason may have."""
WORD = 40
"""Characters a category or a tag may have."""
NAME = 60
"""Characters a person's name may have."""
REF = 200
"""Characters the name of a git branch or commit may have."""
TAGS = 30
"""Tags an idea may have."""
PARAMS = 500
"""Params an idea may have."""
PARAM_NAME = 250
"""Characters the name of a param may have where another tool gave it."""
OTHERS = 100
"""Ideas that one idea may come after."""


def one_line(text: str, what: str, most: int, *, instead: str = "") -> str:
    """Text with its white space run together; a Mistake when empty, or longer than `most` characters."""
    line = " ".join(text.split())
    if not line:
        raise Mistake(f"the {what} is empty: it needs at least one word")
    return short_enough(line, what, most, instead=instead)


def short_enough(text: str, what: str, most: int, *, instead: str = "") -> str:
    """The text itself; a Mistake when it has more than `most` characters or is no Unicode."""
    if len(text) > most:
        rest = f", {instead}" if instead else ""
        raise Mistake(f"the {what} has {len(text):,} characters; at most {most:,} fit{rest}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Mistake(f"the {what} is not valid text: it holds half a character; type it anew") from None
    return text


def few_enough(things: Collection[object], what: str, most: int) -> None:
    """A Mistake when an idea would have more than `most` of them."""
    if len(things) > most:
        raise Mistake(f"the idea would have {len(things):,} {what}; at most {most} fit")
