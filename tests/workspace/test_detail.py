"""Everything there is to see of one run."""

from dataclasses import replace

import pytest

from planner.domain.event import Ended, Epoch, Started
from planner.domain.gpu import GpuReading
from planner.domain.mistake import Mistake
from planner.domain.run import SPEC_FORMAT, Run, Spec
from planner.store import encoding
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.workspace.detail import READINGS
from planner.workspace.workspace import Workspace


def at(second: int) -> str:
    return f"2026-11-16T09:00:{second:02}.000Z"


def make_run(work: Workspace, number: int, values: list[float], **fields: object) -> RunFolder:
    """A finished full run of the baseline with that course of the metric."""
    run = Run(
        id=f"r{number}-abcd",
        idea=None,
        baseline=1,
        rung="full",
        seed=number,
        params={},
        queued_at=at(0),
        order=0,
        status="finished",
        ended_at=at(59),
    )
    run = replace(run, **fields)  # type: ignore[arg-type]  # fields of a run by name
    with work.project.store.transaction("put", by="test", undoable=False) as tables:
        tables.put(run)
    spec = Spec(
        format=SPEC_FORMAT,
        run=run.id,
        project=str(work.layout.project),
        rung="full",
        seed=number,
        params={},
        metric="val_accuracy",
        direction="max",
    )
    folder = RunFolder.create(work.layout.runs, spec)
    with EventLog(folder.events) as log:
        log.write(Started(at=at(0), pid=1))
        for epoch, value in enumerate(values, start=1):
            log.write(
                Epoch(
                    at=at(epoch),
                    epoch=epoch,
                    epochs=len(values),
                    seconds=epoch,
                    metrics={"val_accuracy": value},
                )
            )
        log.write(Ended(at=at(59), status="finished", seconds=59))
    return folder


def test_a_run_stands_over_the_band_of_the_baselines_runs(work: Workspace) -> None:
    make_run(work, 1, [0.5, 0.7])
    make_run(work, 2, [0.6, float("nan"), 0.9])
    make_run(work, 3, [9.0], status="failed")
    make_run(work, 4, [9.0], baseline=2)
    make_run(work, 5, [9.0], idea=1)
    make_run(work, 6, [0.4, 0.8])
    detail = work.run_detail("r6")
    assert detail.baseline_band == {"val_accuracy": ((1, 0.5, 0.6), (2, 0.7, 0.7), (3, 0.9, 0.9))}
    assert detail.run.progress.curves == {"val_accuracy": ((1, 0.4), (2, 0.8))}
    assert detail.epoch_ends == ((1, at(1)), (2, at(2)))
    assert detail.run.title == "baseline"


def test_what_the_folder_lacks_is_absent(work: Workspace) -> None:
    make_run(work, 1, [0.5])
    detail = work.run_detail("r1-abcd")
    assert (detail.log, detail.evaluation, detail.gpu, detail.context) == ("", None, (), None)
    assert detail.artefacts == ()


def test_a_damaged_file_is_as_good_as_not_there(work: Workspace) -> None:
    folder = make_run(work, 1, [0.5])
    folder.evaluation.write_text("{")
    folder.context.write_text("[]")
    folder.log.write_text("the log")
    detail = work.run_detail("r1")
    assert (detail.evaluation, detail.context, detail.log) == (None, None, "the log")


def test_artefacts_are_named_from_the_project(work: Workspace) -> None:
    folder = make_run(work, 1, [0.5])
    folder.log.write_text("the log")
    folder.checkpoints.mkdir()
    (folder.checkpoints / "last.keras").write_bytes(b"")
    assert work.run_detail("r1").artefacts == (
        ".planner/runs/r1-abcd/output.log",
        ".planner/runs/r1-abcd/checkpoints/last.keras",
    )


def test_readings_of_a_long_run_are_thinned_and_not_cut(work: Workspace) -> None:
    folder = make_run(work, 1, [0.5])
    readings = [
        GpuReading(at=at(number % 60), index=0, power=float(number)) for number in range(5 * READINGS)
    ]
    folder.gpu.write_bytes(b"".join(encoding.encode(reading) + b"\n" for reading in readings))
    shown = work.run_detail("r1").gpu
    assert len(shown) <= READINGS
    assert (shown[0].power, shown[-1].power) == (0.0, 5 * READINGS - 5)


def test_a_run_that_is_not_there_is_a_mistake(work: Workspace) -> None:
    with pytest.raises(Mistake, match="no run"):
        work.run_detail("r9")
