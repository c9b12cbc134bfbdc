"""The device and the backend, settled in the environment before anything that reads it is imported."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

BACKENDS = ("tensorflow", "jax", "torch")
"""Keras's backends, in the order in which an undecided project gets one."""


def choose_device(uuid: str | None) -> None:
    """Let CUDA see the run's own GPU alone; with None it goes on seeing what it saw."""
    if uuid is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = uuid
    # JAX too would take most of a GPU at once, and leave nothing to read from its memory figures.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def choose_backend() -> None:
    """Keep the person's choice of a Keras backend; without one take the first that is installed."""
    if "KERAS_BACKEND" in os.environ or _keras_file().exists():
        return
    installed = (name for name in BACKENDS if find_spec(name) is not None)
    if backend := next(installed, None):
        os.environ["KERAS_BACKEND"] = backend


def _keras_file() -> Path:
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "keras.json"
