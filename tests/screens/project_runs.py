"""The runs of the screen tests' project, in every state, with what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

from planner.domain.evaluation import Evaluation, Example, Slice
from planner.domain.event import Progress
from planner.domain.gpu import GpuReading
from planner.domain.run import Run
from planner.domain.view import RunDetail, RunView
from tests.screens.fake import NOW

PARAMS = {"lr": 0.001, "batch_size": 64, "epochs": 20}


def curve(epochs: int, end: float, start: float, speed: float = 0.35) -> tuple[tuple[int, float], ...]:
    wobble = (0.0, 0.004, -0.003, 0.002, -0.004, 0.001)
    return tuple(
        (epoch, end + (start - end) * exp(-speed * epoch) + wobble[epoch % 6] * (start - end))
        for epoch in range(1, epochs + 1)
    )


def curves(epochs: int) -> dict[str, tuple[tuple[int, float], ...]]:
    return {
        "loss": curve(epochs, 0.04, 1.9),
        "val_loss": curve(epochs, 0.09, 1.6),
        "accuracy": curve(epochs, 0.994, 0.42),
        "val_accuracy": curve(epochs, 0.978, 0.5),
    }


def run(number: int, idea: int | None, rung: str, status: str, **more: object) -> Run:
    return Run(
        id=f"r{number}-3fa{number % 10}",
        idea=idea,
        baseline=1,
        rung=rung,
        seed=number % 5,
        params=PARAMS,  # type: ignore[arg-type]  # a dict of other values is one of objects
        queued_at="2026-11-20T08:00:00.000Z",
        order=float(number),
        status=status,
        **more,  # type: ignore[arg-type]
    )


STARTED = "2026-11-20T09:40:00.000Z"


def runs(titles: Mapping[int, str]) -> list[RunView]:
    """Runs of the ideas with these titles, and of the baseline."""
    running = Progress(
        pid=4711,
        started_at=STARTED,
        last_at=NOW,
        epoch=12,
        epochs=20,
        seconds=96.0,
        curves=curves(12),
        alerts=("the gap between training and validation grows since epoch 9",),
    )
    starting = Progress(pid=4712, started_at=NOW, last_at=NOW)
    return [
        RunView(
            run=run(21, 9, "full", "running", started_at=STARTED),
            title=titles[9],
            progress=running,
            silent_seconds=0.0,
        ),
        RunView(
            run=run(22, 9, "full", "running", started_at=NOW),
            title=titles[9],
            progress=starting,
            silent_seconds=25.0,
        ),
        RunView(
            run=run(23, 7, "small", "queued", waits="waits for a free slot: 2 of 2 taken"), title=titles[7]
        ),
        RunView(run=run(24, 7, "full", "queued", waits="waits for its small run"), title=titles[7]),
        RunView(
            run=run(25, None, "full", "queued", waits="waits for the night (22:00–07:00)"), title="baseline"
        ),
        RunView(
            run=run(
                20,
                12,
                "small",
                "crashed",
                started_at=STARTED,
                ended_at=NOW,
                hours=0.02,
                cause="out of memory on the GPU: 11.2 of 11.0 GiB; a smaller batch would fit",
            ),
            title=titles[12],
        ),
        RunView(
            run=run(
                19,
                4,
                "check",
                "failed",
                started_at=STARTED,
                ended_at=NOW,
                hours=0.001,
                cause="ModuleNotFoundError: No module named 'muon' (experiment.py, line 12)",
            ),
            title=titles[4],
        ),
        RunView(
            run=run(18, 11, "full", "finished", started_at=STARTED, ended_at=NOW, hours=0.05, value=0.9706),
            title=titles[11],
        ),
        RunView(
            run=run(
                17,
                11,
                "full",
                "stopped",
                started_at=STARTED,
                ended_at=NOW,
                hours=0.03,
                cause="stopped by ana at epoch 9; its checkpoint is kept",
                value=0.9651,
            ),
            title=titles[11],
        ),
        RunView(
            run=run(16, None, "full", "finished", started_at=STARTED, ended_at=NOW, hours=0.05, value=0.9712),
            title="baseline",
        ),
    ]


def detail(view: RunView) -> RunDetail:
    band = {
        name: tuple((epoch, value - 0.01, value + 0.008) for epoch, value in points)
        for name, points in curves(20).items()
    }
    gpu = tuple(
        GpuReading(
            at=f"2026-11-20T09:{40 + i // 60:02d}:{i % 60:02d}.000Z",
            index=0,
            utilisation=60 + 30 * ((i * 7) % 10) / 10,
            memory_used=(4 + i % 3) * 2**30,
            memory_total=11 * 2**30,
            memory_own=3 * 2**30,
            temperature=55 + i % 9,
            power=180 + i % 40,
        )
        for i in range(0, 97)
    )
    evaluation = Evaluation(
        metrics={"val_accuracy": 0.9706, "val_loss": 0.0943},
        slices=(
            Slice(name="sevens", size=36, metrics={"accuracy": 0.9167, "loss": 0.31}),
            Slice(name="thick strokes", size=120, metrics={"accuracy": 0.9833, "loss": 0.06}),
            Slice(name="thin strokes", size=84, metrics={"accuracy": 0.9524, "loss": 0.17}),
        ),
        worst=tuple(
            Example(
                index=100 + 7 * i,
                loss=6.2 - 0.4 * i,
                expected=str((i * 3) % 10),
                got=str((i * 7 + 1) % 10),
                confidence=0.99 - 0.03 * i,
            )
            for i in range(12)
        ),
        labels=tuple(str(i) for i in range(10)),
        confusion=tuple(tuple(33 if i == j else (i * j) % 7 // 5 for j in range(10)) for i in range(10)),
    )
    log = "\n".join(
        f"Epoch {i}/20 - loss: {1.9 * 0.7**i:.4f} - val_accuracy: {0.97 - 0.4 * 0.6**i:.4f}"
        for i in range(1, 21)
    )
    return RunDetail(
        run=RunView(
            run=view.run,
            title=view.title,
            progress=Progress(
                pid=4711,
                started_at=STARTED,
                last_at=NOW,
                epoch=12 if view.run.status == "running" else 20,
                epochs=20,
                seconds=96.0,
                curves=curves(12 if view.run.status == "running" else 20),
                alerts=view.progress.alerts,
            ),
        ),
        epoch_ends=tuple(
            (epoch, f"2026-11-20T09:{40 + epoch * 8 // 60:02d}:{epoch * 8 % 60:02d}.000Z")
            for epoch in range(1, 13)
        ),
        baseline_band=band,
        log=log,
        evaluation=evaluation,
        gpu=gpu,
        context={
            "commit": "4ef231a",
            "dirty": False,
            "versions": {"keras": "3.15.0", "tensorflow": "2.21.0"},
            "device": "NVIDIA RTX 2080 Ti",
            "data": "sha256:9f2c…",
        },
        artefacts=(".planner/runs/" + view.run.id + "/output.log",),
    )
