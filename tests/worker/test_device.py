"""Which backend Keras computes with."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from planner.worker import device
from tests.worker.making import make
from tests.worker.test_command import script


@pytest.fixture
def keras_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Keras's own file would be, on a machine that has JAX and PyTorch."""
    monkeypatch.setenv("KERAS_BACKEND", "none yet")  # so that it is put back
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(device, "find_spec", lambda name: name if name in ("jax", "torch") else None)
    return tmp_path / "keras.json"


@pytest.mark.parametrize(
    ("wanted", "variable", "in_file", "chosen"),
    [
        ("torch", "jax", "jax", "torch"),
        (None, "torch", "jax", "torch"),
        (None, None, "torch", None),  # which Keras reads by itself
        (None, None, "tensorflow", "jax"),  # which Keras writes there unasked, and which is not installed
        (None, None, None, "jax"),
    ],
)
def test_what_is_said_nearest_to_the_run_decides(
    keras_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    wanted: str | None,
    variable: str | None,
    in_file: str | None,
    chosen: str | None,
) -> None:
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    if in_file:
        keras_file.write_text(json.dumps({"backend": in_file}))
    device.choose_backend(wanted)
    assert os.environ.get("KERAS_BACKEND") == chosen


def test_a_backend_that_is_not_there_is_named_with_its_remedy(
    tmp_path: Path, keras_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "find_spec", lambda _name: None)
    run = make(tmp_path, "def recipe(params): ...", backend="torch")
    assert (run.ended.status, run.ended.cause) == (
        "failed",
        f"the backend torch is not installed for {sys.executable}; "
        f"`{sys.executable} -m pip install torch` brings it",
    )


def test_a_param_and_a_command_have_their_say(tmp_path: Path, keras_file: Path) -> None:
    text = "import json, os; print(json.dumps({'val_accuracy': int(os.environ['KERAS_BACKEND'] == 'jax')}))"
    command = script(tmp_path, text)
    assert make(tmp_path, command=command, backend="torch").ended.metrics == {"val_accuracy": 0}
    run = make(tmp_path, command=command, backend="torch", params={"backend": "jax"})
    assert run.ended.metrics == {"val_accuracy": 1}
    another = make(tmp_path, command=command, backend="jax", params={"backend": "nccl"})
    assert another.ended.metrics == {"val_accuracy": 1}


def test_a_param_that_names_the_backend_counts_as_read(tmp_path: Path, keras_file: Path) -> None:
    recipe = "def recipe(params, run): run.log(1, val_accuracy=0.5)"
    asked = {"rung": "check", "beside": {}}
    assert make(tmp_path, recipe, params={"backend": "jax"}, **asked).ended.status == "finished"
    assert (
        "never reads the param backend"
        in make(tmp_path, recipe, params={"backend": "nccl"}, **asked).ended.cause
    )
