"""Power lost at every call: what was not synced may be gone, what was acknowledged is there."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.store import files
from planner.store.layout import Layout
from tests.drills import everyday, power
from tests.drills.disk import Disk, Image, Recorder, Synced
from tests.drills.doors import Hasty, through
from tests.drills.everyday import Operation
from tests.drills.figure import Figure

GONE = b"(not there)"

BEFORE: dict[Operation, list[Operation]] = {
    everyday.create: [],
    everyday.add: [everyday.create, everyday.add],
    everyday.undo: [everyday.create, everyday.add, everyday.learn],
    everyday.redo: [everyday.create, everyday.add, everyday.undo],
    everyday.learn: [everyday.create, *[everyday.learn] * 5],
    everyday.begin_run: [everyday.create],
    everyday.claim: [everyday.create, everyday.begin_run],
    everyday.train: [everyday.create, everyday.begin_run, everyday.claim, everyday.train],
    everyday.review: [everyday.create, everyday.review],
    everyday.restore: [everyday.create, everyday.add, everyday.add],
}
"""What is done before each operation, on a disk that keeps it."""


def project(folder: Path, operation: Operation) -> Layout:
    """A project in which that operation is the next thing to be done."""
    layout = Layout(folder / "project")
    layout.project.mkdir()
    with through(Hasty()), power.few_stay():
        for one in BEFORE[operation]:
            one(layout, random.Random(1))
    if operation is everyday.restore:
        layout.backlog.write_bytes(b"{")
    return layout


def losses_of(operation: Operation, folder: Path, most: int = 40) -> power.Losses:
    """The operation twice in a row, the power lost at every call of both."""
    chance, layout = random.Random(2), project(folder, operation)
    again = everyday.add if operation in (everyday.create, everyday.restore) else operation
    with power.few_stay():
        return power.cut_everywhere(power.record(layout, [operation, again], chance), chance, most)


def test_a_power_loss_at_any_call_leaves_the_old_state_or_the_new(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    found = []
    for operation in BEFORE:
        place = tmp_path / operation.__name__
        place.mkdir()
        losses = losses_of(operation, place)
        assert losses.images > 5, operation.__name__
        found.append(losses)
    images, broken = sum(one.images for one in found), [text for one in found for text in one.broken]
    note = broken[0] if broken else f"{len(BEFORE)} operations, 0 acknowledged changes lost"
    publish(
        Figure(what="disks that a power loss may leave", tried=images, held=images - len(broken), note=note)
    )


def test_sessions_of_random_operations_go_on_after_a_power_loss(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(power.sessions(2, tmp_path, 20261121))


@pytest.mark.parametrize(
    ("operation", "forgotten"),
    [
        (everyday.add, ".planner/.backlog.json."),
        (everyday.add, ".planner/journal.jsonl"),
        (everyday.add, ".planner"),
        (everyday.create, ""),
        (everyday.learn, ".planner/archive/2026-1"),
        (everyday.begin_run, ".planner/runs"),
        (everyday.claim, ".planner/runs/r1-0000"),
        (everyday.train, ".planner/runs/r1-0000/events.jsonl"),
        (everyday.review, ".planner/reviews"),
        (everyday.restore, ".planner/backups"),
    ],
)
def test_a_sync_that_is_left_out_is_noticed(operation: Operation, forgotten: str, tmp_path: Path) -> None:
    chance, layout = random.Random(2), project(tmp_path, operation)
    path = str(layout.project / forgotten)
    with power.few_stay():
        told = power.record(layout, [operation, everyday.add], chance)
        told.log = [one for one in told.log if not (isinstance(one, Synced) and _is(path, one.path))]
        assert power.cut_everywhere(told, chance).broken


def _is(start: str, path: Path) -> bool:
    """Whether it is that path, or a file whose name begins so."""
    return str(path) == start or (
        path.name.startswith(Path(start).name) and str(path).startswith(start) and "." in path.name[1:]
    )


def test_a_torn_end_is_never_mixed_with_what_comes_after_it(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"whole\n" + b"torn" * 200)
    recorder = Recorder(tmp_path)
    with through(recorder):
        files.append_line(path, b"new" * 300)
    lines = {line for content in contents(left(recorder), path) for line in content.split(b"\n")[:-1]}
    assert {line for line in lines if b"\0" not in line} == {b"whole", b"new" * 300}


# -- the disk itself --------------------------------------------------------------------------


def contents(images: list[Image], path: Path) -> set[bytes]:
    """What the file may hold; `GONE` where it may not be there."""
    return {image[path][1] if path in image else GONE for image in images}


def left(recorder: Recorder) -> list[Image]:
    """Every disk that a loss at any call may leave."""
    disk, images = Disk(recorder.base), []
    for entry in recorder.log:
        disk.apply(entry)
        images += disk.images(random.Random(1), 1000)
    return images


def left_at_the_end(recorder: Recorder) -> list[Image]:
    disk = Disk(recorder.base)
    for entry in recorder.log:
        disk.apply(entry)
    return list(disk.images(random.Random(1), 1000))


def test_what_was_not_synced_is_there_in_any_of_its_blocks(tmp_path: Path) -> None:
    path, recorder = tmp_path / "file", Recorder(tmp_path)
    with through(recorder):
        descriptor = files.open_private(path, os.O_RDWR)
        files.write_all(descriptor, b"a" * 600, path)
        there = contents(left_at_the_end(recorder), path)
        assert {GONE, b"", b"a" * 600, b"\0" * 512, b"\0" * 512 + b"a" * 88} <= there
        files.sync(descriptor, path)
        assert contents(left_at_the_end(recorder), path) == {GONE, b"a" * 600}
        files.sync_folder(tmp_path)
        assert contents(left_at_the_end(recorder), path) == {b"a" * 600}
        os.close(descriptor)


def test_both_names_of_a_replace_are_kept_or_neither(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "new").write_bytes(b"new")
    recorder = Recorder(tmp_path)
    with through(recorder):
        files.rename(tmp_path / "new", tmp_path / "old")
    found = {
        tuple(sorted(path.name for path in image if path != tmp_path)) for image in left_at_the_end(recorder)
    }
    assert found == {("new", "old"), ("old",)}
    assert contents(left_at_the_end(recorder), tmp_path / "old") == {b"old", b"new"}


def test_what_lies_in_a_folder_is_lost_with_its_name(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    with through(recorder):
        recorder.make_folder(tmp_path / "inner", 0o700)
        files.write_new(tmp_path / "inner" / "file", b"x")
        files.sync_folder(tmp_path / "inner")
    assert contents(left_at_the_end(recorder), tmp_path / "inner" / "file") == {GONE, b"x"}
    assert all(
        tmp_path / "inner" in image
        for image in left_at_the_end(recorder)
        if tmp_path / "inner" / "file" in image
    )
