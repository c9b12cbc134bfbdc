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


def test_a_folder_stands_for_all_that_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "a.bin").write_bytes(b"one")
    (tmp_path / "data" / "b.bin").write_bytes(b"two")
    (tmp_path / "beside.bin").write_bytes(b"three")
    for pattern in ("data", "data/", "./data", str(tmp_path / "data")):
        found = fingerprint.matches(tmp_path, (pattern,))
        assert [Path(name).name for name in found] == ["b.bin", "a.bin"], pattern
    assert fingerprint.matches(tmp_path, ("", "/")) == []


@pytest.mark.parametrize("link", ["data", "data/a.bin"])
def test_a_link_that_leads_elsewhere_by_now_is_touched(tmp_path: Path, link: str) -> None:
    """What it leads to may be older than the run, and as large."""
    for version, content in (("two", b"2"), ("one", b"1")):
        (tmp_path / version).mkdir()
        (tmp_path / version / "a.bin").write_bytes(content)
    parts = Path(link).parts
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(Path(tmp_path, "one", *parts[1:]))
    before = fingerprint.touched(tmp_path, ("data/*",))
    for _ in range(1000):  # until the kernel's clock has moved on
        (tmp_path / link).unlink()
        (tmp_path / link).symlink_to(Path(tmp_path, "two", *parts[1:]))
        after = fingerprint.touched(tmp_path, ("data/*",))
        if after[2] > before[2]:
            break
    assert after[:2] == before[:2]
    assert after[2] > before[2]
