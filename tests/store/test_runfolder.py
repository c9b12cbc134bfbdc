"""A run's folder: written once, claimed once, read while it is being written."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import pytest

from planner.domain.evaluation import Evaluation
from planner.domain.event import Alert, Check, Ended, Epoch, Event, Started
from planner.domain.mistake import Failed, Mistake
from planner.domain.run import SPEC_FORMAT, Spec
from planner.domain.sweep import Axis, Sweep
from planner.store import files
from planner.store.door import Door
from planner.store.encoding import encode
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from tests.drills.doors import Watched
from tests.store.conftest import NOON

SPEC = Spec(
    format=SPEC_FORMAT,
    run="r12-3fa9",
    project="/project",
    rung="tiny",
    seed=3,
    params={"lr": 0.1, "layers": [1, 2]},
    metric="val_accuracy",
    direction="max",
    command=("python", "train.py"),
    data=("*.npz",),
)

EVENTS: list[Event] = [
    Started(at=NOON, pid=7, epochs=2),
    Epoch(at=NOON, epoch=1, epochs=2, seconds=1.5, metrics={"loss": 0.25}),
    Check(at=NOON, name="overfits a batch", passed=True, detail="loss 0.001"),
    Alert(at=NOON, text="the loss jumped\nagain"),
    Ended(at=NOON, status="finished", seconds=3.0, metrics={"val_accuracy": 0.9}),
]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", SPEC)


@pytest.fixture(autouse=True)
def nobody_observes() -> Iterator[None]:
    yield
    files.door = Door()


def write(folder: RunFolder, events: list[Event]) -> None:
    with EventLog(folder.events) as log:
        for event in events:
            log.write(event)


def test_a_folder_holds_its_spec_for_the_owner_alone(folder: RunFolder) -> None:
    assert folder.id == SPEC.run
    assert folder.read_spec() == SPEC
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.spec.stat().st_mode) == 0o600


WHOLE = replace(
    SPEC,
    params={"lr": inf, "layers": [1, 2], "deep": {"a": None}},
    estimates={"ana": {"hours": 1.5, "likelihood": 0.4}},
    fraction=0.25,
    tags=("a", "b"),
    beside={"lr": nan},
    skip=("labels",),
    test=("pytest", "-q"),
    sweep=Sweep(axes=(Axis(name="lr", low=1e-4, high=0.1),), configs=30),
    through="tiny",
)
"""One with a value of every kind."""


def test_a_spec_is_the_same_whether_it_is_validated_or_not(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, WHOLE)
    sealed = folder.read_spec()
    folder.spec.write_bytes(encode(WHOLE))
    assert repr(folder.read_spec()) == repr(sealed)
    assert sealed.sweep == WHOLE.sweep
    assert (sealed.fraction, sealed.test, sealed.tags) == (WHOLE.fraction, WHOLE.test, WHOLE.tags)


def test_a_spec_that_was_changed_after_it_was_written_is_validated(folder: RunFolder) -> None:
    text = folder.spec.read_text()
    folder.spec.write_text(text.replace('"seed":3', '"seed":4'))
    assert folder.read_spec() == replace(SPEC, seed=4)
    folder.spec.write_text(text.replace('"seed":3', '"seed":"many"'))
    with pytest.raises(Mistake, match="is not a valid Spec: seed"):
        folder.read_spec()


def test_a_spec_as_it_was_written_is_read_without_a_validator(folder: RunFolder) -> None:
    program = (
        "import sys; from pathlib import Path; from planner.store.runfolder import RunFolder; "
        "RunFolder(Path(sys.argv[1])).read_spec(); print('pydantic' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(folder.path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_folder_is_made_once(folder: RunFolder) -> None:
    with pytest.raises(Failed, match="exists already"):
        RunFolder.create(folder.path.parent, SPEC)


def test_a_full_disk_leaves_no_folder_and_no_claim_behind(folder: RunFolder, tmp_path: Path) -> None:
    def full(call: str, path: Path) -> None:
        if call == "half":
            raise OSError(errno.ENOSPC, "No space left on device")

    files.door = Watched(full)
    with pytest.raises(Failed, match="is full"):
        RunFolder.create(tmp_path / "other", SPEC)
    with pytest.raises(OSError, match="No space left"):
        folder.take()
    files.door = Door()
    assert RunFolder.create(tmp_path / "other", SPEC).read_spec() == SPEC
    assert folder.take()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "a\0b"])
def test_a_run_id_is_never_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="is no run id"):
        RunFolder.within(tmp_path, name)


def test_a_spec_that_is_missing_damaged_or_of_another_format_is_refused(folder: RunFolder) -> None:
    for text, sentence in (
        ("{", "is damaged"),
        ("[]", "holds no JSON object"),
        (
            json.dumps({**json.loads(folder.spec.read_text()), "format": 2}),
            "has format 2 and this release understands 1",
        ),
        (json.dumps({"run": "r1"}), "has format None"),
        (json.dumps({"format": SPEC_FORMAT}), "is not a valid Spec: run"),
    ):
        folder.spec.write_text(text)
        with pytest.raises(Mistake, match=sentence):
            folder.read_spec()
    folder.spec.unlink()
    with pytest.raises(Mistake, match=r"has no spec\.json"):
        folder.read_spec()


def test_only_one_process_can_claim_a_run(folder: RunFolder) -> None:
    assert folder.read_claim() is None
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            os._exit(0 if folder.take() else 1)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0] + [1] * 7
    claim = folder.read_claim()
    assert claim is not None
    assert claim["pid"] == children[codes.index(0)]
    assert claim["host"] == os.uname().nodename


def test_a_claim_whose_holder_died_writing_it_is_still_a_claim(folder: RunFolder) -> None:
    folder.claim.write_bytes(b'{"pid')
    assert not folder.take()
    assert folder.read_claim() is None


def test_events_come_back_in_order_and_from_where_one_left_off(folder: RunFolder) -> None:
    assert folder.read_events() == ([], 0)
    write(folder, EVENTS[:2])
    first, offset = folder.read_events()
    write(folder, EVENTS[2:])
    rest, end = folder.read_events(offset)
    assert first + rest == EVENTS
    assert folder.read_events(end) == ([], end)


def test_a_log_cut_anywhere_in_its_last_line_goes_on_whole(folder: RunFolder) -> None:
    write(folder, EVENTS[:2])
    start = folder.events.stat().st_size
    write(folder, [EVENTS[2]])
    whole = folder.events.read_bytes()
    for cut in range(start, len(whole)):
        folder.events.write_bytes(whole[:cut])
        assert folder.read_events() == (EVENTS[:2], start)
        write(folder, [EVENTS[2], EVENTS[3]])
        assert folder.read_events()[0] == EVENTS[:4]


def test_events_of_another_release_and_damaged_lines_are_skipped(folder: RunFolder) -> None:
    write(folder, EVENTS[:1])
    with folder.events.open("ab") as file:
        file.write(b'{"event": "danced"}\n\xff\xfe\n[1]\n{"event": "epoch"}\n\n{}\n')
        file.write(b'{"event": "alert", "at": "x", "text": "t", "colour": "red"}\n')
    assert folder.read_events()[0] == [EVENTS[0], Alert(at="x", text="t")]


def test_a_metric_that_is_no_number_is_kept_as_such(folder: RunFolder) -> None:
    write(folder, [Epoch(at=NOON, epoch=1, epochs=None, seconds=1.0, metrics={"loss": nan})])
    event = folder.read_events()[0][0]
    assert isinstance(event, Epoch)
    assert event.metrics["loss"] != event.metrics["loss"]


def test_a_full_disk_keeps_events_in_memory_until_there_is_room(folder: RunFolder) -> None:
    def full(call: str, path: Path) -> None:
        if call == "half":
            raise OSError(errno.ENOSPC, "No space left on device")

    with EventLog(folder.events) as log:
        log.write(EVENTS[0])
        files.door = Watched(full)
        log.write(EVENTS[1])
        log.write(EVENTS[2])
        assert folder.read_events()[0][:1] == EVENTS[:1]
        assert log.waiting > 0
        files.door = Door()
        log.write(EVENTS[3])
        assert log.waiting == 0
        assert folder.read_events()[0] == EVENTS[:4]


def test_a_disk_that_stays_full_ends_no_training(folder: RunFolder) -> None:
    with EventLog(folder.events) as log:
        files.door = Watched(lambda call, path: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        for event in EVENTS:
            log.write(event)
    assert folder.read_events() == ([], 0)


def test_gpu_readings_are_read_as_they_come(folder: RunFolder) -> None:
    assert folder.read_gpu() == ([], 0)
    folder.gpu.write_text('{"at": "x", "index": 0, "power": 71.5}\n{"index": 1}\n{"at": "y", "ind')
    readings, offset = folder.read_gpu()
    assert [(reading.index, reading.power, reading.memory_used) for reading in readings] == [(0, 71.5, None)]
    with folder.gpu.open("a") as file:
        file.write('ex": 1}\n')
    assert [reading.at for reading in folder.read_gpu(offset)[0]] == ["y"]


def test_what_a_run_left_behind_is_none_when_it_left_nothing(folder: RunFolder) -> None:
    assert folder.read_evaluation() is None
    assert folder.read_context() is None
    assert folder.tail() == ""
    evaluation = Evaluation(metrics={"val_accuracy": nan})
    files.write_whole(folder.evaluation, encode(evaluation))
    files.write_whole(folder.context, b'{"commit": "abc"}')
    found = folder.read_evaluation()
    assert found is not None
    assert found.metrics["val_accuracy"] != found.metrics["val_accuracy"]
    assert folder.read_context() == {"commit": "abc"}
    folder.evaluation.write_text('{"metrics": 3}')
    with pytest.raises(Mistake, match=r"evaluation\.json is not a valid Evaluation"):
        folder.read_evaluation()


def test_the_tail_of_a_huge_or_binary_log_is_bounded(folder: RunFolder) -> None:
    with folder.log.open("wb") as file:
        file.truncate(3 * 10**9)
        file.seek(0, os.SEEK_END)
        file.write(b"\xff\xfelast words\n")
    tail = folder.tail(100)
    assert len(tail) == 100
    assert tail.endswith("last words\n")


def test_a_folder_can_be_read_where_it_was_copied_to(folder: RunFolder, tmp_path: Path) -> None:
    write(folder, EVENTS)
    copied = RunFolder(folder.path.rename(tmp_path / "elsewhere"))
    assert copied.read_spec() == SPEC
    assert copied.read_events()[0] == EVENTS
