"""Two packages that bring the same module."""

from pathlib import Path

import pytest

from planner.gpu.conflict import conflict


def test_the_right_package_alone_is_no_conflict() -> None:
    assert conflict() is None


def test_the_deprecated_package_beside_it_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    information = tmp_path / "pynvml-12.0.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pynvml\nVersion: 12.0.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    said = conflict() or ""
    assert "pynvml 12.0.0 is installed beside nvidia-ml-py" in said
    assert "pip uninstall pynvml" in said
