"""What watching a training costs beside a bare `fit`: same process, same model, in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from math import sqrt
from pathlib import Path
from statistics import mean, median, stdev

ROUNDS = 8
"""Blocks of each kind, in an order that turns round by round."""
AIM = 1.0
"""Per cent of the training that our own watching may cost."""
KINDS = {
    "again": "nothing: another bare `fit`",
    "planner": "everything the worker adds around `fit`",
    "csv": "keras.callbacks.CSVLogger",
    "tensorboard": "keras.callbacks.TensorBoard",
    "mlflow": "mlflow.keras.MlflowCallback",
}
"""What is compared, by the name its seconds go under."""

Block = dict[str, list[float]]


def main() -> None:
    """Print the cost of each in per cent of a bare epoch, and in seconds a run."""
    with tempfile.TemporaryDirectory() as scratch:
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, "-m", "benchmarks.watched", scratch, str(ROUNDS)]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = json.loads(Path(scratch, "seconds.json").read_text())
    took: dict[str, list[Block]] = told["took"]
    bare = took["bare"]
    epoch = median(_every(bare, "epoch"))
    print(f"  {told['weights']:,} weights, epochs of {epoch:.2f} s, {ROUNDS} blocks of each kind in turn")
    print(
        f"  {'':40} {'between':>9} {'beside':>9} {'whole epochs, CPU':>24} {'whole epochs, clock':>24} a run"
    )
    for kind, what in KINDS.items():
        if kind not in took:
            print(f"  {what:40} not installed")
            continue
        between, beside = (
            100 * (mean(_every(took[kind], what)) - mean(_every(bare, what))) / epoch
            for what in ("between", "beside")
        )
        once = median(_every(took[kind], "once")) - median(_every(bare, "once"))
        whole = f"{_whole(took[kind], bare, 'cpu'):>24} {_whole(took[kind], bare, 'epoch'):>24}"
        print(f"  {what:40} {f'{between:+.2f} %':>9} {f'{beside:+.2f} %':>9} {whole} {once:+.2f} s")
    print(f"  aim: the planner under {AIM:.0f} % of a training; what is done between epochs, and by its own")
    print(
        "  threads beside them, can be told exactly; whole epochs (mean of the rounds, and its range of 95 %)"
    )
    print("  also hold the noise of the machine: how much of that there is, another bare `fit` says")


def _every(blocks: list[Block], what: str) -> list[float]:
    return [seconds for block in blocks for seconds in block[what]]


def _whole(watched: list[Block], bare: list[Block], what: str) -> str:
    """The mean of the rounds, each against its own bare block, and where it lies by 95 %, in per cent."""
    pairs = zip(watched, bare, strict=True)
    shares = [100 * (sum(one[what]) / sum(other[what]) - 1) for one, other in pairs]
    around = 1.96 * stdev(shares) / sqrt(len(shares))
    return f"{mean(shares):+.2f} % ({mean(shares) - around:+.2f} to {mean(shares) + around:+.2f})"
