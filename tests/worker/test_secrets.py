"""Nothing secret that a run meets lies in its folder afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.worker.__main__ import main
from planner.worker.discreet import Discreet
from tests.drills.figure import Figure
from tests.drills.secrets import secrets
from tests.worker.making import make, prepare


def test_two_hundred_planted_secrets_are_in_no_file_of_a_run_folder(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(secrets(200, tmp_path, seed=1))


def test_a_worker_without_the_secrets_of_its_run_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = prepare(tmp_path, "def recipe(params, run): ...", params={"hf_token": "hf_" + "a1" * 17})
    assert main([str(folder.path)]) == 2
    assert "was told a secret, which its folder does not hold" in capsys.readouterr().err
    assert not folder.claim.exists()


def test_what_fails_may_quote_a_secret_and_the_run_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "tulips and copper")
    recipe = (
        "import os\ndef recipe(params, run):\n  raise ValueError('refused: ' + os.environ['DB_PASSWORD'])"
    )
    run = make(tmp_path, recipe)
    assert run.ended.cause == "ValueError: refused: [redacted] (experiment.py:3)"
    assert "tulips" not in capsys.readouterr().err


def test_what_is_told_under_a_name_is_known_without_it() -> None:
    discreet = Discreet({"service": [{"password": "hunter22"}], "lr": 0.1}, {"HF_TOKEN": "somethingodd9"})
    assert discreet("hunter22 and somethingodd9 at 0.1") == "[redacted] and [redacted] at 0.1"
