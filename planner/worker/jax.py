"""The parts of a run that are JAX's own."""

from __future__ import annotations

import sys


def device_facts() -> dict[str, object]:
    """Names of the GPUs Keras works on with it and its own peak memory in bytes; empty where it does not."""
    jax, keras = sys.modules.get("jax"), sys.modules.get("keras")
    if jax is None or keras is None or keras.config.backend() != "jax":
        return {}  # asking would be what makes it take a GPU
    gpus = [device for device in jax.devices() if device.platform != "cpu"]
    memory = [device.memory_stats() or {} for device in gpus]
    return {
        "gpus": [str(device.device_kind) for device in gpus],
        "peak_bytes": [int(stats["peak_bytes_in_use"]) for stats in memory if "peak_bytes_in_use" in stats],
    }
