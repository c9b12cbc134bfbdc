"""Recipes that are a command: any script that writes its metrics as JSON lines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from planner.domain.exhausted import out_of_memory
from planner.domain.mistake import Mistake
from planner.memory import killed_since
from planner.store.runfolder import RunFolder
from planner.worker import child
from planner.worker.cause import headline, with_memory
from planner.worker.checks.asking import ask
from planner.worker.enough import Enough
from planner.worker.filling import filled
from planner.worker.line_ends import of_windows
from planner.worker.loop import artefacts, earlier_artefacts, hopeless, inherit
from planner.worker.metric_line import (
    BLANK,
    Document,
    document_of,
    fault_of,
    is_narration,
    is_text,
    is_within,
    last_words,
    lost,
    metrics_of,
    no_number,
    short,
)
from planner.worker.numbering import Numbering, whole
from planner.worker.task import Task

FAR = 65536
"""Bytes of the log in which lines are looked for that were meant as metrics."""
WAIT = "let it wait for its children"
"""What would be right of a command that ends before what it has started."""
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
"""How a command ends that is killed, or whose shell tells of a child that was."""


def train(task: Task) -> None:
    """Run the command to its end; Mistake when it ends badly, or without the goal's metric."""
    earlier = earlier_artefacts(task)
    task.report.training()
    listener = _Listener(task, earlier)
    with _started(task, earlier) as process:
        listener.listen(process)
        code = process.wait()
    task.signals.obey()
    if code:
        raise Mistake(_why(task, code))
    listener.demand_metric()


def check(task: Task) -> None:
    """Run the command until it has reported the goal's metric, or has not for long."""
    listener = _Listener(task)

    def runs() -> str:
        with _started(task) as process:
            if listener.listen(process):
                child.end(process)
                return "the command reports its first epoch"
            code = process.wait()
        task.signals.obey()
        if code:
            raise Mistake(_why(task, code))
        return "the command ends by itself"

    def reports() -> str:
        if listener.untold:
            return listener.untold
        listener.demand_metric()
        return f"the run reports {task.spec.metric}"

    ask(task, "command", runs)
    ask(task, "metric", reports)
    if listener.untold:
        task.report.alert(listener.untold)


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
    if (path := _path_first()) is not None:
        environment["PATH"] = path
    return child.started(_filled(task), environment, task.signals)


def _filled(task: Task) -> list[str]:
    """The words of the command, with the params in their places."""
    spec = task.spec
    return filled(spec.command or (), {"seed": spec.seed, **spec.params}, artefacts(task))


def _path_first() -> str | None:
    """A PATH on which this environment's programs come first, also for what the command starts.

    None where a person has chosen another environment.
    """
    chosen = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    if sys.prefix == sys.base_prefix or chosen not in (None, "", sys.prefix):
        return None
    programs = str(Path(sys.executable).parent)
    return os.pathsep.join((programs, os.environ.get("PATH", os.defpath)))


