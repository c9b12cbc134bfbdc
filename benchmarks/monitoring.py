"""What watching a training costs beside a bare `fit`: same process, same model, in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

ROUNDS = 12
"""Blocks of each kind, in an order that turns round by round."""
AIM = 1.0
"""Per cent of the training that our own watching may cost."""
KINDS = {
    "planner": "everything the worker adds around `fit`",
    "csv": "keras.callbacks.CSVLogger",
    "tensorboard": "keras.callbacks.TensorBoard",
    "mlflow": "mlflow.keras.MlflowCallback",
}
"""What is compared, by the name its seconds go under."""


def main() -> None:
    """Print the cost of each in per cent of the bare training, with its quartiles."""
    with tempfile.TemporaryDirectory() as scratch:
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "benchmarks.watched", scratch, str(ROUNDS)]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)
        told = json.loads(Path(scratch, "seconds.json").read_text())
    took = told["took"]
    bare = _of(took["bare"], "wall")
    epochs, epoch = told["epochs"], median(bare) / told["epochs"]
    print(f"  {told['weights']:,} weights; {ROUNDS} blocks each of {epochs} epochs of {epoch:.2f} s")
    print(f"  {'':42} {'of the time':26} {'of the processors':26} once a run")
    for kind, what in KINDS.items():
        if kind not in took:
            print(f"  {what:42} not installed")
            continue
        wall, cpu = (_added(_of(took[kind], clock), _of(took["bare"], clock)) for clock in ("wall", "cpu"))
        once = median(_of(took[kind], "once")) - median(_of(took["bare"], "once"))
        print(f"  {what:42} {wall:26} {cpu:26} {once:+.2f} s")
    print(f"  aim: the planner under {AIM:.0f} % of a training, what comes once a run included")


def _of(blocks: list[dict[str, float]], clock: str) -> list[float]:
    return [block[clock] for block in blocks]


def _added(watched: list[float], bare: list[float]) -> str:
    """The median over the rounds, each against its own bare block, and the quartiles, in per cent."""
    shares = [100 * (one / other - 1) for one, other in zip(watched, bare, strict=True)]
    low, middle, high = quantiles(shares, n=4)
    return f"{middle:+.2f} % ({low:+.2f} to {high:+.2f})"
