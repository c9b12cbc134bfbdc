"""One hash for the files of a data set."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planner.provenance import fingerprint


def test_a_fingerprint_of_files_follows_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.bin").write_bytes(b"one")
    first = fingerprint.of_files(tmp_path, ("**/*.bin",))
    os.utime(tmp_path / "deep/a.bin", (0, 0))
    assert fingerprint.of_files(tmp_path, ("**/*.bin", "deep/*")) == first
    (tmp_path / "deep/a.bin").write_bytes(b"two")
    assert fingerprint.of_files(tmp_path, ("**/*.bin",)) != first


def test_large_files_count_by_size_time_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "WHOLE", 10)
    (tmp_path / "a.bin").write_bytes(b"x" * 11)
    first = fingerprint.of_files(tmp_path, ("*.bin",))
    assert first["by_size_time_and_ends"] == ["a.bin"]
    os.utime(tmp_path / "a.bin", (0, 0))
    assert fingerprint.of_files(tmp_path, ("*.bin",))["sha256"] != first["sha256"]


def test_a_file_is_touched_whatever_time_it_bears(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"one")
    many, size, first = fingerprint.touched(tmp_path, ("*.bin",))
    assert (many, size) == (1, 3)
    (tmp_path / "b").write_bytes(b"two")
    os.utime(tmp_path / "b", (0, 0))
    (tmp_path / "b").replace(tmp_path / "a.bin")
    assert fingerprint.touched(tmp_path, ("*.bin",))[2] > first
