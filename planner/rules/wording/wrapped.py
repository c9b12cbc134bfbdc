"""Outside text broken into lines of a terminal, and cut where there is no room for more."""

from __future__ import annotations

from planner.rules.wording.display import cells, clean, fit


def wrapped(text: str, width: int, *, indent: int = 0, hang: int = 0, most: int = 2) -> list[str]:
    """At most `most` lines of `width` cells, broken between words.

    The first is set in by `indent` cells, the others by `hang`. What does not fit ends in an ellipsis.
    """
    words = clean(text).split(" ")
    lines, used = [" " * indent + words[0]], indent + cells(words[0])
    for place, word in enumerate(words[1:], start=1):
        size = cells(word)
        if used + 1 + size <= width:
            lines[-1] += f" {word}"
            used += 1 + size
        elif len(lines) < most:
            lines.append(" " * hang + word)
            used = hang + size
        else:
            lines[-1] = " ".join([lines[-1], *words[place:]])
            break
    return [fit(line, width) for line in lines]
