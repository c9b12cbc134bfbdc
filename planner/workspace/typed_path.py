"""A path as a person types it."""

from __future__ import annotations

from pathlib import Path

from planner.domain.mistake import Mistake

LONGEST = 4_000
"""Characters a path may have; systems take about as many bytes."""


def typed_path(text: str, folder: Path) -> Path:
    """The path, seen from a folder, `~` being somebody's home; a Mistake when it can be none."""
    if "\x00" in text or len(text) > LONGEST:
        raise Mistake(f"{text[:60]!r} is no path; give one of at most {LONGEST:,} characters, without NUL")
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # Python's word for a user it does not know
        user = text.partition("/")[0]
        raise Mistake(f"there is no home of {user[:60]!r}; a file of that name is ./{user[:60]}") from None
