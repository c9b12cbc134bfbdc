"""Asks for the next configuration in a process of its own, which alone loads Optuna."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, Any

from planner.domain.mistake import Failed
from planner.rules.sweeping.proposing import Question

SEARCHER = (sys.executable, "-P", "-m", "planner.searcher")
"""The process; -P keeps files of the current folder from being imported."""
PATIENCE = 600.0
"""Seconds it may take, on a machine however busy: importing Optuna takes half of one, an answer a tenth."""
TRIES = 3
"""How often it is asked where somebody ends it by force, such as a kernel short of memory."""
NO_PROGRAM = (errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.ENOTDIR)
"""Errors that say that the process is not there; any other, that the machine has no room for it just now."""
NO_OPTUNA = 3
"""Its exit status where Optuna is not there."""
INSTALL = "pip install 'experiment-planner[search]'"
"""The command that brings Optuna."""


class NoSearcher(Failed):
    """Nobody can say where to look next, and asking again would not help."""


class Asked:
    """A question that is being answered; whoever asked looks again when it suits them."""

    def __init__(self, question: Question, searcher: Sequence[str] | None = None) -> None:
        self.question = question
        """What was asked."""
        self._searcher = searcher or SEARCHER
        self._process: subprocess.Popen[bytes] | None = None
        self._tries = 0
        self._since = time.monotonic()
        self._no_room: str | None = None
        self._said: IO[bytes] | None = None
        self._trouble: IO[bytes] | None = None

    def answer(self) -> dict[str, Any] | None:
        """A number for each dimension; None while it is looked for; NoSearcher says why there is none."""
        process = self._process or self._start()
        status = process.poll() if process else None
        if status is None:
            self._check_patience()
            return None
        if status < 0:
            self._again()
            return None
        return self._answer(status)

    def end(self) -> None:
        """Nobody waits for the answer any more."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._close()

    def _start(self) -> subprocess.Popen[bytes] | None:
        """Start it; None where the machine has no room for it just now, which the next look tries again.

        A file stands for each stream, so that nobody has to feed or to drain a pipe meanwhile.
        """
        self._close()
        self._process = None
        try:
            # They are read once the process has ended, and closed then.
            # They stay open for as long as the searcher is asked, which is longer than any block.
            self._said, self._trouble = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115
            with tempfile.TemporaryFile() as asked:
                asked.write(json.dumps(asdict(self.question)).encode())
                asked.seek(0)
                self._process = subprocess.Popen(
                    self._searcher, stdin=asked, stdout=self._said, stderr=self._trouble
                )
        except OSError as error:
            if error.errno in NO_PROGRAM:
                raise NoSearcher(f"the search did not start: {error.strerror}") from error
            self._no_room = error.strerror
            return None
        self._tries, self._since, self._no_room = self._tries + 1, time.monotonic(), None
        return self._process

    def _close(self) -> None:
        for stream in (self._said, self._trouble):
            if stream is not None:
                stream.close()

    def _check_patience(self) -> None:
        if time.monotonic() - self._since > PATIENCE:
            self.end()
            if self._no_room is not None:
                raise NoSearcher(f"the search did not start in {PATIENCE:g} s: {self._no_room}")
            raise NoSearcher(f"TPE gave no answer in {PATIENCE:g} s; --method random needs nobody to ask")

    def _again(self) -> None:
        """Start it once more where somebody has killed it; NoSearcher where that happens again and again."""
        if self._tries >= TRIES:
            raise NoSearcher(
                f"TPE was killed {TRIES} times before it could answer: the machine may be short of memory; "
                "--method random needs nobody to ask"
            )
        self._start()

    def _answer(self, status: int) -> dict[str, Any]:
        if status == NO_OPTUNA:
            raise NoSearcher(
                f"TPE needs Optuna, which is not installed: {INSTALL}; grid and random do without it"
            )
        if status:
            raise NoSearcher(f"TPE ended with an error: {_last_line(_read(self._trouble))}")
        try:
            answer = json.loads(_read(self._said))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NoSearcher("the answer of TPE cannot be read; --method random needs nobody to ask")
        return answer


def _read(stream: IO[bytes] | None) -> bytes:
    """All that a process has written into a file of ours."""
    assert stream is not None
    stream.seek(0)
    return stream.read()


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it did not say why"
