"""Why git refused is told in one sentence, from what it wrote."""

from __future__ import annotations

import pytest

from planner.provenance.asking import reason

LACKS = b"line 1: git-lfs: not found\nerror: external filter failed\nfatal: a: smudge filter failed"
OWNER = (
    b"fatal: detected dubious ownership in repository at '/x'\n"
    b"To add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /x\n"
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", "no reason given"),
        (b"\n  \n", "no reason given"),
        (b"error: one\nerror: two\n", "error: two"),
        (b"warning: odd\nfatal: bad revision 'x'\nmore\n", "bad revision 'x'"),
        (b"fatal: the first\nfatal: the second\n", "the first"),
        (b"fatal: path 'a' not found\n", "path 'a' not found"),
        (b"sh: git: not found\n", "sh: git: not found"),
        (LACKS, "line 1: git-lfs: not found; a: smudge filter failed"),
        (
            OWNER,
            "detected dubious ownership in repository at '/x'; "
            "`git config --global --add safe.directory /x` lets it",
        ),
        (b"fatal: gr\xf6\xdfe\n", "gr\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}e"),
    ],
)
def test_a_refusal_is_told_by_what_is_fatal_what_is_lacking_and_what_is_advised(
    said: bytes, told: str
) -> None:
    assert reason(said) == told
