"""Text from outside brought within the limits of an idea."""

from __future__ import annotations

TITLE_LIMIT = 300
"""Characters a title may have, as in `planner add`."""
TEXT_LIMIT = 20_000
"""Characters a hypothesis may have."""
WORD_LIMIT = 40
"""Characters a category or a tag may have."""
TAG_LIMIT = 30
"""Tags an idea may bring along."""


def one_line(text: str) -> str:
    """The text without NUL and broken characters, its white space run together."""
    return " ".join(_storable(text).split())


def paragraph(text: str) -> str:
    """Several lines without NUL and broken characters, cut to what a hypothesis may hold."""
    tidied = _storable(text).strip()
    return tidied if len(tidied) <= TEXT_LIMIT else f"{tidied[: TEXT_LIMIT - 1]}…"


def title_and_rest(text: str, hypothesis: str) -> tuple[str, str]:
    """A title that fits and the hypothesis, which a longer title goes on in as a whole."""
    title = one_line(text)
    if len(title) <= TITLE_LIMIT:
        return title, paragraph(hypothesis)
    head = title[: TITLE_LIMIT - 1]
    cut = head.rpartition(" ")[0] or head
    return f"{cut}…", paragraph(f"{title}\n\n{hypothesis}")


def word(text: str) -> str:
    """A category or tag: one short line in lower case."""
    return one_line(text)[:WORD_LIMIT].strip().lower()


def tags(text: str) -> tuple[str, ...]:
    """Tags parted by commas, semicolons, bars or blanks, each once, without their `#`."""
    for separator in ",;|":
        text = text.replace(separator, " ")
    found = (one_line(part)[:WORD_LIMIT].lstrip("#") for part in text.split())
    return tuple(dict.fromkeys(tag for tag in found if tag))[:TAG_LIMIT]


def normal(title: str) -> str:
    """What two titles share when they name the same idea: their words, in any case."""
    return one_line(title).casefold().rstrip(" .…")


def _storable(text: str) -> str:
    """Half a surrogate pair has no place in a file, and NUL ends too many strings."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
