"""Outside text broken into lines of a terminal, and cut where there is no room for more."""

from __future__ import annotations

from planner.rules.display import cells, clean, fit


def wrapped(text: str, width: int, *, hang: int = 0, most: int = 2) -> list[str]:
    """At most `most` lines of `width` cells, broken between words, all but the first set in by `hang`.

    What does not fit ends in an ellipsis; a word longer than a line is cut.
    """
    words, lines = clean(text).split(" "), [""]
    for place, word in enumerate(words):
        trial = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cells(trial) <= width or not lines[-1].strip():
            lines[-1] = trial
        elif len(lines) < most:
            lines.append(" " * hang + word)
        else:
            lines[-1] = " ".join([lines[-1], *words[place:]])
            break
    return [fit(line, width) for line in lines]
