"""Why a run failed, in one sentence."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from planner.domain.mistake import Mistake

LONGEST = 200
"""Characters of an exception's message in a sentence."""
OUT_OF_MEMORY = re.compile(
    r"out of memory|OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhaustedError"
    r"|CUBLAS_STATUS_ALLOC_FAILED|failed to allocate memory",
    re.IGNORECASE,
)
"""How the libraries say that memory, the host's or a GPU's, was not enough."""
BOILERPLATE = (
    "Graph execution error:", "Detected at node", "File ", "<frozen", "Stack trace for op", "{{",
    "Exception encountered when calling",
)  # fmt: skip
"""Beginnings of lines with which TensorFlow and Keras precede what matters."""
STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""Bold and colour, which Keras writes into its messages."""


def cause_of(error: BaseException, project: Path) -> str:
    """The kind of the error, what it says and the innermost line of the project's own code behind it."""
    if isinstance(error, Mistake):
        return str(error)
    if isinstance(error, SystemExit):
        return f"the project's code ended the process itself (exit {error.code}){_where(error, project)}"
    sentence = f"{type(error).__name__}{_said(error)}{_where(error, project)}"
    return f"out of memory: {sentence}" if _ran_out_of_memory(error) else sentence


def headline(text: str) -> str:
    """The first line that says something, at most LONGEST characters; empty when there is none."""
    lines = (line.strip() for line in STYLE.sub("", text).splitlines())
    said = next((line for line in lines if line and not line.startswith(BOILERPLATE)), "")
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _said(error: BaseException) -> str:
    message = headline(str(error))
    return f": {message}" if message else ""


def _ran_out_of_memory(error: BaseException) -> bool:
    said = f"{type(error).__name__} {error}"
    return isinstance(error, MemoryError) or OUT_OF_MEMORY.search(said) is not None


def _where(error: BaseException, project: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({_short(error.filename, project) or error.filename}:{error.lineno})"
    frames = reversed(traceback.extract_tb(error.__traceback__))
    for frame in frames:
        if place := _short(frame.filename, project):
            return f" ({place}:{frame.lineno})"
    return ""


def _short(filename: str, project: Path) -> str | None:
    """The file within the project; None when it lies outside, or among the libraries inside."""
    path = Path(filename)
    if not path.is_relative_to(project) or "site-packages" in path.parts:
        return None
    return str(path.relative_to(project))
