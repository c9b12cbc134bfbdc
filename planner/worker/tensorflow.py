"""The parts of a run that are TensorFlow's own."""

from __future__ import annotations

import os
import sys
from typing import Any

DETERMINISTIC = "PLANNER_DETERMINISTIC"
"""Set to 1, this environment variable asks for operations that repeat to the last bit, which are slower."""


def prepare() -> None:
    """Settle what TensorFlow reads when it is first imported: quiet, and no more GPU memory than it needs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")


def deterministic() -> bool:
    """Whether operations that repeat to the last bit are asked for."""
    return os.environ.get(DETERMINISTIC) == "1"


def sow(tensorflow: Any, seed: int) -> None:
    """Seed TensorFlow, and hold it to deterministic operations where they are asked for."""
    tensorflow.random.set_seed(seed)
    if deterministic():
        tensorflow.config.experimental.enable_op_determinism()


def device_facts() -> dict[str, object]:
    """Names of the GPUs TensorFlow works on and its own peak memory in bytes; empty where it was not used."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if tensorflow is None or keras is None or keras.config.backend() != "tensorflow":
        return {}  # asking would be what makes it take a GPU
    gpus = tensorflow.config.list_logical_devices("GPU")
    details = [
        tensorflow.config.experimental.get_device_details(gpu)
        for gpu in tensorflow.config.list_physical_devices("GPU")
    ]
    return {
        "gpus": [str(detail.get("device_name", "unknown")) for detail in details],
        "peak_bytes": [
            int(tensorflow.config.experimental.get_memory_info(f"GPU:{number}")["peak"])
            for number in range(len(gpus))
        ],
    }
