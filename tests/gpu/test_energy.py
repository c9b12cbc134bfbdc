"""Energy and peaks of a run, from its readings."""

from dataclasses import replace

import pytest

from planner.domain.gpu import GpuReading, GpuSummary
from planner.gpu.energy import energy_wh
from planner.gpu.summary import summary


def at(second: int, **said: object) -> GpuReading:
    moment = f"2026-11-21T07:{second // 60:02}:{second % 60:02}.000Z"
    return GpuReading(at=moment, **{"index": 0, "uuid": "GPU-0", **said})  # type: ignore[arg-type]  # test data


def test_the_counter_is_believed_before_the_power() -> None:
    readings = [at(0, energy=1000.0, power=9999.0), at(60, energy=8200.0, power=9999.0)]
    assert energy_wh(readings) == pytest.approx(2.0)


def test_without_a_counter_power_is_added_up_over_time() -> None:
    readings = [at(0, power=100.0), at(36, power=300.0), at(72, power=100.0)]
    assert energy_wh(readings) == pytest.approx(4.0)


def test_a_counter_that_was_reset_half_way_falls_back_to_power() -> None:
    readings = [
        at(0, energy=5000.0, power=100.0),
        at(36, energy=8600.0, power=100.0),
        at(72, energy=10.0, power=100.0),
        at(108, energy=3610.0, power=100.0),
    ]
    assert energy_wh(readings) == pytest.approx(3.0)


def test_several_gpus_are_added_up_each_on_its_own() -> None:
    readings = [
        at(0, energy=0.0),
        at(0, index=1, uuid="GPU-1", energy=50_000.0),
        at(60, energy=3600.0),
        at(60, index=1, uuid="GPU-1", energy=57_200.0),
    ]
    assert energy_wh(readings) == pytest.approx(3.0)


def test_a_clock_that_was_set_back_gives_no_negative_energy() -> None:
    assert energy_wh([at(60, power=100.0), at(0, power=100.0)]) == 0.0


@pytest.mark.parametrize("readings", [[], [at(0, power=1.0)], [at(0), at(1)], [at(0, power=1.0), at(1)]])
def test_what_was_never_measured_is_unknown_not_zero(readings: list[GpuReading]) -> None:
    assert energy_wh(readings) is None


def test_a_summary_tells_peaks_means_and_the_first_fault() -> None:
    readings = [
        at(0, memory_own=10, memory_used=30, utilisation=20.0, power=100.0, temperature=50.0),
        at(0, index=1, uuid="GPU-1", memory_own=5, memory_used=90),
        at(36, memory_own=12, memory_used=20, utilisation=80.0, power=300.0, temperature=70.0),
        at(72, fault="lost"),
    ]
    told = summary(readings)
    assert told.energy_wh == pytest.approx(2.0)
    assert replace(told, energy_wh=None) == GpuSummary(
        peak_own=15,
        peak_used=90,
        utilisation=50.0,
        power=200.0,
        temperature=70.0,
        fault="GPU 0 lost",
    )


def test_a_summary_of_nothing_knows_nothing() -> None:
    assert summary([]) == GpuSummary()
