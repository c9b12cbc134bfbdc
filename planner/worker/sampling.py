"""The GPU sampler, as a child of the worker: a lost GPU may kill it and nothing else."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from planner.worker.task import Task

PATIENCE = 2.0
"""Seconds the sampler has to end."""


@contextlib.contextmanager
def sampled(task: Task) -> Iterator[None]:
    """Read the GPUs while the block runs; whatever becomes of the sampler, the run goes on."""
    sampler = _start(task)
    try:
        yield
    finally:
        if sampler is not None:
            _end(task, sampler)


def _start(task: Task) -> subprocess.Popen[bytes] | None:
    command = [sys.executable, "-m", "planner.gpu.sampler"]
    command += ["--out", str(task.folder.gpu), "--pid", str(os.getpid())]
    if task.spec.device:
        command += ["--uuid", task.spec.device]
    try:
        # It looks by itself whether the worker lives: a pipe to it is one that a recipe could close.
        return subprocess.Popen(
            command,
            cwd=task.folder.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            process_group=0,
        )
    except OSError as error:
        task.report.alert(f"the GPU sampler could not start ({error.strerror})")
        return None


def _end(task: Task, sampler: subprocess.Popen[bytes]) -> None:
    code = sampler.poll()
    if code:
        how = f"exit {code}" if code > 0 else f"signal {-code}"
        task.report.alert(f"the GPU sampler died ({how}): the GPU's readings are not complete")
    sampler.terminate()
    try:
        sampler.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        sampler.kill()
        sampler.wait()
