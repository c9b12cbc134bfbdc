"""The device and the backend, settled in the environment before anything that reads it is imported."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.domain.run import Spec

BACKENDS = ("tensorflow", "jax", "torch")
"""Keras's backends, in the order in which an undecided project gets one."""

PARAM = "backend"
"""The param by which an idea tries another one."""


def choose_device(uuid: str | None) -> None:
    """Let CUDA see the run's own GPU alone; with None it goes on seeing what it saw."""
    if uuid is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = uuid
    # JAX too would take most of a GPU at once, and leave nothing to read from its memory figures.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def choose_backend(wanted: str | None, *, needed: bool = True) -> None:
    """Settle which backend Keras computes with, before anything imports Keras.

    First what planner.toml or the param says, then KERAS_BACKEND, then Keras's own file where what that names
    is installed, then the first that is. Mistake when the wanted one is `needed` here and not installed.
    A command, which may run in another environment, needs none here, and is told nothing but what is wanted.
    """
    if wanted is not None:
        if needed and not _installed(wanted):
            raise Mistake(
                f"the backend {wanted} is not installed for {sys.executable}; "
                f"`{sys.executable} -m pip install {wanted}` brings it"
            )
        os.environ["KERAS_BACKEND"] = wanted
        return
    if not needed or "KERAS_BACKEND" in os.environ or _installed(_of_keras_file()):
        return
    if backend := next(filter(_installed, BACKENDS), None):
        os.environ["KERAS_BACKEND"] = backend


def wanted_backend(spec: Spec) -> str | None:
    """The backend of this run: of a param of that name where it names one, else of planner.toml."""
    param = spec.params.get(PARAM)
    return str(param) if names_backend(PARAM, param) else spec.backend


def names_backend(name: str, value: object) -> bool:
    """Whether a param says what Keras computes with, and not something else of that name."""
    return name == PARAM and value in BACKENDS


def _installed(backend: str | None) -> bool:
    return backend is not None and find_spec(backend) is not None


def _of_keras_file() -> str | None:
    """What Keras's own file names, which Keras writes by itself the first time; None without one."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return str(json.loads((home / "keras.json").read_text())["backend"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
