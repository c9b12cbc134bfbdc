"""One file that answers what a run was, a year later, whatever kind of recipe it had."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planner.worker import hardware
from tests.projects import git
from tests.worker.making import Made, make, prepare

ESTIMATOR = """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from planner import Trial
    from parts import scale

    def recipe(params):
        x = np.arange(40.0).reshape(20, 2) * scale
        data = (x, np.arange(20) % 2)
        return Trial(LogisticRegression(C=params["c"]), train=data, validation=data)
"""
LOOP = """
    from parts import scale

    def recipe(params, run):
        import late
        run.log(1, val_accuracy=0.5 * scale)
"""
KERAS = """
    import keras
    import numpy as np
    from planner import Trial
    from parts import scale

    def recipe(params):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        data = (np.zeros((8, 2)) * scale, np.zeros((8, 1)))
        return Trial(model, train=data, validation=data, fit={"epochs": 1})
"""
SCRIPT = "import parts\nprint('{\"val_accuracy\": 0.5}')\n"
ESTIMATES = {"ana": {"hours": 1.0, "complexity": 0, "impact": 0.01, "relative": False, "likelihood": 0.4}}
ASKED: dict[str, Any] = {
    "idea": 7,
    "title": "a wider head",
    "hypothesis": "it can't hold ten classes",
    "estimates": ESTIMATES,
    "params": {"c": 2.0, "api_key": "sk-0123456789abcdef0123456789abcdef"},
    "baseline": 3,
    "baseline_params": {"c": 1.0, "api_key": "sk-0123456789abcdef0123456789abcdef"},
    "data": ("data/*.csv",),
    "seed": 4,
    "rung": "full",
    "device": None,
}


def project(where: Path) -> Path:
    """A repository with a module that the recipes import, committed, and one line of it edited since."""
    folder = where / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "parts.py").write_text("scale = 2\n")
    (folder / "late.py").write_text("")
    (folder / "train.py").write_text(SCRIPT)
    (folder / "data/a.csv").write_text("1,2\n")
    git(folder, "init", "-q", "-b", "trunk")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first")
    (folder / "parts.py").write_text("scale = 1\n")
    return folder


def made(where: Path, kind: str) -> Made:
    project(where)
    if kind == "command":
        return make(where, command=("python", "train.py", "--c", "{c}"), **ASKED)
    return make(where, {"keras": KERAS, "estimator": ESTIMATOR, "loop": LOOP}[kind], **ASKED)


@pytest.mark.keras
@pytest.mark.parametrize("kind", ["keras", "estimator", "loop", "command"])
def test_one_file_says_what_the_run_was(tmp_path: Path, kind: str) -> None:
    run = made(tmp_path, kind)
    assert run.ended.status == "finished", run.ended.cause
    told = run.context
    assert (told["idea"], told["title"], told["hypothesis"]) == (7, ASKED["title"], ASKED["hypothesis"])
    assert told["estimates"] == ESTIMATES
    assert (told["rung"], told["step"], told["seed"]) == ("full", 0, 4)
    assert told["params"] == {"c": 2.0, "api_key": "[redacted]"}
    assert told["baseline"] == {"version": 3, "params": {"c": 1.0, "api_key": "[redacted]"}}
    assert told["code"]["commit"] == git(tmp_path / "project", "rev-parse", "HEAD")
    assert told["code"]["branch"] == "trunk"
    patch = (run.folder.path / told["code"]["patch"]).read_bytes()
    assert b"+scale = 1" in patch
    assert told["code"]["patch_sha256"] == hashlib.sha256(patch).hexdigest()
    assert (told["data_files"]["files"], told["data_files"]["bytes"]) == (1, 4)
    assert told["packages"]["numpy"]
    assert told["replay_of"] is None
    if kind in ("keras", "estimator"):
        assert told["imported"]["numpy"] == told["packages"]["numpy"]
    assert told["planner"]
    assert told["python"]
    assert told["hostname"]
    assert {"device", "device_name", "driver", "processor", "platform"} <= told.keys()
    assert (told["entry"], bool(told["command"])) == (
        (None, True) if kind == "command" else ("experiment:recipe", False)
    )
    assert told["backend"] == ("tensorflow" if kind == "keras" else told["backend"])
    assert (told["metric"], told["direction"]) == ("val_accuracy", "max")
    assert "0123456789abcdef" not in run.folder.context.read_text() + run.folder.spec.read_text()


@pytest.mark.parametrize(("kind", "files"), [("loop", {"experiment.py", "parts.py", "late.py"}),
                                             ("command", {"train.py", "parts.py", "late.py"})])  # fmt: skip
def test_the_files_of_code_in_use_have_their_digests(tmp_path: Path, kind: str, files: set[str]) -> None:
    run = made(tmp_path, kind)
    told = {name: seen for name, seen in run.context["code_files"].items() if not Path(name).is_absolute()}
    assert told.keys() == files
    parts = (tmp_path / "project/parts.py").read_bytes()
    assert told["parts.py"] == hashlib.sha256(parts).hexdigest()


def test_a_file_that_is_edited_while_it_trains_is_told_as_it_was_loaded(tmp_path: Path) -> None:
    recipe = """
        from pathlib import Path
        import parts

        def recipe(params, run):
            Path(parts.__file__).write_text("scale = 3")
            run.log(1, val_accuracy=0.5)
    """
    folder = project(tmp_path)
    before = hashlib.sha256((folder / "parts.py").read_bytes()).hexdigest()
    assert make(tmp_path, recipe).context["code_files"]["parts.py"] == before


def test_the_gpu_and_its_driver_are_named_in_the_drivers_own_words(tmp_path: Path) -> None:
    (tmp_path / "gpus/0000:01:00.0").mkdir(parents=True)
    (tmp_path / "version").write_text(
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar 5\n"
    )
    (tmp_path / "gpus/0000:01:00.0/information").write_text(
        "Model: \t\t NVIDIA H200\nGPU UUID: \t GPU-77aa\n"
    )
    told = hardware.described("GPU-77aa", tmp_path)
    assert (told["device_name"], told["driver"]) == ("NVIDIA H200", "550.54.15")
    assert hardware.described("GPU-other", tmp_path)["device_name"] is None
    assert hardware.described(None, tmp_path / "nowhere")["driver"] is None


def test_a_run_that_cannot_be_loaded_says_what_it_was_all_the_same(tmp_path: Path) -> None:
    project(tmp_path)
    run = make(tmp_path, "import nothing_of_that_name", **ASKED)
    assert run.ended.status == "failed"
    assert run.context["title"] == ASKED["title"]
    assert run.context["backend"] is None


PLAIN_LOOP = "def recipe(params, run):\n    run.log(1, val_accuracy=0.5)\n"


@pytest.mark.parametrize("rung", ["check", "full"])
@pytest.mark.parametrize(
    "asked", [{}, {"command": ("echo", '{"val_accuracy": 0.5}')}], ids=["loop", "script"]
)
def test_a_worker_of_what_needs_no_numpy_loads_none(tmp_path: Path, rung: str, asked: dict[str, Any]) -> None:
    folder = prepare(tmp_path, PLAIN_LOOP, rung=rung, **asked)
    probe = (
        "import sys; from planner.worker.__main__ import main; "
        "print(main(sys.argv[1:]), 'numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", probe, str(folder.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False", done.stdout + done.stderr
