"""Scripts that were written on Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.worker.line_ends import of_windows
from tests.worker.making import make

MENDED = "has the line ends of Windows, which `sed -i 's/\\r$//'` takes away"
EPOCH = """echo '{"epoch": 1, "val_accuracy": 0.5}'\r\n"""


def test_a_shell_script_of_windows_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_bytes(f"for epoch in 1 2; do\r\n{EPOCH}done\r\n".encode())
    run = make(tmp_path, command=("sh", str(script)))
    assert run.ended.cause.startswith("the command ended with exit 2")
    assert run.ended.cause.endswith(f"; {script} {MENDED}")


def test_so_is_one_that_can_not_start(tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_bytes(b"#!/bin/sh\r\nexit\r\n")
    script.chmod(0o700)
    cause = make(tmp_path, command=(str(script),)).ended.cause
    assert cause.endswith(f": its first line names an interpreter that is not there; {script} {MENDED}")


def test_one_that_ends_well_is_no_fault(tmp_path: Path) -> None:
    script = tmp_path / "train.sh"
    script.write_bytes(EPOCH.encode())
    assert make(tmp_path, command=("sh", str(script))).ended.metrics == {"val_accuracy": 0.5}


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        (("./train",), b"#!/bin/sh\r\nexit\r\n", True),
        (("./train", "0.1"), b"#!/usr/bin/env python3\r\n", True),
        (("env", "LR=1", "bash", "./train"), b"exit\r\n", True),
        (("/bin/sh", "./train"), b"exit\n", False),
        (("python", "./train"), b"#!/bin/sh\r\n", False),
        (("./train",), b"\x7fELF\r\n", False),
        (("./other",), b"#!/bin/sh\r\n", False),
        (("./tr\0ain",), b"#!/bin/sh\r\n", False),
    ],
)
def test_only_what_reads_the_line_ends_stumbles_over_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], text: bytes, told: bool
) -> None:
    (tmp_path / "train").write_bytes(text)
    monkeypatch.chdir(tmp_path)
    assert of_windows(command) == (f"; ./train {MENDED}" if told else "")