class _Listener:
    """Reports the metrics of one command as they come, and passes the rest on to the log."""

    def __init__(self, task: Task, earlier: RunFolder | None = None) -> None:
        self._task = task
        self._earlier = earlier
        self._numbering = Numbering()
        self._enough = Enough(task.spec.metric)
        self._odd = False
        self._within: dict[str, float] = {}
        self._fault = self._empty = self._lost = ""
        self._deserted = self._outlived = self._told = False
        self._last = b""

    @property
    def untold(self) -> str:
        """Why the rung `check` can't tell whether the goal's metric comes; empty where it can."""
        return "" if self._fault else self._enough.untold

    def listen(self, process: subprocess.Popen[bytes]) -> bool:
        """Listen to the command's end; True once a check has seen enough."""
        for line in child.lines(process, self._outlive):
            document = document_of(line)
            if document is None or not self._hear(document):
                self._note(line)
                sys.stdout.buffer.write(line)
                sys.stdout.flush()
                continue
            self._tell_of_children()
            if self._task.checking and self._seen_enough():
                return True
        self._deserted = child.is_held(process)
        if self._within:  # what came after the last epoch belongs to it
            self._tell(max(1, self._task.report.epoch_number), None)
        return False

    def demand_metric(self) -> None:
        """Mistake when the goal's metric was not reported; one that says what was printed instead."""
        report, metric = self._task.report, self._task.spec.metric
        if self._fault and metric not in report.metrics:
            raise Mistake(f"the command's {self._fault}")
        if report.metrics:
            self._task.demand_metric(set(report.metrics))
            return
        raise Mistake(
            f"the command ended and reported no metrics: for each epoch it must print a line such as "
            f'{{"epoch": 1, "{metric}": 0.5}}{self._meant()}'
        )

    def _hear(self, document: Document) -> bool:
        """Take the metrics in; False where it has none, and is a line for the log."""
        metrics, wanted = metrics_of(document), self._task.spec.metric
        self._fault = no_number(document, wanted) or self._fault
        if not metrics or is_narration(document, wanted):
            return False
        if is_within(document, wanted):
            self._within |= metrics
            return True
        number = self._numbered(metrics.pop("epoch", None), self._task.report.epoch_number)
        epochs = whole(metrics.pop("epochs", None))
        if not metrics:
            self._empty = (
                f"; its line {short(json.dumps(document))} has an epoch and no metric that is a number"
            )
        self._within |= metrics
        self._tell(number, epochs or None)
        return True

    def _note(self, line: bytes) -> None:
        """Keep a line of the log in mind; say once of one that was meant as metrics that they are lost."""
        self._last = line[-FAR:] if line.strip(BLANK) else self._last
        fault = lost(line, self._task.spec.metric, child.LONGEST)
        if fault and not self._lost and self._task.report.metrics:
            self._task.report.alert(f"metrics of the command are lost: {fault}")
        self._lost = fault or self._lost

    def _tell(self, number: int, epochs: int | None) -> None:
        """Say how an epoch went, with what was heard of its parts."""
        metrics, self._within = self._within, {}
        if self._task.checking and (bad := hopeless(metrics, self._task.spec.metric)):
            raise Mistake(f"{bad} is {metrics[bad]} in epoch {number}")
        if self._earlier is not None and not self._task.report.epoch_number:
            inherit(self._task, self._earlier, number - 1)
        self._task.report.epoch(number, epochs, metrics)

    def _seen_enough(self) -> bool:
        report = self._task.report
        return bool(report.epoch_number) and self._enough.seen(report.epoch_number, report.metrics)

    def _numbered(self, said: float | None, before: int) -> int:
        """The epoch's number from 1 on; a line that does not say it, or says no number, is the next one."""
        number = whole(said)
        if number is None:
            if said is not None and not self._odd:
                self._task.report.alert(f"the command calls an epoch {said}; it is counted as the next one")
                self._odd = True
            return before + 1
        return self._numbering.number(number)

    def _meant(self) -> str:
        """What was meant as metrics and could not be read as such, and why."""
        printed = self._task.folder.tail(FAR).splitlines()
        fault = self._empty or fault_of(printed, self._task.spec.metric)
        if not fault and self._deserted:
            return f"; what it has left running was not waited for: {WAIT}"
        return fault or (f"; {self._lost}" if self._lost else last_words(self._last))

    def _outlive(self) -> None:
        self._outlived = True

    def _tell_of_children(self) -> None:
        """Say once that it is not the command that reports, which has ended, but what it left running."""
        if self._outlived and not self._told:
            self._told = True
            self._task.report.alert(
                f"the command has ended, and what it left running reports for it while it is heard: {WAIT}"
            )


def _why(task: Task, code: int) -> str:
    """How the command ended, with the last thing it said."""
    said = [line for line in task.folder.tail(4096).splitlines() if line.strip()]
    last = next((headline(line) for line in reversed(said) if is_text(line)), "")
    sentence = f"the command ended with {child.how_it_ended(code)}" + (f": {last}" if last else "")
    sentence += of_windows(_filled(task))
    if code in KILLED and killed_since(task.folder):
        return out_of_memory("host", f"the kernel ended the command ({last or 'SIGKILL'})", task.spec.params)
    return with_memory(sentence, "\n".join(said), task.spec)
