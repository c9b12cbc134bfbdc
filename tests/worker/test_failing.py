"""What goes wrong in a recipe, and the one sentence that says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from planner.domain.event import Ended
from planner.store.eventlog import EventLog
from planner.worker.__main__ import main
from planner.worker.cause import cause_of, headline
from tests.worker.making import make, prepare


@pytest.mark.parametrize(
    ("recipe", "cause"),
    [
        (
            "import no_such_library",
            "ModuleNotFoundError: No module named 'no_such_library' (experiment.py:1)",
        ),
        ("x = 1\ndef f(:", "SyntaxError: invalid syntax (experiment.py:2)"),
        ("def recip(params): ...", "experiment has no function recipe; did you mean recip?"),
        ("recipe = 3", "experiment has a value, not a function, recipe"),
        ("def recipe(): ...", "experiment:recipe must take (params), or (params, run) to keep its own loop"),
        (
            "def recipe(params): ...",
            "experiment:recipe returned nothing; it must return planner.Trial(...)",
        ),
        (
            "def recipe(params): return 3",
            "experiment:recipe returned a int; it must return planner.Trial(...)",
        ),
        (
            "def recipe(params):\n  import planner\n  return planner.Trial(object(), ([], []))",
            "experiment:recipe returned a Trial whose model is a builtins.object; it must be a compiled "
            "keras.Model or a scikit-learn estimator (a recipe that takes (params, run) keeps its own loop)",
        ),
        (
            "from sklearn.dummy import DummyClassifier\nimport planner\n"
            "def recipe(params): return planner.Trial(DummyClassifier(), ([[1]], [1]))",
            "experiment:recipe returned a Trial without validation data, which the metric val_accuracy "
            "needs; write Trial(..., validation=(x, y))",
        ),
        (
            "def recipe(params, run): return params['width']",
            "KeyError: 'width' (experiment.py:1)",
        ),
        (
            "import sys\ndef recipe(params, run):\n  sys.exit(4)",
            "the project's code ended the process itself (exit 4) (experiment.py:3)",
        ),
        (
            "def recipe(params, run):\n  raise MemoryError",
            "out of memory on the host: MemoryError (experiment.py:2); a smaller batch may fit",
        ),
        (
            "class E(RuntimeError): ...\ndef recipe(params, run):\n"
            "  raise E('CUDA out of memory. Tried to allocate 2 GiB')",
            "out of memory on the GPU: E: CUDA out of memory. Tried to allocate 2 GiB (experiment.py:3); "
            "a smaller batch may fit",
        ),
        (
            "class X(BaseException): ...\ndef recipe(params, run):\n  raise X('odd')",
            "X: odd (experiment.py:3)",
        ),
    ],
)
def test_each_failure_has_its_sentence(tmp_path: Path, recipe: str, cause: str) -> None:
    run = make(tmp_path, recipe)
    assert (run.ended.status, run.ended.cause) == ("failed", cause)
    assert run.code == 1


def test_a_module_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    run = make(tmp_path, "x = 1", entry="experimnt:recipe")
    assert run.ended.cause == (
        f"there is no module experimnt in {tmp_path / 'project'}; did you mean experiment?"
    )


def test_the_traceback_goes_to_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, "def recipe(params, run):\n  return 1 / 0")
    assert 'experiment.py", line 2, in recipe' in capsys.readouterr().err


def test_the_cause_is_the_innermost_line_of_the_project(tmp_path: Path) -> None:
    recipe = "import json\ndef parse():\n  json.loads('{')\ndef recipe(params, run):\n  parse()"
    assert make(tmp_path, recipe).ended.cause.endswith("(experiment.py:3)")


def test_a_long_message_is_cut_and_boilerplate_skipped() -> None:
    assert len(headline("x" * 1000)) == 200
    said = "Graph execution error:\n\nDetected at node add (most recent call last):\n  File x\n\nBad shape"
    assert headline(said) == "Bad shape"
    assert cause_of(ValueError(), Path("/nowhere")) == "ValueError"


def test_the_check_writes_the_failure_down_as_an_answer(tmp_path: Path) -> None:
    run = make(tmp_path, "def recipe(params):\n  raise ValueError('no such file')", rung="check")
    assert [(check.name, check.passed, check.detail) for check in run.checks] == [
        ("recipe", False, "ValueError: no such file (experiment.py:2)")
    ]


def test_a_run_is_never_made_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make(tmp_path, "def recipe(params, run): run.log(1, val_accuracy=1)")
    before = run.folder.events.read_bytes()
    assert main([str(run.folder.path)]) == 3
    assert "is claimed already; no run is made twice" in capsys.readouterr().err
    assert run.folder.events.read_bytes() == before


def test_a_folder_that_holds_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "no run folder" in capsys.readouterr().err
    assert main([]) == 2


def test_a_spec_of_another_release_is_refused_before_anything_happens(tmp_path: Path) -> None:
    folder = prepare(tmp_path, "def recipe(params, run): ...", format=99)
    assert main([str(folder.path)]) == 2
    assert not folder.events.exists()


def test_a_full_disk_under_the_log_does_not_end_the_run(tmp_path: Path) -> None:
    folder = prepare(tmp_path, "def recipe(params, run):\n  print('x' * 9999)\n  run.log(1, val_accuracy=1)")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "planner.worker", str(folder.path)], stdout=full, stderr=full
        )
    assert done.returncode == 0
    ended = folder.read_events()[0][-1]
    assert isinstance(ended, Ended)
    assert ended.status == "finished"


def test_events_that_a_full_disk_refused_are_written_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, refusals = EventLog._flush, [True] * 3

    def flush(log: EventLog) -> None:
        if not (log.waiting and refusals):
            real(log)
        else:
            refusals.pop()

    monkeypatch.setattr(EventLog, "_flush", flush)
    run = make(tmp_path, "def recipe(params, run): run.log(1, val_accuracy=1)")
    assert run.ended.metrics == {"val_accuracy": 1}
