"""Which GPU the next run gets, and why it gets none."""

from dataclasses import replace

import pytest

from planner.domain.gpu import GpuReading, GpuState, GpuUser
from planner.gpu.choice import choose, slots, visible
from tests.gpu.library import GIB


def gpu(index: int, *, used: float | None = 0.0, total: float | None = 80.0) -> GpuReading:
    return GpuReading(
        at="2026-11-21T07:00:00.000Z",
        index=index,
        uuid=f"GPU-{index}{index}{index}{index}",
        memory_used=None if used is None else int(used * GIB),
        memory_total=None if total is None else int(total * GIB),
    )


def machine(*readings: GpuReading, users: tuple[GpuUser, ...] = ()) -> GpuState:
    return GpuState(readings=readings, users=users)


def test_the_gpu_with_the_most_free_memory_is_taken() -> None:
    assert choose(machine(gpu(0, used=30), gpu(1, used=1), gpu(2, used=9)), set()) == ("GPU-1111", "")


def test_a_leased_gpu_is_left_to_the_run_that_holds_it() -> None:
    assert choose(machine(gpu(0), gpu(1, used=20)), {"GPU-0000"}) == ("GPU-1111", "")


def test_a_gpu_that_somebody_else_fills_is_named_with_who_uses_it() -> None:
    ours = GpuUser(index=1, pid=99, name="other", memory=GIB)
    theirs = GpuUser(index=0, pid=12345, name="python", memory=70 * GIB)
    state = machine(gpu(0, used=77.9), users=(theirs, ours))
    assert choose(state, set()) == (None, "GPU 0 has 2.1 of 80 GiB free: 12345 python uses it")


def test_every_gpu_that_is_not_free_has_its_reason() -> None:
    lost = replace(gpu(2), fault="lost")
    device, reason = choose(machine(gpu(0, used=77.9), gpu(1), lost), {"GPU-1111"})
    assert device is None
    assert reason == "GPU 0 has 2.1 of 80 GiB free; GPU 1 runs another run of the planner; GPU 2 is lost"


def test_a_desktop_s_own_windows_do_not_make_a_small_gpu_somebody_else_s() -> None:
    assert choose(machine(gpu(0, used=1.5, total=8)), set()) == ("GPU-0000", "")


def test_a_run_that_needs_more_than_is_free_waits() -> None:
    device, reason = choose(machine(gpu(0, used=30)), set(), needs=60 * GIB)
    assert device is None
    assert reason == "GPU 0 has 50 of 80 GiB free and the run needs 60"


def test_a_gpu_that_hides_its_memory_is_taken_for_free() -> None:
    assert choose(machine(gpu(0, used=None, total=None)), set()) == ("GPU-0000", "")


def test_a_gpu_without_a_uuid_cannot_be_given_to_a_run() -> None:
    assert choose(machine(replace(gpu(0), uuid=None)), set()) == (None, "GPU 0 does not tell its UUID")


def test_without_a_gpu_there_is_nothing_to_wait_for() -> None:
    assert choose(GpuState(absent="no GPU"), set()) == (None, "")


def test_there_is_a_slot_for_each_free_gpu() -> None:
    assert slots(machine(gpu(0), gpu(1, used=79), gpu(2), gpu(3)), {"GPU-3333"}) == 2


def test_a_cpu_box_has_one_slot() -> None:
    assert slots(GpuState(absent="no GPU"), set()) == 1


@pytest.mark.parametrize(
    ("allowed", "seen"),
    [
        (None, [0, 1, 2]),
        ("1", [1]),
        ("0,2", [0, 2]),
        (" GPU-11 ", [1]),
        ("GPU-0000,GPU-2222", [0, 2]),
        ("", []),
        ("-1", []),
        ("NoDevFiles", []),
    ],
)
def test_only_what_cuda_may_see_counts(allowed: str | None, seen: list[int]) -> None:
    state = visible(machine(gpu(0), gpu(1), gpu(2)), allowed)
    assert [reading.index for reading in state.readings] == seen
    assert bool(state.absent) == (not seen)
