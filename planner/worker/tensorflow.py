"""The parts of a run that are TensorFlow's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
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


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a graph, one for each shape of its arguments until they are too many."""
    import tensorflow

    graph: Callable[..., Any] = tensorflow.function(function, autograph=False, reduce_retracing=True)
    return graph


def repeated(step: Callable[[Any], Any], examples: Any) -> Callable[[Any, Any], Any]:
    """`step`, which answers a float of one batch, as one graph of many steps in turn.

    Given tensors as nested as `examples`, any number of rows each, and the places (k, batch) of each step's
    rows, it answers (k,) floats.
    """
    import tensorflow

    def taken(several: Any, places: Any) -> Any:
        return tensorflow.nest.map_structure(lambda leaf: tensorflow.gather(leaf, places), several)

    def many(several: Any, order: Any) -> Any:
        return tensorflow.map_fn(
            lambda places: step(taken(several, places)),
            order,
            fn_output_signature=tensorflow.float32,
            parallel_iterations=1,  # each step begins with the weights that the one before has left
        )

    def rows(leaf: Any) -> Any:
        return tensorflow.TensorSpec((None, *leaf.shape[1:]), leaf.dtype)

    order = tensorflow.TensorSpec((None, None), tensorflow.int64)
    signature = (tensorflow.nest.map_structure(rows, examples), order)
    graph: Callable[..., Any] = tensorflow.function(many, autograph=False, input_signature=signature)
    return graph
