"""Text from outside brought within the limits of an idea."""

from __future__ import annotations

from planner.rules.notation import limits


def one_line(text: str) -> str:
    """The text without NUL and broken characters, its white space run together."""
    return " ".join(_storable(text).split())


def paragraph(text: str, source: str = "") -> str:
    """Several lines without NUL and broken characters, cut to what a hypothesis may hold; its source last."""
    ending = f"\n\n{source}" if source else ""
    tidied, room = _storable(text).strip(), limits.TEXT - len(ending)
    return (tidied if len(tidied) <= room else f"{tidied[: room - 1]}…") + (ending if tidied else source)


def title_and_rest(text: str, hypothesis: str, source: str = "") -> tuple[str, str]:
    """A title that fits and the hypothesis, which a longer title goes on in as a whole; its source last."""
    title = one_line(text)
    if len(title) <= limits.TITLE:
        return title, paragraph(hypothesis, source)
    head = title[: limits.TITLE - 1]
    cut = head.rpartition(" ")[0] or head
    return f"{cut}…", paragraph(f"{title}\n\n{hypothesis}", source)


def word(text: str) -> str:
    """A category or tag: one short line in lower case."""
    return one_line(text)[: limits.WORD].strip().lower()


def tags(text: str) -> tuple[str, ...]:
    """Tags parted by commas, semicolons, bars or blanks, each once, without their `#`."""
    for separator in ",;|":
        text = text.replace(separator, " ")
    found = (one_line(part)[: limits.WORD].lstrip("#") for part in text.split())
    return tuple(dict.fromkeys(tag for tag in found if tag))[: limits.TAGS]


def normal(title: str) -> str:
    """What two titles share when they name the same idea: their words, in any case."""
    return one_line(title).casefold().rstrip(" .…")


def _storable(text: str) -> str:
    """Half a surrogate pair has no place in a file, and NUL ends too many strings."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
