"""Hostile text through every verb, typed or stored: a sentence at worst, and never a control byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from planner.cli.main import VERBS, main
from planner.store.layout import Layout
from tests.drills.figure import Figure
from tests.drills.hostile import CORPUS, FAMILIES, SHORT, acted_on
from tests.drills.hostile_project import EVERY, RUN, TEXTS, fill
from tests.projects import make_project

Publish = Callable[[Figure], None]
PLANNER = Path(sys.executable).parent / "planner"
STATUSES = (0, 1, 2, 3, 4)


class Judge:
    """Runs commands in this process, and keeps what they should not have done."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.tried = 0
        self.wrong: list[str] = []

    def __call__(self, *words: str) -> str:
        """One command; answers its stdout."""
        status = main(["-C", str(self.folder), *words])
        said = self.capsys.readouterr()
        self.tried += 1
        what = f"{[ascii(word)[:60] for word in words]} -> {status}: {said.err[-300:]!a}"
        if status not in STATUSES or "defect" in said.err or "Traceback" in said.err + said.out:
            self.wrong.append(what)
        if bad := acted_on(said.out + said.err, "\n\t" if "csv" in words else "\n"):
            self.wrong.append(f"{what} wrote {bad}")
        if status == 0 and "--json" in words[:2]:
            json.loads(said.out)
        return said.out

    def figure(self, what: str) -> Figure:
        """What was tried, and how often it held."""
        assert not self.wrong, "\n".join(self.wrong[:8])
        return Figure(what=what, tried=self.tried, held=self.tried)


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a home and a working directory in it; nothing in them may change."""
    for name in ("HOME", "here"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kept").write_text("as it was")
    monkeypatch.setenv("HOME", str(tmp_path / "HOME"))
    monkeypatch.chdir(tmp_path / "here")
    make_project(tmp_path / "project")
    before = tree(tmp_path)
    yield tmp_path
    assert tree(tmp_path) == before


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but for those of the project's own `.planner` and of git."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        str(path): (folder / path).read_bytes() for path in files if not {".planner", ".git"} & {*path.parts}
    }


@pytest.fixture
def judge(around: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """A project in which one command after the other may do its worst."""
    return Judge(around / "project", capsys)


LOOKS = (
    *(("list",), ("list", "--all"), ("next",), ("status",), ("runs",), ("logs", RUN, "--lines", "2000")),
    *(("calibration",), ("doctor",), ("config", "show"), ("review", "--week", "2026-W47"), ("gpu",)),
    *(("show", str(number)) for number in range(1, len(TEXTS) + 1, EVERY)),
    *(("export", "--format", chosen) for chosen in ("csv", "json", "jsonl", "md", "html")),
    *(("undo",), ("redo",)),
)
"""Every verb that tells something, over a project that holds every string."""


def test_what_is_stored_is_told_by_every_verb(
    around: Path, capsys: pytest.CaptureFixture[str], publish: Publish
) -> None:
    fill(Layout(around / "project"))
    judge = Judge(around / "project", capsys)
    for number, words in enumerate(LOOKS):
        if words[0] != "show" or number % 2:
            judge(*words)
        if words[0] != "show" or not number % 2:
            judge(words[0], "--json", *words[1:])
    publish(judge.figure("hostile strings stored x verbs that tell them"))


def as_argument(verb: str, text: str) -> Iterator[Sequence[str]]:
    """Ways to give a verb a text."""
    yield verb, text
    yield verb, "--json", "--", text


TYPED = ("--hypothesis", "--category", "--tag", "--by", "--set", "--ref", "-t", "-c", "-i", "-l", "--after")
"""Options of `add` that take a text."""


def test_an_idea_is_made_of_it_or_refused(judge: Judge, publish: Publish) -> None:
    for number, text in enumerate(CORPUS):
        option = TYPED[number % len(TYPED)]
        judge("add", "--", text)
        if number % 3 == 0 or option == "--set":
            judge("add", "an idea", option, f"p={text}" if option == "--set" else text)
    ideas = json.loads(judge("list", "--json"))
    kept = {" ".join(text.split()) for text in SHORT if text.split() and len(text) <= 300}
    lost = (
        kept - {idea["title"] for idea in ideas} - {" ".join(text.split()) for text in FAMILIES["surrogates"]}
    )
    assert not lost, "a title that fits was refused or changed"
    publish(judge.figure("hostile strings x planner add"))


OTHERS = tuple(
    verb for verb in VERBS if verb not in ("add", "demo", "init", "gpu", "serve", "doctor", "dispatch")
)
"""Verbs that act in a project; those that start a process or another project are tried apart."""


def test_every_verb_takes_it_for_text(judge: Judge, publish: Publish) -> None:
    judge("add", "an idea")
    for number, text in enumerate(SHORT):
        for verb in OTHERS[number % 4 :: 4]:
            for words in as_argument(verb, text):
                judge(*words)
    publish(judge.figure("hostile strings x every other verb"))


ODD = (b"caf\xe9", b"\xff\xfe", b"\x1b]0;title\x07", b"\xed\xa0\x80", b"a\xc2\x9b31mb", "宽\u202e".encode())
"""Bytes of which some are no UTF-8."""


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_odd_bytes_in_a_real_terminal_s_encoding_end_in_text_or_a_sentence(
    around: Path, encoding: str
) -> None:
    surroundings = {**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": encoding}
    for word in ODD[:: 1 if encoding == "utf-8" else 3]:
        command = [os.fsencode(PLANNER), b"-C", os.fsencode(around / "project"), b"add", b"--", b"x " + word]
        done = subprocess.run(command, capture_output=True, env=surroundings, timeout=600, check=False)
        said = (done.stdout + done.stderr).decode(encoding)
        assert done.returncode in STATUSES
        assert not acted_on(said, "\n"), ascii(said)
        assert "Traceback" not in said
        assert "defect" not in said


def test_a_closed_stdout_and_one_that_is_read_no_further_are_no_failure(around: Path) -> None:
    fill(Layout(around / "project"))
    planner = f"'{PLANNER}' -C '{around / 'project'}'"
    for command in (
        f"{planner} list --json | head -c 1",
        f"{planner} list | head -1; exit ${{PIPESTATUS[0]}}",
    ):
        done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=600, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    closed = subprocess.run(
        ["bash", "-c", f"{planner} list >&-"], capture_output=True, timeout=600, check=False
    )
    assert b"Traceback" not in closed.stderr
    assert closed.returncode in STATUSES
