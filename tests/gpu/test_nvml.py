"""The door to NVML: a value or None, whatever the driver does."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pynvml
import pytest

from planner.domain.gpu import GpuReading
from planner.gpu.nvml import NO_GPU, Door, driver_may_be_here
from planner.gpu.readings import read
from tests.gpu.library import (
    CALLS,
    CODES,
    GIB,
    Card,
    FakeLibrary,
    refusing,
    sliced,
    two_cards,
    without_driver,
)

FIELDS = {
    "nvmlDeviceGetUUID": {"uuid"},
    "nvmlDeviceGetName": {"name"},
    "nvmlDeviceGetUtilizationRates": {"utilisation"},
    "nvmlDeviceGetMemoryInfo": {"memory_used", "memory_total"},
    "nvmlDeviceGetPowerUsage": {"power"},
    "nvmlDeviceGetTotalEnergyConsumption": {"energy"},
}
"""What a call is the only source of."""

REFUSALS = [
    *(pytest.param(pynvml.NVMLError(code), id=f"error-{code}") for code in CODES),
    pytest.param(AttributeError("no such function"), id="missing-in-the-package"),
    pytest.param(pynvml.NVMLLibraryMismatchError("other release"), id="other-release"),
    pytest.param(TypeError("takes 1 argument"), id="other-signature"),
    pytest.param(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no text"), id="garbled"),
]


def reading_of(library: FakeLibrary) -> GpuReading:
    with Door(library) as door:
        (reading,) = read(door).readings
    return replace(reading, at="")


def test_a_whole_card_answers_everything() -> None:
    assert reading_of(FakeLibrary(Card())) == GpuReading(
        at="",
        index=0,
        uuid="GPU-5fe9a1c2-0000-4000-8000-000000000000",
        name="NVIDIA A100-SXM4-80GB",
        utilisation=87.0,
        memory_used=int(31.2 * GIB),
        memory_total=80 * GIB,
        temperature=64.0,
        power=243.211,
        energy=7200.0,
    )


@pytest.mark.parametrize("code", [pynvml.NVML_ERROR_LIBRARY_NOT_FOUND, pynvml.NVML_ERROR_DRIVER_NOT_LOADED])
def test_a_machine_without_a_driver_calmly_has_no_gpu(code: int) -> None:
    with Door(refusing(code)) as door:
        assert read(door).absent == NO_GPU


def test_a_driver_with_nothing_to_drive_calmly_has_no_gpu() -> None:
    with Door(FakeLibrary()) as door:
        assert read(door).absent == NO_GPU


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("call", ["nvmlInit", "nvmlDeviceGetCount"])
def test_a_driver_that_cannot_be_opened_gives_a_reason_and_no_crash(call: str, code: int) -> None:
    library = FakeLibrary(Card())
    library.failures[call] = pynvml.NVMLError(code)
    with Door(library) as door:
        state = read(door)
    assert state.absent
    assert state.readings == ()


def test_a_mismatched_driver_says_so_in_its_own_words() -> None:
    with Door(refusing(pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH)) as door:
        assert door.absent == "GPU state not available: RM has detected an NVML/RM version mismatch."


@pytest.mark.parametrize("error", REFUSALS)
@pytest.mark.parametrize("call", CALLS)
def test_a_refused_call_costs_its_own_field_and_no_other(call: str, error: Exception) -> None:
    library = FakeLibrary(Card())
    whole = reading_of(library)
    library.asked.clear()
    library.failures[call] = error
    found = reading_of(library)
    lost = getattr(error, "value", None) == pynvml.NVML_ERROR_GPU_IS_LOST
    if lost and call in library.asked:
        assert found.fault == "lost"
        return
    differing = {name for name in GpuReading.__slots__ if getattr(found, name) != getattr(whole, name)}
    assert differing == FIELDS.get(call, set())


@pytest.mark.parametrize("error", REFUSALS)
@pytest.mark.parametrize(
    "call", ["nvmlDeviceGetHandleByIndex", "nvmlDeviceGetMigDeviceHandleByIndex", "nvmlShutdown"]
)
def test_a_refused_handle_leaves_a_card_that_says_nothing(call: str, error: Exception) -> None:
    library = sliced()
    library.failures[call] = error
    with Door(library) as door:
        assert {reading.index for reading in read(door).readings} == {0}


def test_an_old_driver_is_asked_for_heat_the_older_way() -> None:
    library = FakeLibrary(Card())
    library.failures["nvmlDeviceGetTemperatureV"] = pynvml.NVMLError(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)
    assert reading_of(library).temperature == 64.0


def test_a_name_of_bytes_becomes_text() -> None:
    assert reading_of(FakeLibrary(Card(name=b"Tesla V100"))).name == "Tesla V100"


def test_a_card_cut_into_slices_shows_the_slices_with_what_they_tell() -> None:
    with Door(sliced()) as door:
        readings = read(door).readings
    assert [reading.uuid for reading in readings] == [
        "MIG-00000000-0000-4000-8000-000000000000",
        "MIG-00000001-0000-4000-8000-000000000000",
    ]
    assert [reading.memory_used for reading in readings] == [0, GIB]
    assert {(r.utilisation, r.temperature, r.power, r.energy) for r in readings} == {(None, None, None, None)}


def test_a_card_that_falls_off_the_bus_is_flagged_and_the_other_is_still_read() -> None:
    library = two_cards()
    with Door(library) as door:
        assert [reading.fault for reading in read(door).readings] == [None, None]
        library.cards[0].lost = True
        lost, well = read(door).readings
    assert (lost.fault, lost.utilisation, lost.power) == ("lost", None, None)
    assert lost.uuid == library.cards[0].uuid
    assert (well.fault, well.utilisation) == (None, 0.0)


def test_a_lost_card_is_asked_no_more() -> None:
    library = FakeLibrary(Card())
    with Door(library) as door:
        library.cards[0].lost = True
        read(door)
        library.asked.clear()
        read(door)
    assert library.asked == []


def test_a_card_that_was_lost_before_is_shown_as_lost() -> None:
    with Door(FakeLibrary(Card(lost=True))) as door:
        assert [reading.fault for reading in read(door).readings] == ["lost"]


def test_no_driver_means_that_nothing_is_asked() -> None:
    library = without_driver()
    with Door(library) as door:
        read(door)
    assert library.asked == []


@pytest.mark.parametrize(
    "sign", ["proc/driver/nvidia", "dev/nvidia0", "dev/nvhost-ctrl", "dev/nvmap", "dev/dxg"]
)
def test_whatever_the_kernel_shows_of_a_driver_is_worth_asking_it(tmp_path: Path, sign: str) -> None:
    for other in ("dev/nvme0", "dev/null", "proc/driver/rtc"):
        (tmp_path / other).mkdir(parents=True)
    assert not driver_may_be_here(tmp_path)
    (tmp_path / sign).mkdir(parents=True)
    assert driver_may_be_here(tmp_path)


@pytest.mark.skipif(driver_may_be_here(), reason="this machine may have a driver")
def test_without_a_driver_neither_its_library_nor_anything_about_processes_is_loaded() -> None:
    program = (
        "import sys; from planner.gpu import sampler; sampler.main(['--once']); "
        "print([name for name in ('pynvml', 'psutil') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    state, loaded = done.stdout.splitlines()
    assert json.loads(state)["absent"] == NO_GPU
    assert loaded == "[]"
