"""Why a run failed, in one sentence."""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path

from planner.domain.exhausted import out_of_memory, whose_memory
from planner.domain.mistake import Mistake
from planner.domain.run import Spec
from planner.worker.output import shortened

LEFT = "the project's code ended the process itself"
"""What `sys.exit` comes to."""
LONGEST = 200
"""Characters of an exception's message in a sentence."""
DEEPEST = 5
"""Errors behind an error that are looked at."""
PLAIN = (BaseException, Exception, object)
"""Kinds that say nothing."""
BOILERPLATE = (
    "Graph execution error:", "Detected at node", "File ", "<frozen", "Stack trace for op",
    "Exception encountered when calling",
)  # fmt: skip
"""Beginnings of lines with which TensorFlow and Keras precede what matters."""
NODE = re.compile(r"^\{\{.*?\}\}\s*")
"""Where in its graph TensorFlow was."""
STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""Bold and colour, which Keras writes into its messages."""


def cause_of(error: BaseException, project: Path, spec: Spec | None = None) -> str:
    """The kind of the error, what it says and the innermost line of the project's own code behind it.

    Want of memory is named as such, with what the run's spec says of its batch.
    """
    if isinstance(error, Mistake):
        return str(error)
    if isinstance(error, SystemExit):
        if isinstance(error.code, str):
            return f"{LEFT}: {headline(error.code)}{_where(error, project)}"
        return f"{LEFT} (exit {error.code}){_where(error, project)}"
    if isinstance(error, KeyError) and _from_environment(error):
        name = error.args[0]
        return f"the environment variable {name} is not set{_where(error, project)}"
    sentence = f"{type(error).__name__}{_said(error)}{_where(error, project)}"
    return with_memory(sentence, _all_said(error), spec)


def with_memory(sentence: str, text: str, spec: Spec | None) -> str:
    """The sentence, named as want of memory where the text behind it speaks of that."""
    whose = whose_memory(text, on_gpu=spec is not None and spec.device is not None)
    return out_of_memory(whose, sentence, spec.params if spec else {}) if whose else sentence


def headline(text: str) -> str:
    """The first line that says something, at most LONGEST characters; empty when there is none."""
    lines = (NODE.sub("", line.strip()) for line in STYLE.sub("", text).splitlines())
    said = next((line for line in lines if line and not line.startswith(BOILERPLATE)), "")
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _from_environment(error: BaseException) -> bool:
    """Whether a variable was looked for in `os.environ`, and is not there."""
    stack = traceback.extract_tb(error.__traceback__)
    return bool(stack) and stack[-1].filename in (os.__file__, "<frozen os>")


def _said(error: BaseException) -> str:
    message = headline(_message(error))
    return f": {message}" if message else ""


def _message(error: BaseException) -> str:
    """What it says, without the ends of lines that are no sentences; empty where it can't."""
    if isinstance(error, SyntaxError) and error.filename:
        return str(error.msg)  # whose text names the file and the line, as the end of every cause does
    try:
        return shortened(str(error), 5 * LONGEST)
    except Exception:
        # The project's own class may raise anything when it is asked.
        return ""


def _all_said(error: BaseException) -> str:
    """The names and the messages of an error and of those that it came of."""
    said = []
    for _ in range(DEEPEST):
        said += [f"{kind.__name__}: {_message(error)}" for kind in type(error).__mro__ if kind not in PLAIN]
        behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if behind is None:
            break
        error = behind
    return "\n".join(said)


def _where(error: BaseException, project: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({_short(error.filename, project) or error.filename}:{error.lineno})"
    place = place_within(project, traceback.extract_tb(error.__traceback__))
    return f" ({place})" if place else ""


def place_within(project: Path, stack: traceback.StackSummary) -> str | None:
    """The innermost line of a stack that is the project's own, as `file:line`; None where none is."""
    for frame in reversed(stack):
        if place := _short(frame.filename, project):
            return f"{place}:{frame.lineno}"
    return None


def _short(filename: str, project: Path) -> str | None:
    """The file within the project; None when it lies outside, or among the libraries inside."""
    path = Path(filename)
    if not path.is_relative_to(project) or "site-packages" in path.parts:
        return None
    return str(path.relative_to(project))
