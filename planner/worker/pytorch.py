"""The parts of a run that are PyTorch's own."""

from __future__ import annotations

import sys
from typing import Any


def generators() -> dict[str, Any]:
    """The states of its generators, which shuffle the batches, as arrays; empty where nobody imported it."""
    torch = sys.modules.get("torch")
    if torch is None:
        return {}
    gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    return {"cpu": torch.get_rng_state().numpy(), "gpus": [state.numpy() for state in gpus]}


def put_back(states: dict[str, Any]) -> None:
    """Make the generators what they were."""
    torch = sys.modules.get("torch")
    if torch is None or not states:
        return
    torch.set_rng_state(torch.from_numpy(states["cpu"].copy()))
    for gpu, state in enumerate(states["gpus"][: torch.cuda.device_count()]):
        torch.cuda.set_rng_state(torch.from_numpy(state.copy()), gpu)


def device_facts() -> dict[str, object]:
    """Names of the GPUs it works on and its own peak memory in bytes; empty where it used none."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return {}  # asking would be what makes it take a GPU
    numbers = range(torch.cuda.device_count())
    return {
        "gpus": [str(torch.cuda.get_device_name(number)) for number in numbers],
        "peak_bytes": [int(torch.cuda.max_memory_allocated(number)) for number in numbers],
    }
