"""Want of memory is told from other deaths, with whose memory it was and what may help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.domain.event import Ended
from planner.domain.exhausted import out_of_memory, whose_memory
from tests.worker.making import make, prepare

GPU = [
    "ResourceExhaustedError: Graph execution error: OOM when allocating tensor with shape[64,512] and type "
    "float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc [Op:MatMul]",
    "failed to allocate 3.91G (4194304000 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory",
    "F external/local_xla/xla/stream_executor/cuda/cuda_driver.cc:152] Failed setting context: "
    "CUDA_ERROR_OUT_OF_MEMORY: out of memory",
    "XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 68719476736 bytes on GPU.",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has 8 GiB",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
    "RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
    "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    "RuntimeError: CUDA error: out of memory",
    "RuntimeError: HIP out of memory. Tried to allocate 512.00 MiB",
    "RuntimeError: MPS backend out of memory (MPS allocated: 17.92 GB, other allocations: 1.21 GB)",
    "thrust::system::detail::bad_alloc: cudaErrorMemoryAllocation: out of memory",
    "E0000 cuda_dnn.cc:522] Loaded cuDNN; CUDNN_STATUS_ALLOC_FAILED: failed to allocate memory for handle",
]
HOST = [
    "MemoryError",
    "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 7.28 TiB for an array",
    "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
    "ResourceExhaustedError: {{function_node __wrap}} OOM when allocating tensor with shape[100000,100000]"
    " and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu [Op:Mul]",
    "RuntimeError: [enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)",
    "OSError: [Errno 12] Cannot allocate memory",
    "slurmstepd: error: Detected 1 oom_kill event in StepId=123.batch. Some steps have been OOM Killed.",
    "Out of memory: Killed process 4711 (python) total-vm:16GB",
    "XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory allocating 8589934592 bytes.",
    "joblib.externals.loky.process_executor.TerminatedWorkerError: ... or by the OOM killer; OOM",
]
NEITHER = [
    "ValueError: Shapes (None, 10) and (None, 7) are incompatible",
    "RESOURCE_EXHAUSTED: Received message larger than max (4194305 vs. 4194304)",
    "ResourceExhaustedError: No space left on device",
    "W bfc_allocator.cc:291] Allocator (GPU_0_bfc) ran out of memory trying to allocate 2.3GiB. The caller "
    "indicates that this is not a failure, but this may mean that there could be performance gains",
    "FileNotFoundError: memory.npy",
    "KeyError: 'room'",
    "IndexError: index 3 is out of bounds",
    "Segmentation fault (core dumped)",
]


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        *((text, "GPU") for text in GPU),
        *((text, "host") for text in HOST),
        *((text, None) for text in NEITHER),
    ],
)
def test_each_library_says_it_in_its_own_words(text: str, whose: str | None) -> None:
    assert whose_memory(text) == whose


def test_where_nobody_says_whose_the_run_with_a_gpu_means_the_gpu() -> None:
    said = "XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory allocating 8589934592 bytes."
    assert whose_memory(said, on_gpu=True) == "GPU"
    assert whose_memory("MemoryError", on_gpu=True) == "host"


def test_the_present_size_of_a_batch_is_named() -> None:
    assert out_of_memory("GPU", "x", {"batch_size": 64}).endswith("; a smaller batch_size than 64 may fit")
    assert out_of_memory("GPU", "x", {"batch_size": 1}).endswith("; a smaller batch may fit")


def test_an_array_that_does_not_fit_is_named_on_the_row(tmp_path: Path) -> None:
    recipe = "import numpy\ndef recipe(params, run):\n  numpy.ones((10**7, 10**7))"
    cause = make(tmp_path, recipe, params={"batch_size": 256}).ended.cause
    assert cause.startswith(
        "out of memory on the host: MemoryError: Unable to allocate 728. TiB for an array"
    )
    assert cause.endswith("(experiment.py:3); a smaller batch_size than 256 may fit")


def test_want_of_memory_behind_another_error_is_found(tmp_path: Path) -> None:
    recipe = """
        def recipe(params, run):
            try:
                raise MemoryError
            except MemoryError as error:
                raise RuntimeError("the loader gave up") from error
    """
    cause = make(tmp_path, recipe).ended.cause
    assert cause == (
        "out of memory on the host: RuntimeError: the loader gave up (experiment.py:6); "
        "a smaller batch may fit"
    )


def test_a_process_that_may_have_no_more_memory_still_has_its_last_word(tmp_path: Path) -> None:
    recipe = """
        import resource

        def recipe(params, run):
            room = 1 << 30
            resource.setrlimit(resource.RLIMIT_AS, (room, room))
            held = []
            while True:
                held.append(bytearray(16 << 20))
    """
    folder = prepare(tmp_path, recipe)
    done = subprocess.run([sys.executable, "-m", "planner.worker", str(folder.path)], capture_output=True)
    ended = folder.read_events()[0][-1]
    assert done.returncode == 1
    assert isinstance(ended, Ended)
    assert ended.cause.startswith("out of memory on the host: MemoryError (experiment.py:")


@pytest.mark.keras
def test_a_tensor_that_does_not_fit_is_named_on_the_row(tmp_path: Path) -> None:
    recipe = """
        import tensorflow as tf

        def recipe(params, run):
            tf.ones((10**7, 10**7))
    """
    cause = make(tmp_path, recipe).ended.cause
    assert cause.startswith("out of memory on the host: ResourceExhaustedError: OOM when allocating")
    assert cause.endswith("a smaller batch may fit")
