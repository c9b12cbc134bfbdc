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

Block = dict[str, list[float]]


def main() -> None:
    """Print the cost of each in per cent of a bare epoch, with its quartiles, and in seconds a run."""
    with tempfile.TemporaryDirectory() as scratch:
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "benchmarks.watched", scratch, str(ROUNDS)]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = json.loads(Path(scratch, "seconds.json").read_text())
    took: dict[str, list[Block]] = told["took"]
    bare = took["bare"]
    epoch = median(_every(bare, "epoch"))
    print(f"  {told['weights']:,} weights, epochs of {epoch:.2f} s, {ROUNDS} blocks of each kind in turn")
    print(f"  {'':42} {'between epochs':18} {'of whole epochs':26} once a run")
    for kind, what in KINDS.items():
        if kind not in took:
            print(f"  {what:42} not installed")
            continue
        between = 100 * (median(_every(took[kind], "between")) - median(_every(bare, "between"))) / epoch
        once = median(_every(took[kind], "once")) - median(_every(bare, "once"))
        print(f"  {what:42} {f'{between:+.2f} %':18} {_whole(took[kind], bare):26} {once:+.2f} s")
    print(
        f"  aim: the planner under {AIM:.0f} % of a training; what lies between epochs can be told exactly,"
    )
    print("  whole epochs also hold what runs beside them, and the noise of the machine")


def _every(blocks: list[Block], what: str) -> list[float]:
    return [seconds for block in blocks for seconds in block[what]]


def _whole(watched: list[Block], bare: list[Block]) -> str:
    """The median over the rounds, each against its own bare block, and the quartiles, in per cent."""
    pairs = zip(watched, bare, strict=True)
    shares = [100 * (median(one["epoch"]) / median(other["epoch"]) - 1) for one, other in pairs]
    low, middle, high = quantiles(shares, n=4)
    return f"{middle:+.2f} % ({low:+.2f} to {high:+.2f})"
