"""Outside text broken into lines of a terminal, and cut where there is no room for more."""

from __future__ import annotations

from planner.rules.wording.display import cells, clean, fit


def wrapped(text: str, width: int, *, indent: int = 0, hang: int = 0, most: int = 2) -> list[str]:
    """At most `most` lines of `width` cells, broken between words.

    The first is set in by `indent` cells, the others by `hang`. What does not fit ends in an ellipsis.
    """
    words = clean(text).split(" ")
    lines = [" " * indent + words[0]]
    for place, word in enumerate(words[1:], start=1):
        trial = f"{lines[-1]} {word}"
        if cells(trial) <= width:
            lines[-1] = trial
        elif len(lines) < most:
            lines.append(" " * hang + word)
        else:
            lines[-1] = " ".join([lines[-1], *words[place:]])
            break
    return [fit(line, width) for line in lines]
