"""What a run was, told from its context."""

from __future__ import annotations

from planner.rules.wording.ran_on import code_in_words, ran_on

CONTEXT = {
    "at": "2026-11-16T09:00:00.000Z",
    "hostname": "box",
    "idea": 7,
    "title": "a wider head",
    "hypothesis": "ten classes do not fit",
    "estimates": {
        "ana": {"hours": 1.0, "complexity": 0, "impact": None, "relative": False, "likelihood": 0.4}
    },
    "rung": "small",
    "seed": 4,
    "step": 1,
    "fraction": 0.25,
    "entry": "experiment:digits",
    "baseline": {"version": 3, "params": {"lr": 0.1}},
    "code": {"commit": "4ef231a0123456789", "branch": "trunk", "patch": "code.patch"},
    "data_files": {"files": 2, "bytes": 12345, "sha256": "9f86d081884c7d65"},
    "data": {"train": {"examples": 1437, "sha256": "0123456789abcdef"}, "validation": {"kind": "Stream"}},
    "device": "GPU-77aa",
    "device_name": "NVIDIA H200",
    "driver": "550.54.15",
    "python": "3.11.9",
    "planner": "0.1.0",
    "packages": {"keras": "3.15.0", "pandas": "2.0"},
    "backend": "tensorflow",
}


def test_a_run_is_told_in_a_few_lines() -> None:
    assert ran_on(CONTEXT) == [
        ("idea", "#7 a wider head"),
        ("hypothesis", "ten classes do not fit"),
        ("believed", "ana: hours 1, complexity 0, likelihood 0.4"),
        ("rung", "small, seed 4, step 1, 25 % of the training data"),
        ("recipe", "experiment:digits"),
        ("baseline", "version 3: lr = 0.1"),
        ("code", "commit 4ef231a012 of trunk, with uncommitted changes (code.patch)"),
        ("data", "2 files, 12,345 bytes, 9f86d08188; train 1,437 examples, 0123456789"),
        ("device", "NVIDIA H200 (GPU-77aa), driver 550.54.15"),
        ("software", "Python 3.11.9, planner 0.1.0, keras 3.15.0; Keras on tensorflow"),
        ("when", "2026-11-16T09:00:00.000Z on box"),
    ]


def test_one_file_of_data_is_one_file() -> None:
    told = dict(ran_on({"data_files": {"files": 1, "bytes": 5, "sha256": "9f86d081884c7d65"}}))
    assert told["data"] == "1 file, 5 bytes, 9f86d08188"


def test_a_run_that_climbed_on_names_every_rung_that_it_stood_on() -> None:
    told = dict(ran_on({"rung": "tiny", "covers": ["check"], "seed": 0}))
    assert told["rung"] == "check and tiny, seed 0"


def test_what_an_older_context_does_not_say_is_left_out() -> None:
    assert ran_on({}) == []
    assert ran_on(
        {"code": None, "data": "sha256:9f2c", "packages": {}, "command": ["python", "train.py"]}
    ) == [
        ("recipe", "python train.py"),
        ("code", "not in git"),
    ]
    assert code_in_words({"code": {"commit": None}}) == "no commit yet"
