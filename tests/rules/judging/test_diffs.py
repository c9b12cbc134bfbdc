"""What a diff adds to the code base."""

import pytest

from planner.rules.judging.diffs import is_code, lines_touched, points, without_binaries


@pytest.mark.parametrize(
    ("lines", "complexity"),
    [
        (0, 0),
        (1, 1),
        (10, 1),
        (11, 2),
        (50, 2),
        (51, 3),
        (200, 3),
        (201, 4),
        (1000, 4),
        (1001, 5),
        (10**6, 5),
    ],
)
def test_complexity_goes_by_the_lines_touched(lines: int, complexity: float) -> None:
    assert points(lines) == complexity


@pytest.mark.parametrize(
    "path", ["net.py", "src/loss/focal.py", "train.sh", "kernel.cu", "Makefile", "README.md"]
)
def test_code_counts(path: str) -> None:
    assert is_code(path)


@pytest.mark.parametrize(
    "path",
    [
        "uv.lock",
        "web/package-lock.json",
        "go.sum",
        "config/base.yaml",
        "planner.toml",
        ".env",
        "data/train.csv",
        "look.ipynb",
        "net_pb2.py",
        "web/app.min.js",
        ".planner/reviews/2026-W47.md",
    ],
)
def test_locks_configuration_data_and_what_programs_write_do_not(path: str) -> None:
    assert not is_code(path)


def test_lines_added_and_removed_are_summed() -> None:
    assert lines_touched(b"8\t2\tnet.py\x0030\t0\tloss.py\x00900\t900\tuv.lock\x00") == 40


def test_a_binary_file_and_the_moving_of_a_file_count_nothing() -> None:
    assert lines_touched(b"-\t-\tlogo.png\x000\t0\t\x00old.py\x00new.py\x003\t1\t\x00a.py\x00b.py\x00") == 4


def test_a_file_that_moved_goes_by_the_name_it_has_now() -> None:
    assert lines_touched(b"7\t0\t\x00net.py\x00net.csv\x00") == 0


def test_no_difference_is_no_line() -> None:
    assert lines_touched(b"") == 0


def test_binary_files_leave_a_patch() -> None:
    binary = b"diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n"
    text = b"diff --git a/n.py b/n.py\n--- a/n.py\n+++ b/n.py\n@@ -1 +1 @@\n-Binary files\n+diff --git\n"
    assert without_binaries(binary + text) == text
    assert without_binaries(text + binary) == text
    assert without_binaries(text) == text
    assert without_binaries(b"") == b""
