"""The one line about the GPUs."""

from dataclasses import replace

import pytest

from planner.domain.gpu import GpuReading, GpuState
from planner.gpu.figures import gibibytes, short_name
from planner.gpu.line import line
from tests.gpu.library import GIB

A100 = GpuReading(
    at="2026-11-21T07:00:00.000Z",
    index=0,
    name="NVIDIA A100-SXM4-80GB",
    utilisation=87.0,
    memory_used=int(31.2 * GIB),
    memory_total=80 * GIB,
    temperature=64.0,
    power=243.2,
)
SECOND = replace(A100, index=1, utilisation=3.0)


def of(*readings: GpuReading) -> GpuState:
    return GpuState(readings=readings)


def test_one_gpu_says_everything_on_a_line() -> None:
    assert line(of(A100)) == "GPU 0 A100 87 % · 31.2/80 GiB · 64 °C · 243 W"


@pytest.mark.parametrize("absent", ["no GPU", "GPU state not available: no answer in 3 s"])
def test_without_a_gpu_the_reason_is_the_line(absent: str) -> None:
    assert line(GpuState(absent=absent)) == absent


def test_each_missing_figure_is_n_a_on_its_own() -> None:
    assert line(of(replace(A100, power=None, utilisation=None))) == (
        "GPU 0 A100 n/a · 31.2/80 GiB · 64 °C · n/a"
    )
    assert line(of(replace(A100, memory_used=None))) == "GPU 0 A100 87 % · n/a/80 GiB · 64 °C · 243 W"
    assert line(of(GpuReading(at="", index=3))) == "GPU 3 n/a · n/a · n/a · n/a"


def test_a_lost_gpu_is_called_lost() -> None:
    assert line(of(replace(A100, fault="lost"), SECOND)) == (
        "GPU 0 A100 lost │ GPU 1 A100 3 % · 31.2/80 GiB · 64 °C · 243 W"
    )


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (120, "GPU 0 A100 87 % · 31.2/80 GiB · 64 °C · 243 W │ GPU 1 A100 3 % · 31.2/80 GiB · 64 °C · 243 W"),
        (80, "GPU 0 A100 87 % · 31.2/80 GiB │ GPU 1 A100 3 % · 31.2/80 GiB"),
        (56, "GPU 0 87 % 31.2/80 GiB │ GPU 1 3 % 31.2/80 GiB"),
        (20, "0: 87 % │ 1: 3 %"),
    ],
)
def test_less_room_means_less_detail(width: int, text: str) -> None:
    assert line(of(A100, SECOND), width) == text


def test_a_whole_rack_is_put_in_one_breath() -> None:
    rack = [replace(A100, index=index, utilisation=50.0) for index in range(16)]
    assert line(of(*rack), 80) == "16 GPUs, 50 % busy"
    assert line(of(*rack[:15], replace(rack[15], fault="lost")), 80) == "16 GPUs, 50 % busy, 1 lost"


@pytest.mark.parametrize("width", range(0, 60, 7))
def test_the_line_never_exceeds_its_width(width: int) -> None:
    states = (of(A100), of(A100, SECOND), GpuState(absent="GPU state not available: a long reason"))
    assert all(len(line(state, width)) <= width for state in states)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("NVIDIA A100-SXM4-80GB", "A100"),
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("NVIDIA H100 PCIe", "H100"),
        ("Tesla V100-SXM2-16GB", "V100"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"),
        ("NVIDIA A100-SXM4-40GB MIG 1g.5gb", "A100 MIG 1g.5gb"),
        ("NVIDIA", "NVIDIA"),
    ],
)
def test_a_card_is_called_what_people_call_it(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0"), (80 * GIB, "80"), (int(31.2 * GIB), "31.2"), (int(139.8 * GIB), "140"), (GIB // 2, "0.5")],
)
def test_memory_is_given_in_gib(size: int, text: str) -> None:
    assert gibibytes(size) == text
