"""Recipes that are a command: any script that writes its metrics as JSON lines."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping

from planner.domain.exhausted import out_of_memory
from planner.domain.mistake import Mistake
from planner.memory import killed_since
from planner.store.runfolder import RunFolder
from planner.worker import child
from planner.worker.cause import headline, with_memory
from planner.worker.checks.asking import ask
from planner.worker.loop import artefacts, earlier_artefacts, inherit
from planner.worker.nearest import did_you_mean
from planner.worker.numbering import Numbering, whole
from planner.worker.report import bad_numbers, number_of
from planner.worker.task import Task

PLACE = re.compile(r"\{([A-Za-z_][\w.\-]*)\}")
"""Where a param goes: its name in braces."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
"""A number that stands in quotes, as also those must that JSON has no spelling for."""
FAR = 65536
"""Bytes of the log in which lines are looked for that were meant as metrics."""
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
"""How a command ends that is killed, or whose shell tells of a child that was."""
SHOWN = 80
"""Characters of such a line in a sentence."""


def train(task: Task) -> None:
    """Run the command to its end; Mistake when it ends badly, or without the goal's metric."""
    earlier = earlier_artefacts(task)
    task.report.training()
    with _started(task, earlier) as process:
        _Listener(task, earlier).listen(process)
        code = process.wait()
    task.signals.obey()
    if code:
        raise Mistake(_why(task, code))
    _demand_metric(task)


def check(task: Task) -> None:
    """Run the command until it has reported the goal's metric, or an epoch without it."""

    def runs() -> str:
        with _started(task) as process:
            if _Listener(task).listen(process):
                child.end(process)
                return "the command reports its first epoch"
            code = process.wait()
        task.signals.obey()
        if code:
            raise Mistake(_why(task, code))
        return "the command ends by itself"

    def reports() -> str:
        _demand_metric(task)
        return f"the run reports {task.spec.metric}"

    ask(task, "command", runs)
    ask(task, "metric", reports)


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
    document = _object(line)
    if document is None:
        return None
    numbers = {str(name): value for name, raw in document.items() if (value := _number(raw)) is not None}
    return numbers or None


def _object(line: bytes) -> dict[str, object] | None:
    text = line.strip()
    if not (text.startswith(b"{") and text.endswith(b"}")):
        return None
    try:
        document: dict[str, object] = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document


def _number(raw: object) -> float | None:
    if isinstance(raw, str):
        return float(raw) if NUMBER.fullmatch(raw) else None
    return number_of(raw)


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _started(task: Task, earlier: RunFolder | None = None) -> child.Started:
    spec = task.spec
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
    command = filled(spec.command or (), {"seed": spec.seed, **spec.params})
    return child.started(command, environment, task.signals)


class _Listener:
    """Reports the metrics of one command as they come, and passes the rest on to the log."""

    def __init__(self, task: Task, earlier: RunFolder | None = None) -> None:
        self._task = task
        self._earlier = earlier
        self._numbering = Numbering()
        self._odd = False

    def listen(self, process: subprocess.Popen[bytes]) -> bool:
        """Listen to the command's end; True once a check has seen enough."""
        for line in child.lines(process):
            metrics = metrics_of(line)
            if metrics is None:
                sys.stdout.buffer.write(line)
                sys.stdout.flush()
            elif self._report(metrics) and self._task.checking:
                return True
        return False

    def _report(self, metrics: dict[str, float]) -> bool:
        """Say how an epoch went; answers whether a check has seen enough."""
        report, before = self._task.report, self._task.report.epoch_number
        number = self._numbered(metrics.pop("epoch", None), before)
        epochs = whole(metrics.pop("epochs", None))
        if self._task.checking and (bad := bad_numbers(metrics)):
            raise Mistake(f"{bad[0]} is {metrics[bad[0]]} in the first epoch")
        if self._earlier is not None and not before:
            inherit(self._task, self._earlier, number - 1)
        report.epoch(number, epochs or None, metrics)
        return self._task.spec.metric in report.metrics or 0 < before != number

    def _numbered(self, said: float | None, before: int) -> int:
        """The epoch's number from 1 on; a line that does not say it, or says no number, is the next one."""
        number = whole(said)
        if number is None:
            if said is not None and not self._odd:
                self._task.report.alert(f"the command calls an epoch {said}; it is counted as the next one")
                self._odd = True
            return before + 1
        return self._numbering.number(number)


def _demand_metric(task: Task) -> None:
    """Mistake when the goal's metric was not reported; one that says what was printed instead."""
    if task.report.metrics:
        task.demand_metric(set(task.report.metrics))
        return
    metric = task.spec.metric
    raise Mistake(
        f"the command ended and reported no metrics: for each epoch it must print a line such as "
        f'{{"epoch": 1, "{metric}": 0.5}}{_meant(task)}'
    )


def _meant(task: Task) -> str:
    """The last line that was meant as metrics and could not be read as such, and why."""
    for line in reversed(task.folder.tail(FAR).splitlines()):
        text = line.strip()
        if not (text.startswith("{") and text.endswith("}")):
            continue
        if metrics_of(text.encode()):
            return "; it printed such lines to its standard error, and only standard output is read"
        return f"; its line {_short(text)} {_fault(text)}"
    return ""


def _fault(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"is no JSON ({getattr(error, 'msg', 'nested too deeply')})"
    return "holds no number"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _why(task: Task, code: int) -> str:
    """How the command ended, with the last thing it said."""
    said = [line for line in task.folder.tail(4096).splitlines() if line.strip()]
    last = next((headline(line) for line in reversed(said) if _is_text(line)), "")
    sentence = f"the command ended with {child.how_it_ended(code)}" + (f": {last}" if last else "")
    if code in KILLED and killed_since(task.folder):
        return out_of_memory("host", f"the kernel ended the command ({last or 'SIGKILL'})", task.spec.params)
    return with_memory(sentence, "\n".join(said), task.spec)


def _is_text(line: str) -> bool:
    """Whether a line of the log is for people to read."""
    return sum(letter.isprintable() and letter != "\ufffd" for letter in line) > 0.8 * len(line)
