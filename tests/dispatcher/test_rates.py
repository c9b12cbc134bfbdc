"""A search for the learning rate is settled with the rate that it suggests."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.dispatcher.settle import settled
from planner.domain.event import Progress
from planner.domain.rates import Rates
from planner.domain.run import Run, Rung
from planner.rules.progress import fold
from planner.store import encoding
from planner.store.layout import Layout
from tests.store.ended import END, ended_run


def ended(tmp_path: Path, rung: Rung, found: bytes | None) -> Run:
    folder = ended_run(Layout(tmp_path), "r1-aaaa", rung=rung)
    if found is not None:
        folder.rates.write_bytes(found)
    run = Run(
        id="r1-aaaa", idea=None, baseline=1, rung=rung, seed=0, params={}, queued_at=END, order=0.0,
        status="running",
    )  # fmt: skip
    progress = fold(Progress(), folder.read_events()[0])
    return settled(run, progress, metric="val_accuracy", exit_code=0, folder=folder, at=END)


FOUND = encoding.encode(encoding.plain(Rates(points=((1e-3, 0.5, 0.5),), rate=0.0032)))
NONE = encoding.encode(encoding.plain(Rates(points=((1e-3, 0.5, 0.5),))))


@pytest.mark.parametrize(
    ("rung", "found", "rate"),
    [
        ("lr", FOUND, 0.0032),
        ("lr", NONE, None),
        ("lr", None, None),
        ("lr", b"{", None),
        ("full", FOUND, None),
    ],
)
def test_the_rate_that_was_found_is_on_record(tmp_path: Path, rung: Rung, found: bytes | None, rate) -> None:
    assert ended(tmp_path, rung, found).rate == rate
