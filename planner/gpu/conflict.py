"""Finds a second package that brings a module `pynvml`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def conflict() -> str | None:
    """What is wrong, and the commands that put it right; None when `nvidia-ml-py` stands alone."""
    try:
        found = version("pynvml")
    except PackageNotFoundError:
        return None
    return (
        f"the package pynvml {found} is installed beside nvidia-ml-py, and both bring a module pynvml; "
        "put it right with `pip uninstall pynvml` and then `pip install --force-reinstall nvidia-ml-py`"
    )
