"""The process that asks the driver: what it writes, when it ends, what it survives."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.gpu import sampler
from tests.gpu.library import Card, FakeLibrary, two_cards, without_driver
from tests.gpu.waiting import until

ROOT = Path(__file__).parents[2]
START = """
import sys
from planner.gpu import sampler
from tests.gpu import library
{before}
sys.exit(sampler.main(sys.argv[1:], {library}))
"""

Starter = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Starter]:
    """Starts a sampler over a stand-in library, in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def starter(*arguments: str, library: str = "library.two_cards()", before: str = "") -> Any:
        program = START.format(library=library, before=before)
        command = [sys.executable, "-c", program, *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe))
        return started[-1]

    yield starter
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def trainer() -> Iterator[subprocess.Popen[bytes]]:
    """A process to be watched."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_once_prints_one_state(capfd: pytest.CaptureFixture[str]) -> None:
    assert sampler.main(["--once"], two_cards()) == 0
    state = json.loads(capfd.readouterr().out)
    assert [reading["index"] for reading in state["readings"]] == [0, 1]
    assert state["absent"] is None


def test_once_without_a_driver_prints_the_calm_state(capfd: pytest.CaptureFixture[str]) -> None:
    assert sampler.main(["--once"], without_driver()) == 0
    assert json.loads(capfd.readouterr().out) == {"readings": [], "users": [], "absent": "no GPU"}


def test_without_a_driver_a_run_gets_no_file_and_no_error(tmp_path: Path) -> None:
    file = tmp_path / "gpu.jsonl"
    assert sampler.main(["--out", str(file), "--pid", "1"], without_driver()) == 0
    assert not file.exists()


def test_readings_are_appended_until_the_process_is_gone(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "gpu.jsonl"
    running = start("--out", str(file), "--pid", str(trainer.pid), "--interval", "0.01")
    until(lambda: len(lines(file)) >= 4)
    trainer.kill()  # and not reaped yet: a zombie is gone too
    assert running.wait(600) == 0
    assert [reading["index"] for reading in lines(file)][:4] == [0, 1, 0, 1]


def test_only_the_gpu_of_the_run_is_recorded(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file, uuid = tmp_path / "gpu.jsonl", two_cards().cards[1].uuid
    start("--out", str(file), "--pid", str(trainer.pid), "--uuid", uuid, "--interval", "0.01")
    until(lambda: len(lines(file)) >= 2)
    assert {reading["uuid"] for reading in lines(file)} == {uuid}


def test_the_file_is_private_under_any_umask(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "gpu.jsonl"
    start("--out", str(file), "--pid", str(trainer.pid), before="import os; os.umask(0)")
    until(lambda: lines(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_polite_signal_ends_it(start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path) -> None:
    file = tmp_path / "gpu.jsonl"
    running = start("--out", str(file), "--pid", str(trainer.pid))
    until(lambda: lines(file))
    running.terminate()
    assert running.wait(600) == -signal.SIGTERM


def test_a_driver_that_hangs_does_not_keep_it_alive(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    running = start(
        "--out",
        str(tmp_path / "gpu.jsonl"),
        "--pid",
        str(trainer.pid),
        library="library.HangingLibrary(library.Card())",
    )
    trainer.kill()
    assert running.wait(600) == 0


def test_a_process_that_was_gone_from_the_start_is_not_waited_for(start: Starter, tmp_path: Path) -> None:
    running = start("--out", str(tmp_path / "gpu.jsonl"), "--pid", str(2**22 + 7))
    assert running.wait(600) == 0


def test_a_full_disk_costs_readings_and_leaves_whole_lines(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "gpu.jsonl"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    running = start("--out", str(file), "--pid", str(trainer.pid), "--interval", "0.01", before=limit)
    until(lambda: lines_that_end(file) and file.stat().st_size > 500)
    assert running.poll() is None
    trainer.kill()
    assert running.wait(600) == 0
    assert all(reading["uuid"] for reading in lines(file))


def lines_that_end(file: Path) -> bool:
    return file.exists() and file.read_bytes().endswith(b"\n")


def test_half_a_line_of_an_earlier_sampler_spoils_no_reading(
    start: Starter, trainer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "gpu.jsonl"
    file.write_bytes(b'{"at":"2026","index":0}\n{"at":"20')
    start("--out", str(file), "--pid", str(trainer.pid), "--interval", "0.01")
    until(lambda: file.read_bytes().count(b"\n") >= 3)
    assert [reading["index"] for reading in lines(file)[:3]] == [0, 0, 1]


def test_watching_prints_states_until_nobody_listens(start: Starter) -> None:
    running = start("--watch", "--interval", "0.01")
    assert running.stdout is not None
    first, second = json.loads(running.stdout.readline()), json.loads(running.stdout.readline())
    assert len(first["readings"]) == len(second["readings"]) == 2
    assert running.stdin is not None
    running.stdin.close()
    until(lambda: running.poll() is not None)
    assert running.returncode == 0


def test_watching_ends_when_its_output_breaks(start: Starter) -> None:
    running = start("--watch", "--interval", "0.01")
    assert running.stdout is not None
    running.stdout.close()
    until(lambda: running.poll() is not None)
    assert running.returncode == 0


def test_watching_without_a_driver_says_so_once_and_ends(start: Starter) -> None:
    running = start("--watch", library="library.without_driver()")
    said, _ = running.communicate(timeout=600)
    assert [json.loads(line)["absent"] for line in said.splitlines()] == ["no GPU"]


def test_readings_of_a_file_need_a_process_to_watch(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        sampler.main(["--out", "gpu.jsonl"], FakeLibrary(Card()))
    assert "--out needs --pid" in capsys.readouterr().err
