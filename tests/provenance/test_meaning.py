"""When two states of a Python file count as the same code."""

from __future__ import annotations

import pytest

from planner.provenance.meaning import does_the_same

CODE = '"""A recipe."""\n\nRATE = 0.1\n\n\ndef train(params, run):\n    run.log(1, loss=RATE)\n'
SAME = {
    "a comment": CODE + "# later: try 0.2\n",
    "a comment in a line": CODE.replace("0.1", "0.1  # slow"),
    "blank lines": CODE.replace("\n", "\n\n"),
    "the docstring": CODE.replace("A recipe.", "The recipe."),
    "no docstring": CODE.replace('"""A recipe."""\n', ""),
    "a docstring of a function": CODE.replace(":\n    run", ':\n    """Trains."""\n    run'),
    "another layout": CODE.replace("(1, loss=RATE)", "(\n        1,\n        loss=(RATE),\n    )"),
    "another spelling": CODE.replace("0.1", "1e-1"),
    "ends of lines": CODE.replace("\n", "\r\n"),
}
DECORATED = CODE.replace("def train", "@command\ndef train")
SCRIPT = "#!/usr/bin/env python3.11\n" + CODE
PACKAGES = "# /// script\n# dependencies = ['keras==3.0']\n# ///\n" + CODE
TYPED = CODE.replace(":\n    run", ":\n    # type: (dict, Run) -> None\n    run")
OTHER = {
    "a number": CODE.replace("0.1", "0.2"),
    "a whole number": CODE.replace("(1,", "(1.0,"),
    "a name": CODE.replace("RATE", "SPEED"),
    "one level in": CODE.replace("    run", "    if params:\n        run"),
    "a text that is used": CODE.replace("loss=RATE", "note='a  b'"),
    "no Python": CODE + "def",
}


BESIDE = {
    "what runs it": (SCRIPT, SCRIPT.replace("3.11", "3.12")),
    "what it is run with": (PACKAGES, PACKAGES.replace("3.0", "3.1")),
    "a type that TorchScript reads": (TYPED, TYPED.replace("dict", "list")),
    "a docstring that a decorator gets": (
        DECORATED.replace(":\n    run", ':\n    """Trains."""\n    run'),
        DECORATED.replace(":\n    run", ':\n    """Learns."""\n    run'),
    ),
    "the encoding of a text": ("# coding: latin-1\nx = 'é'", "# coding: utf-8\nx = 'é'"),
}


@pytest.mark.parametrize("change", BESIDE)
def test_what_others_than_the_interpreter_read_of_it_is_one(change: str) -> None:
    one, other = BESIDE[change]
    assert not does_the_same(one.encode(), other.encode())
    assert does_the_same(one.encode(), one.encode() + b"# the end\n")


def test_what_a_type_checker_is_told_is_no_change() -> None:
    silent = CODE.replace("0.1", "0.1  # type: ignore[assignment]")
    assert does_the_same(CODE.encode(), silent.encode())


@pytest.mark.parametrize("change", SAME)
def test_what_the_interpreter_does_not_see_is_no_change(change: str) -> None:
    assert SAME[change] != CODE
    assert does_the_same(CODE.encode(), SAME[change].encode())


@pytest.mark.parametrize("change", OTHER)
def test_what_it_does_see_is_one(change: str) -> None:
    assert not does_the_same(CODE.encode(), OTHER[change].encode())
    assert does_the_same(OTHER[change].encode(), OTHER[change].encode())


def test_a_docstring_counts_in_a_file_that_reads_it() -> None:
    reads = CODE + "USAGE = __doc__\n"
    assert not does_the_same(reads.encode(), reads.replace("A recipe.", "The recipe.").encode())


def test_a_tower_of_brackets_is_another_thing_and_no_crash() -> None:
    tower = "x = " + "(" * 5000 + ")" * 5000
    assert not does_the_same(tower.encode(), (tower + "  # high").encode())
