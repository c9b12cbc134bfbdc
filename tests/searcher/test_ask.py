"""The searcher's process with the real Optuna: what it answers, and what is said when it cannot."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from errno import ENOSPC
from math import log10
from pathlib import Path

import pytest

from planner.rules.notation.sweeping import sweep
from planner.rules.sweeping.proposing import Numbers, Question, proposed
from planner.searcher import ask
from planner.searcher.ask import Asked, NoSearcher
from planner.searcher.tpe import suggested
from tests.executors.waiting import until
from tests.rules.sweeps import GOAL, walked

SPACE = sweep(["lr=1e-4..1e-1", "width=16..256", "act=relu,gelu", "d=0..0.5:0.1"], method="tpe", configs="40")


def quality(values) -> float | None:
    """Best at lr 0.01 with gelu; a wide network with a high rate fails."""
    if values["lr"] > 0.05 and values["width"] > 128:
        return None
    return -abs(log10(values["lr"]) + 2) + 0.3 * (values["act"] == "gelu") - abs(values["d"] - 0.2)


def in_this_process(question: Question) -> Numbers:
    from dataclasses import asdict

    return suggested(asdict(question))


def answered(question: Question, searcher: Sequence[str] | None = None) -> Numbers:
    """The answer, whenever it comes."""
    return answer_of(Asked(question, searcher))


def answer_of(asked: Asked) -> Numbers:
    found = []

    def comes() -> bool:
        answer = asked.answer()
        found.extend([] if answer is None else [answer])
        return bool(found)

    until(comes)
    asked.end()
    return found[0]


def a_question() -> Question:
    drawn = walked(sweep(["lr=1e-4..1e-1", "n=1..9"], configs="10", method="random"), lambda one: one["lr"])
    found = proposed(sweep(["lr=1e-4..1e-1", "n=1..9"], configs="30", method="tpe"), drawn, GOAL)
    assert isinstance(found, Question)
    return found


def test_the_same_question_has_the_same_answer_from_another_process():
    question = a_question()
    answer = answered(question)
    assert set(answer) == {"lr", "n"}
    assert answer == in_this_process(question)


def test_tpe_finds_what_is_good_and_names_no_configuration_twice():
    found = walked(SPACE, quality, ask=in_this_process)
    assert len({str(one.values) for one in found}) == 40
    late = [one.value for one in found[20:] if one.value is not None]
    early = [one.value for one in found[:10] if one.value is not None]
    assert sum(late) / len(late) > sum(early) / len(early) + 0.3


def test_configurations_that_run_are_kept_away_from():
    one = sweep(["lr=1e-4..1e-1"], method="tpe", configs="30")
    ended = walked(replace(one, method="random", configs=12), lambda values: -abs(log10(values["lr"]) + 2))
    alone = proposed(one, ended, GOAL)
    assert isinstance(alone, Question)
    answer = float(str(in_this_process(alone)["lr"]))
    running = tuple({"at": {"lr": answer * 1.001**n}, "state": "running", "value": None} for n in range(1, 9))
    beside = replace(alone, past=(*alone.past, *running))
    assert abs(log10(float(str(in_this_process(beside)["lr"])) / answer)) > 0.05


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (
            "import sys; sys.modules['optuna'] = None\n"
            "from planner.searcher.__main__ import main\nsys.exit(main())",
            r"TPE needs Optuna, which is not installed: pip install 'experiment-planner\[search\]'",
        ),
        ("raise SystemExit('the sampler broke')", "TPE ended with an error: the sampler broke"),
        ("print('lr = 3')", "cannot be read"),
        ("print([1])", "cannot be read"),
    ],
)
def test_a_search_that_cannot_answer_says_why_in_a_sentence(program: str, told: str):
    with pytest.raises(NoSearcher, match=told):
        answered(a_question(), (sys.executable, "-c", program))


def test_a_search_that_is_killed_is_asked_again(tmp_path: Path):
    died = tmp_path / "died"
    program = f"""
import os, pathlib, signal, sys
died = pathlib.Path({str(died)!r})
if not died.exists():
    died.touch()
    os.kill(os.getpid(), signal.SIGKILL)
from planner.searcher.__main__ import main
sys.exit(main())
"""
    question = a_question()
    assert answered(question, (sys.executable, "-c", program)) == in_this_process(question)
    assert died.exists()


def test_a_search_that_is_always_killed_says_so_in_a_sentence():
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(NoSearcher, match=r"killed 3 times .* short of memory; --method random"):
        answered(a_question(), (sys.executable, "-c", program))


def test_a_search_that_cannot_start_says_so():
    with pytest.raises(NoSearcher, match="did not start"):
        answered(a_question(), ("/nowhere/python",))


def test_a_search_that_hangs_is_given_up_and_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    pid = tmp_path / "pid"
    hangs = f"import os, pathlib, signal; pathlib.Path({str(pid)!r}).write_text(f'{{os.getpid()}}.')"
    asked = Asked(a_question(), (sys.executable, "-c", f"{hangs}; signal.pause()"))
    until(lambda: asked.answer() is None and pid.exists() and pid.read_text().endswith("."))
    monkeypatch.setattr(ask, "PATIENCE", 0.0)
    with pytest.raises(NoSearcher, match=r"TPE gave no answer in 0 s; --method random needs nobody"):
        asked.answer()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()[:-1]), 0)


def test_a_machine_without_room_for_it_now_is_asked_again(monkeypatch: pytest.MonkeyPatch):
    question = a_question()
    asked = Asked(question)
    with monkeypatch.context() as full:
        full.setattr("tempfile.TemporaryFile", no_room)
        assert asked.answer() is None
        assert asked.answer() is None
        with full.context() as late:
            late.setattr(ask, "PATIENCE", 0.0)
            with pytest.raises(NoSearcher, match="did not start in 0 s: No space left on device"):
                asked.answer()
    assert answer_of(asked) == in_this_process(question)


def no_room() -> None:
    raise OSError(ENOSPC, "No space left on device")
