"""How the libraries say that memory was not enough, whose it was, and what may help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Whose = Literal["GPU", "host"]

OUT_OF_MEMORY = "out of memory"
"""Begins the cause of every run that asked for more than there is."""
SHORT = re.compile(
    r"out of memory|\bOOM\b|oom.?kill|MemoryError|bad_alloc|bad allocation|Cannot allocate memory"
    r"|(?:can't|cannot|failed to|could not|unable to|not enough memory.{0,40}) allocate "
    r"(?:memory|buffer|[\d.]+ ?(?:[KMGTP]i?B|bytes))"
    r"|_ALLOC_FAILED|_OUT_OF_MEMORY|cudaErrorMemoryAllocation"
    r"|RESOURCE_EXHAUSTED: .{0,40}(?:memory|alloc)|ResourceExhaustedError.{0,200}(?:memory|alloc)",
    re.IGNORECASE | re.DOTALL,
)
"""That memory was not enough."""
SURELY_OF_HOST = re.compile(
    r"device:CPU|DefaultCPUAllocator|mklcpu|allocator cpu|\bCPU_\d"
    r"|Unable to allocate [\d.]+ [KMGTP]iB for an array"
)
"""That it was the host's, although a GPU may be named beside it."""
OF_GPU = re.compile(
    r"\bCUDA|\bCU(?:BLAS|DNN|FFT|SPARSE|SOLVER)|\bHIP\b|\bMPS\b|\bXPU\b|\bGPU|\bHBM\b|\bNCCL|:GPU",
    re.IGNORECASE,
)
"""That it was a GPU's."""
OF_HOST = re.compile(
    r"(?<!Of)MemoryError|bad_alloc|Cannot allocate memory|oom.?kill|Killed process|the kernel"
)
"""That it was the host's."""
HARMLESS = re.compile(r"^[^\n]*not a failure[^\n]*", re.MULTILINE)
"""TensorFlow's word for memory it asked for and can do without."""
BATCH = ("batch_size", "batch", "bs", "train_batch_size", "per_device_train_batch_size", "minibatch_size")
"""Names under which people keep the number of examples in a batch."""


def whose_memory(text: str, *, on_gpu: bool = False) -> Whose | None:
    """Whose memory a text says was not enough; None when it says nothing of memory.

    Where it does not say whose, `on_gpu` decides: whether the run had a GPU.
    """
    said = HARMLESS.sub("", text)
    if SHORT.search(said) is None:
        return None
    if SURELY_OF_HOST.search(said):
        return "host"
    if OF_GPU.search(said):
        return "GPU"
    return "GPU" if on_gpu and not OF_HOST.search(said) else "host"


def out_of_memory(whose: Whose, said: str, params: Mapping[str, object]) -> str:
    """The cause of a run that ended for want of memory, with what may help."""
    return f"{OUT_OF_MEMORY} on the {whose}: {said}; {_advice(params)}"


def _advice(params: Mapping[str, object]) -> str:
    for name in BATCH:
        size = params.get(name)
        if isinstance(size, int) and not isinstance(size, bool) and size > 1:
            return f"a smaller {name} than {size} may fit"
    return "a smaller batch may fit"
