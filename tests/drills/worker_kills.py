"""Workers that train a real Keras model, killed at a random moment: what is left of each is looked at."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

import psutil

from planner.dispatcher.settle import settled
from planner.domain.event import Ended, Progress
from planner.domain.run import SPEC_FORMAT, Run, Spec
from planner.executors.local import LocalExecutor, LocalJob
from planner.executors.process import carries
from planner.rules.progress import fold
from planner.store.runfolder import RunFolder
from tests.drills.figure import Figure

RECIPE = """
import keras
import numpy as np
from planner import Trial
from planner.worker import checkpoint

checkpoint.EVERY = checkpoint.PATIENCE = 0.0  # a kill shall find the worker saving, too


def recipe(params):
    draw = np.random.default_rng(0)
    y = draw.integers(0, 3, 96)
    x = (np.eye(3)[y] + draw.normal(0, 0.3, (96, 3))).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return Trial(model, (x[:64], y[:64]), (x[64:], y[64:]), fit={"epochs": params["epochs"]})
"""
EPOCHS = 15
AT_ONCE = 2
"""Workers beside each other: one is mostly busy importing."""
PATIENCE = 600.0
"""Seconds after which what should happen has failed to."""


@dataclass(frozen=True)
class Whole:
    """A run that nobody killed."""

    lines: list[dict[str, Any]]
    """Its events."""
    seconds: float
    """How long it took, from its start to its end."""


def worker_kills(times: int, folder: Path, seed: int) -> Figure:
    """Kill so many real workers of one recipe and seed, each at its own moment."""
    project = folder / "project"
    project.mkdir(parents=True)
    (project / "experiment.py").write_text(RECIPE)
    draw = random.Random(seed)
    whole = _unkilled(folder)
    moments = [_moment(draw, whole) for _ in range(times)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        killed = list(threads.map(lambda each: _killed(folder, whole, *each), enumerate(moments)))
    faults = [f"{name}: {fault}" for name, found in killed for fault in found]
    phases = Counter(name for name, _ in killed)
    note = faults[0] if faults else ", ".join(f"{count} {name}" for name, count in sorted(phases.items()))
    held = sum(not found for _, found in killed)
    return Figure(what="worker with real Keras killed at a random moment", tried=times, held=held, note=note)


def _unkilled(folder: Path) -> Whole:
    start = time.monotonic()
    run = _prepared(folder, "r0-whole")
    job = LocalExecutor().submit(run)
    _until(lambda: not job.alive())
    lines = _lines(run)
    assert lines[-1]["status"] == "finished", run.tail()
    return Whole(lines, time.monotonic() - start)


def _moment(draw: random.Random, whole: Whole) -> tuple[int, float]:
    """After how many lines of the history, and how many seconds after the last of them."""
    if draw.random() < 0.3:
        return 0, draw.uniform(0, whole.seconds)
    return draw.randrange(1, len(whole.lines) + 1), draw.choice((0.0, draw.uniform(0, 0.05)))


def _killed(folder: Path, whole: Whole, number: int, moment: tuple[int, float]) -> tuple[str, list[str]]:
    """One worker killed: where it stood, and what was not as it must be afterwards."""
    run = _prepared(folder, f"r{number + 1}-kill")
    job = LocalExecutor().submit(run)
    worker = psutil.Process(int(job.id.split("/")[1]))
    after, pause = moment
    _until(lambda: not job.alive() or _count(run) >= after)
    time.sleep(pause)
    with contextlib.suppress(psutil.NoSuchProcess):
        worker.kill()
    _until(lambda: not job.alive())
    return _phase(run), list(_faults(run, job, whole))


def _faults(run: RunFolder, job: LocalJob, whole: Whole) -> list[str]:
    lines = _lines(run)
    return [
        fault
        for fault in (
            _history(lines, whole.lines),
            _state(run, job, lines),
            _checkpoint(run),
            _left_running(run),
            _reading(run),
        )
        if fault
    ]


def _history(lines: Sequence[dict[str, Any]], whole: Sequence[dict[str, Any]]) -> str:
    """The whole lines are the first of those that an unkilled run writes."""
    if len(lines) > len(whole):
        return f"{len(lines)} lines of history, and {len(whole)} without a kill"
    odd = [
        place for place, (line, other) in enumerate(zip(lines, whole, strict=False)) if not _same(line, other)
    ]
    return f"line {odd[0] + 1} of the history is {lines[odd[0]]}" if odd else ""


def _same(line: dict[str, Any], other: dict[str, Any]) -> bool:
    metrics, others = line.get("metrics", {}), other.get("metrics", {})
    return (
        line["event"] == other["event"]
        and line.get("epoch") == other.get("epoch")
        and metrics.keys() == others.keys()
        and all(isclose(value, others[name], rel_tol=1e-6, abs_tol=1e-9) for name, value in metrics.items())
    )


def _state(run: RunFolder, job: LocalJob, lines: Sequence[dict[str, Any]]) -> str:
    """Crashed by signal 9 after the epochs it has told of, unless its last word was out."""
    events, _ = run.read_events()
    told = Run(
        id=run.id, idea=1, baseline=1, rung="full", seed=1, params={}, queued_at="", order=0, status="running"
    )
    ended = settled(
        told, fold(Progress(), events), metric="val_accuracy", exit_code=job.exit_code(), folder=run, at=""
    )
    if any(isinstance(event, Ended) for event in events):
        return "" if ended.status == "finished" and ended.value is not None else f"settled as {ended.status}"
    epochs = sum(line["event"] == "epoch" for line in lines)
    cause = "ended by signal 9 (SIGKILL)" + (f" after epoch {epochs}" if epochs else "")
    return "" if (ended.status, ended.cause) == ("crashed", cause) else f"{ended.status}: {ended.cause}"


def _checkpoint(run: RunFolder) -> str:
    """The last checkpoint, where there is one, loads and answers."""
    import keras
    import numpy as np

    path = run.checkpoints / "last.keras"
    if not path.exists():
        return ""
    try:
        answers = keras.models.load_model(path).predict(np.zeros((1, 3)), verbose=0)
    except Exception as error:  # whatever is wrong with it is what the drill is to find
        return f"the checkpoint does not load: {error}"
    return "" if answers.shape == (1, 3) else "the checkpoint gives no answer"


def _left_running(run: RunFolder) -> str:
    mark = str(run.path.absolute())
    left = [pid for pid in psutil.pids() if carries(pid, mark)]
    return f"{len(left)} processes live on" if left else ""


def _reading(run: RunFolder) -> str:
    """Every reader of the folder gets on with what lies there."""
    for read in (
        run.read_spec,
        run.read_context,
        run.read_evaluation,
        run.read_gpu,
        run.tail,
        run.read_claim,
    ):
        try:
            read()
        except Exception as error:  # likewise
            return f"{read.__name__}: {error}"
    return ""


def _phase(run: RunFolder) -> str:
    lines = _lines(run)
    if not run.claim.exists():
        return "before the claim"
    if lines and lines[-1]["event"] == "ended":
        return "after the last word"
    if any(line["event"] == "epoch" for line in lines):
        return "training"
    return "starting"


def _prepared(folder: Path, name: str) -> RunFolder:
    spec = Spec(
        format=SPEC_FORMAT,
        run=name,
        project=str(folder / "project"),
        rung="full",
        seed=1,
        params={"epochs": EPOCHS},
        metric="val_accuracy",
        direction="max",
        entry="experiment:recipe",
    )
    return RunFolder.create(folder / "runs", spec)


def _lines(run: RunFolder) -> list[dict[str, Any]]:
    """The whole lines of the history; an unfinished one at its end is none."""
    data = run.events.read_bytes() if run.events.exists() else b""
    return [json.loads(line) for line in data[: data.rfind(b"\n") + 1].splitlines()]


def _count(run: RunFolder) -> int:
    return run.events.read_bytes().count(b"\n") if run.events.exists() else 0


def _until(holds: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up, "it never came to that"
        time.sleep(0.002)
