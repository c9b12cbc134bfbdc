"""Asks for the next configuration in a process of its own, which alone loads Optuna."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from planner.domain.mistake import Failed
from planner.rules.sweeping.proposing import Question

SEARCHER = (sys.executable, "-P", "-m", "planner.searcher")
"""The process; -P keeps files of the current folder from being imported."""
PATIENCE = 60.0
"""Seconds it may take: importing Optuna takes half of one, an answer a tenth."""
TRIES = 3
"""How often it is asked where somebody ends it by force, such as a kernel short of memory."""
NO_OPTUNA = 3
"""Its exit status where Optuna is not there."""
INSTALL = "pip install 'experiment-planner[search]'"
"""The command that brings Optuna."""


class NoSearcher(Failed):
    """Nobody can say where to look next, and asking again would not help."""


def ask(question: Question, searcher: Sequence[str] | None = None) -> dict[str, Any]:
    """A number for each dimension of the question; NoSearcher says why there is none."""
    asked = json.dumps(asdict(question)).encode()
    tries = (_asked(searcher or SEARCHER, asked) for _ in range(TRIES))
    done = next((one for one in tries if one.returncode >= 0), None)
    if done is None:
        raise NoSearcher(
            f"TPE was killed {TRIES} times before it could answer: the machine may be short of memory; "
            "--method random needs nobody to ask"
        )
    if done.returncode == NO_OPTUNA:
        raise NoSearcher(
            f"TPE needs Optuna, which is not installed: {INSTALL}; grid and random do without it"
        )
    if done.returncode:
        raise NoSearcher(f"TPE ended with an error: {_last_line(done.stderr)}")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoSearcher("the answer of TPE cannot be read; --method random needs nobody to ask")
    return answer


def _asked(searcher: Sequence[str], question: bytes) -> subprocess.CompletedProcess[bytes]:
    """The process once it has ended, by itself or by a signal."""
    try:
        return subprocess.run(searcher, input=question, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoSearcher(
            f"TPE gave no answer in {PATIENCE:g} s; --method random needs nobody to ask"
        ) from None
    except OSError as error:
        raise NoSearcher(f"the search did not start: {error.strerror}") from error


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it did not say why"
