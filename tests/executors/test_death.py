"""Why a run without a last word is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import memory
from planner.executors.death import death_cause
from planner.executors.wish import seconds_since_wish, wish_to_stop
from planner.store.runfolder import RunFolder

OUT_OF_MEMORY = "out of memory on the host: killed by the kernel; a smaller batch may fit"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.fixture
def count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the kernel's count of kills, standing for the real ones."""
    place = tmp_path / "memory.events"
    place.write_text("low 0\noom 1\noom_kill 3\n")
    monkeypatch.setattr(memory, "_own_group", lambda: [place])
    return place


def test_a_crash_names_its_signal(folder: RunFolder) -> None:
    assert death_cause(-11, folder) == "ended by signal 11 (SIGSEGV)"
    assert death_cause(-40, folder) == "ended by signal 40", "one that has no name"
    assert death_cause(None, folder) == "it vanished"


def test_an_exit_without_a_last_word_quotes_the_log(folder: RunFolder) -> None:
    assert death_cause(1, folder) == "ended with exit 1 and no last word"
    folder.log.write_text("Traceback\n/usr/bin/python: No module named planner\n\n")
    assert (
        death_cause(1, folder)
        == "ended with exit 1 and no last word: /usr/bin/python: No module named planner"
    )


def test_a_crash_says_how_far_the_run_came(folder: RunFolder) -> None:
    folder.log.write_text("no data\n")
    assert death_cause(-9, folder, 3) == "ended by signal 9 (SIGKILL) after epoch 3"
    assert death_cause(None, folder, 3) == "it vanished after epoch 3"
    assert death_cause(0, folder, 3) == "ended with exit 0 after epoch 3 and no last word: no data"


def test_a_run_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    assert death_cause(0, RunFolder(tmp_path / "gone")) == "its run folder was deleted"


def test_a_kill_is_for_want_of_memory_only_when_the_kernel_counted_one(
    folder: RunFolder, count: Path
) -> None:
    memory.remember_kills(folder)
    assert death_cause(-9, folder) == "ended by signal 9 (SIGKILL)"
    count.write_text("oom 2\noom_kill 4\n")
    assert death_cause(-9, folder) == OUT_OF_MEMORY
    assert death_cause(None, folder) == OUT_OF_MEMORY
    assert death_cause(-11, folder) == "ended by signal 11 (SIGSEGV)"


def test_without_a_count_there_is_no_evidence(
    folder: RunFolder, count: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SYSTEM", Path("/no/such/file"))
    count.unlink()
    memory.remember_kills(folder)
    assert not memory.killed_since(folder)
    (folder.path / memory.NAME).write_text("{")
    assert not memory.killed_since(folder)


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (
            "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n"
            "Fatal Python error: Aborted\n\nCurrent thread:\n" + "  File x\n" * 100,
            "out of memory on the host: what():  std::bad_alloc; a smaller batch may fit",
        ),
        (
            "E0000 cuda_driver.cc:1001] failed to allocate 7.8GiB: CUDA_ERROR_OUT_OF_MEMORY: out of memory\n",
            "out of memory on the GPU: E0000 cuda_driver.cc:1001] failed to allocate 7.8GiB: "
            "CUDA_ERROR_OUT_OF_MEMORY: out of memory; a smaller batch may fit",
        ),
        ("Epoch 1/3\n", "ended by signal 6 (SIGABRT)"),
        ("CUDA_ERROR_OUT_OF_MEMORY, but tried again\n" + "fine\n" * 100, "ended by signal 6 (SIGABRT)"),
    ],
)
def test_a_library_without_memory_may_end_the_process_and_its_log_tells(
    folder: RunFolder, log: str, cause: str
) -> None:
    folder.log.write_text(log)
    assert death_cause(-6, folder) == cause


def test_a_wish_counts_from_its_own_moment(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seconds_since_wish(folder) is None
    wish_to_stop(folder)
    first = seconds_since_wish(folder)
    assert first is not None
    wish_to_stop(folder)
    monkeypatch.setattr("planner.executors.wish.boot_id", lambda: "another boot")
    assert seconds_since_wish(folder) == float("inf")
