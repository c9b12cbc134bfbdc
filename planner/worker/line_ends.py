"""Scripts with the line ends of Windows, over which a shell stumbles in words that name no cause."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SHELLS = frozenset({"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"})
"""Programs that take a carriage return for a part of the last word."""
FAR = 65536
"""Bytes of a script that are looked at."""


def of_windows(command: Sequence[str]) -> str:
    """That the command is such a script, and what mends it, to end a sentence with; empty for any other."""
    for before, word in zip(("", *command), command, strict=False):
        shell = Path(before).name in SHELLS
        if (shell or not before) and _is_of_windows(Path(word), shell):
            return f"; {word} has the line ends of Windows, which `sed -i 's/\\r$//'` takes away"
    return ""


def _is_of_windows(script: Path, shell: bool) -> bool:
    """Of one that no shell is given to, the first line names the interpreter: it alone counts."""
    try:
        with script.open("rb") as file:
            text = file.read(FAR)
    except (OSError, ValueError):  # no file, or one that is not ours to read
        return False
    return b"\r\n" in text if shell else text.startswith(b"#!") and text.partition(b"\n")[0].endswith(b"\r")
