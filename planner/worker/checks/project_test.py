"""Does the project's own test pass? A command that planner.toml names, such as pytest."""

from __future__ import annotations

import os
import subprocess
import sys

from planner.domain.mistake import Mistake
from planner.worker import child
from planner.worker.cause import headline
from planner.worker.checks.asking import ask
from planner.worker.task import Task


def ask_for_test(task: Task) -> None:
    """Run the command in the project's folder, if there is one; Mistake unless it ends with 0."""
    if test := task.spec.test:
        ask(task, "test", lambda: _passes(task, test))


def _passes(task: Task, test: tuple[str, ...]) -> str:
    program, *arguments = test
    # As with a recipe's command, a bare `python` is the interpreter that trains.
    command = [sys.executable if program in ("python", "python3") else program, *arguments]
    shown = " ".join(test)
    with child.started(command, dict(os.environ), task.signals) as process:
        _pass_on(process)
        code = process.wait()
    task.signals.obey()
    if code:
        raise Mistake(f"the project's own test ended with {child.how_it_ended(code)}: {shown}{_last(task)}")
    return f"{shown} ends with 0"


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    """Everything that it says goes to the log."""
    for line in child.lines(process):
        sys.stdout.buffer.write(line)
    sys.stdout.flush()


def _last(task: Task) -> str:
    """The last thing that it said."""
    said = [line for line in task.folder.tail(4096).splitlines() if line.strip()]
    return f" ({headline(said[-1])})" if said else ""
