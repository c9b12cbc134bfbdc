"""Several GPUs: a run on each, and a reason on every run that waits; only NVML's answers are faked."""

from pathlib import Path
from threading import Event

import pytest

from planner.dispatcher import launch
from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.gpu import GpuReading, GpuState
from planner.gpu.lease import Leases
from planner.gpu.nvml import NO_GPU
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import come_to_rest, run_dry, tick_until

GIB = 2**30


def gpu(index: int, used: int = 1) -> GpuReading:
    return GpuReading(
        at="2026-11-16T09:00:00.000Z",
        index=index,
        uuid=f"GPU-{index}",
        memory_used=used * GIB,
        memory_total=80 * GIB,
    )


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, GpuState]:
    """A machine whose GPUs are what the test says."""
    now = {"state": GpuState(readings=(gpu(0), gpu(1)))}
    monkeypatch.setattr(launch, "current", lambda: now["state"])
    monkeypatch.setattr(launch, "ASK_AGAIN", 0.0)
    monkeypatch.setattr(launch, "Leases", lambda: Leases(tmp_path / "leases"))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return now


@pytest.fixture
def dispatcher(work: Workspace, box: dict[str, GpuState]) -> Dispatcher:
    return Dispatcher.of(Project(work.layout, who="dispatcher"))


def test_two_ideas_train_on_two_gpus_at_once(work: Workspace, dispatcher: Dispatcher) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=["pause=0.3", f"lift=0.0{number}"])
    work.queue.dispatch([1, 2])

    def running() -> list[str | None]:
        return sorted(row.run.device or "" for row in work.view().runs if row.run.status == "running")

    tick_until(dispatcher, lambda: running() == ["GPU-0", "GPU-1"])
    run_dry(dispatcher)
    runs = work.view().ledger.runs.values()
    assert {run.device for run in runs} == {"GPU-0", "GPU-1"}
    context = work.layout.run(next(iter(runs)).id).read_context()
    assert context is not None
    assert context["environment"]["CUDA_VISIBLE_DEVICES"] in ("GPU-0", "GPU-1")


def test_a_gpu_that_others_fill_is_left_alone_and_the_run_says_so(
    work: Workspace, dispatcher: Dispatcher, box: dict[str, GpuState]
) -> None:
    box["state"] = GpuState(readings=(gpu(0, used=78),))
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(run.waits for run in work.view().ledger.runs.values()))
    (run,) = work.view().ledger.runs.values()
    assert run.status == "queued"
    assert "GPU 0" in run.waits
    box["state"] = GpuState(readings=(gpu(0),))
    run_dry(dispatcher)
    assert work.view().ledger.outcomes


def test_a_driver_that_does_not_answer_makes_runs_wait(
    work: Workspace, dispatcher: Dispatcher, box: dict[str, GpuState]
) -> None:
    box["state"] = GpuState(absent="GPU state not available: it hangs")
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(run.waits for run in work.view().ledger.runs.values()))
    assert [run.waits for run in work.view().ledger.runs.values()] == ["GPU state not available: it hangs"]


def test_another_project_s_lease_is_respected(
    work: Workspace, dispatcher: Dispatcher, box: dict[str, GpuState], tmp_path: Path
) -> None:
    box["state"] = GpuState(readings=(gpu(0),))
    other = Leases(tmp_path / "leases")
    assert other.take("GPU-0")
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(run.waits for run in work.view().ledger.runs.values()))
    assert all(run.status == "queued" for run in work.view().ledger.runs.values())
    other.release("GPU-0")
    run_dry(dispatcher)
    assert work.view().ledger.outcomes


def test_a_driver_that_takes_its_time_is_waited_for_and_holds_nothing_up(
    work: Workspace, dispatcher: Dispatcher, box: dict[str, GpuState], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()

    def slow() -> GpuState:
        answers.wait()
        return box["state"]

    monkeypatch.setattr(launch, "current", slow)
    monkeypatch.setattr(launch, "SOON", 0.0)
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(run.waits for run in work.view().ledger.runs.values()))
    assert [run.waits for run in work.view().ledger.runs.values()] == [launch.WAITS_FOR_GPUS]
    dispatcher.tick()
    answers.set()
    tick_until(dispatcher, lambda: work.view().runs[0].run.status == "running")
    come_to_rest(work, dispatcher)


def test_a_box_without_gpus_waits_for_no_word_of_them(
    work: Workspace, dispatcher: Dispatcher, box: dict[str, GpuState], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers = Event(), Event()

    def slow() -> GpuState:
        if asked.is_set():
            answers.wait()
        asked.set()
        return GpuState(absent=NO_GPU)

    monkeypatch.setattr(launch, "current", slow)
    monkeypatch.setattr(launch, "ASK_AGAIN_WITHOUT", 0.0)
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick_until(dispatcher, asked.is_set)
    monkeypatch.setattr(launch, "SOON", 0.0)
    tick_until(dispatcher, lambda: any(run.ended_at for run in work.view().ledger.runs.values()))
    come_to_rest(work, dispatcher)
    answers.set()
