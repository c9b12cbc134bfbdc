"""A file that is kept open, whatever other code of the process does to its number."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from planner.domain.event import Alert
from planner.store.eventlog import EventLog
from planner.store.kept import FAR, Kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.fixture
def kept(path: Path) -> Kept:
    return Kept(os.open(path, os.O_RDWR | os.O_CREAT))


def test_it_is_another_number_which_no_program_that_is_started_gets(kept: Kept) -> None:
    assert kept.number >= FAR
    assert not os.get_inheritable(kept.number)
    kept.close()


def test_one_that_nobody_touches_is_intact_with_a_name_and_without(kept: Kept, tmp_path: Path) -> None:
    assert kept.intact
    kept.close()
    with tempfile.TemporaryFile(dir=tmp_path) as nameless:
        other = Kept(os.dup(nameless.fileno()))
        assert other.intact
        other.close()


def test_a_number_that_has_become_another_files_is_neither_used_nor_closed(
    kept: Kept, tmp_path: Path
) -> None:
    other = os.open(tmp_path / "other", os.O_RDWR | os.O_CREAT)
    os.dup2(other, kept.number)
    assert not kept.intact
    kept.close()
    assert os.fstat(kept.number).st_size == 0, "it is still open"
    os.close(kept.number)
    os.close(other)


def test_one_that_was_closed_is_not_closed_twice(kept: Kept) -> None:
    os.close(kept.number)
    assert not kept.intact
    kept.close()


def test_a_file_that_was_deleted_is_of_no_use_and_closed(kept: Kept, path: Path) -> None:
    path.unlink()
    assert not kept.intact
    kept.close()
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(kept.number)


def test_a_log_that_is_deleted_again_and_again_holds_one_file_open(path: Path) -> None:
    with EventLog(path) as log:
        numbers = []
        for number in range(3):
            path.unlink()
            log.write(Alert(at="", text=str(number)))
            numbers.append(log._file and log._file.number)
    assert len({*numbers}) == 1, "none of the earlier ones is left"
    assert path.read_bytes().count(b"\n") == 1
