"""Recipes that are a command: any script that writes its metrics as JSON lines."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any

from planner.domain.mistake import Mistake
from planner.store.runfolder import RunFolder
from planner.worker.cause import headline, with_memory
from planner.worker.check import ask, ask_for_metric
from planner.worker.loop import artefacts, earlier_artefacts, inherit
from planner.worker.nearest import did_you_mean
from planner.worker.report import bad_numbers, number_of
from planner.worker.task import Task

PLACE = re.compile(r"\{([A-Za-z_][\w.\-]*)\}")
"""Where a param goes: its name in braces."""
LONGEST = 65536
"""Bytes of a line that can hold metrics; longer ones go to the log in pieces."""
LAST_WORDS = 10.0
"""Seconds a command has to end once nobody listens to it any more."""
NOT_FINITE = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
"""How metrics that are no numbers may be spelt in strict JSON."""


def train(task: Task) -> None:
    """Run the command to its end; Mistake when it ends badly."""
    earlier = earlier_artefacts(task)
    task.report.training()
    with _started(task, earlier) as process:
        _listen(task, process, earlier)
        code = process.wait()
    task.signals.obey()
    if code:
        raise Mistake(_why(task, code))


def check(task: Task) -> None:
    """Run the command until it has reported the goal's metric, or an epoch without it."""

    def runs() -> str:
        with _started(task) as process:
            if _listen(task, process):
                _end(process)
                return "the command reports its first epoch"
            code = process.wait()
        task.signals.obey()
        if code:
            raise Mistake(_why(task, code))
        return "the command ends by itself"

    ask(task, "command", runs)
    ask_for_metric(task, set(task.report.metrics))


def filled(command: tuple[str, ...], params: Mapping[str, object]) -> list[str]:
    """The command with each `{param}` replaced; Mistake for a place that no param fills."""

    def value(place: re.Match[str]) -> str:
        name = place[1]
        if name not in params:
            raise Mistake(
                f"the command in planner.toml uses {{{name}}}, and the params have no {name}"
                f"{did_you_mean(name, params)}"
            )
        return _spelt(params[name])

    program, *arguments = (PLACE.sub(value, part) for part in command)
    # A bare `python` means the interpreter that trains, whatever the dispatcher's PATH finds first.
    return [sys.executable if program in ("python", "python3") else program, *arguments]


def metrics_of(line: bytes) -> dict[str, float] | None:
    """The numbers of a line that is a JSON object with any; None for every other line."""
    text = line.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    numbers = {str(name): value for name, raw in document.items() if (value := _number(raw)) is not None}
    return numbers or None


def _number(raw: object) -> float | None:
    return NOT_FINITE.get(raw.lower()) if isinstance(raw, str) else number_of(raw)


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@contextlib.contextmanager
def _started(task: Task, earlier: RunFolder | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a child with a process group of its own, asked to stop when the worker is."""
    spec = task.spec
    command = filled(spec.command or (), {"seed": spec.seed, **spec.params})
    environment = {
        **os.environ,
        "PLANNER_RUN": spec.run,
        "PLANNER_SEED": str(spec.seed),
        "PLANNER_RUNG": spec.rung,
        "PLANNER_FRACTION": str(spec.fraction or 1.0),
        "PLANNER_FOLDER": str(artefacts(task)),
        "PLANNER_RESUMED_FROM": str(earlier.artefacts) if earlier else "",
        "PYTHONUNBUFFERED": "1",
    }
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environment,
            process_group=0,
        )
    except OSError as error:
        raise Mistake(f"the command can't start {command[0]!r}: {error.strerror}") from error
    try:
        with task.signals.reacting(lambda: _end(process)):
            yield process
    finally:
        _bury(process, 0.0 if task.signals.overdue else LAST_WORDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the command, and whatever it has started in its group, to end."""
    if process.poll() is None:  # not collected yet, so its number still belongs to it
        os.killpg(process.pid, signal.SIGTERM)


def _bury(process: subprocess.Popen[bytes], patience: float) -> None:
    """See the command off: asked first, made to after so many seconds."""
    _end(process)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    finally:
        if process.stdout:
            process.stdout.close()


def _listen(task: Task, process: subprocess.Popen[bytes], earlier: RunFolder | None = None) -> bool:
    """Report metrics as they come and pass the rest on to the log; True once a check has seen enough."""
    assert process.stdout is not None
    for line in _lines(process.stdout):
        metrics = metrics_of(line)
        if metrics is None:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            continue
        before = task.report.epoch_number
        if earlier is not None and not before:
            inherit(task, earlier, int(metrics.get("epoch", 1)) - 1)
        _report(task, metrics)
        if task.checking and _enough(task, before):
            return True
    return False


def _lines(output: IO[bytes]) -> Iterator[bytes]:
    while line := output.readline(LONGEST):
        yield line


def _report(task: Task, metrics: dict[str, Any]) -> None:
    epoch = metrics.pop("epoch", task.report.epoch_number + 1)
    epochs = metrics.pop("epochs", None)
    if task.checking and (bad := bad_numbers(metrics)):
        raise Mistake(f"{bad[0]} is {metrics[bad[0]]} in the first epoch")
    task.report.epoch(int(epoch), int(epochs) if epochs else None, metrics)


def _enough(task: Task, before: int) -> bool:
    later = 0 < before != task.report.epoch_number
    return task.spec.metric in task.report.metrics or later


def _why(task: Task, code: int) -> str:
    """How the command ended, with the last thing it said."""
    how = f"exit {code}" if code > 0 else f"signal {-code}"
    lines = [line for line in task.folder.tail(4096).splitlines() if line.strip()]
    said = f": {headline(lines[-1])}" if lines else ""
    sentence = f"the command ended with {how}{said}"
    return with_memory(sentence, "\n".join(lines), task.spec)
