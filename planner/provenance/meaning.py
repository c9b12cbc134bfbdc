"""Whether two states of a Python file do the same, whatever their comments, blank lines and docstrings."""

from __future__ import annotations

import ast
import re
import warnings

READ = (b"__doc__", b"getdoc", b"getsource", b"getcomments")
"""What a file holds that looks at the text of code while it runs: then that counts, every sign of it."""
TOLD = re.compile(rb"\A#!.*|^# /// (?:.*\n#){0,99}? ///[ \t]*$|^#[ \t]*(?:cython|distutils):.*", re.MULTILINE)
"""Comments for whoever runs or builds a file: what runs it, the packages of a script, how it is compiled."""
LONGEST = 1_000_000
"""Bytes of a file beyond which nobody wrote it by hand, and its bytes decide."""
NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python says of a file that it can't read, or that is nested too deeply."""


def does_the_same(one: bytes, other: bytes) -> bool:
    """Whether two files are the same code: the same tree without places, and without texts nobody uses."""
    if one == other:
        return True
    if max(len(one), len(other)) > LONGEST or any(name in one + other for name in READ):
        return False
    try:
        return _told(one) == _told(other) and _tree(one) == _tree(other)
    except NOT_PYTHON:
        return False


def _told(source: bytes) -> list[bytes]:
    return TOLD.findall(source.replace(b"\r\n", b"\n"))


def _tree(source: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an odd escape it has been warned where it ran
        tree = ast.parse(source, type_comments=True)  # which TorchScript reads
    tree.type_ignores = []
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            lines = getattr(node, field, None)
            if isinstance(lines, list):
                kept = lines[:1] if _is_handed_on(node) else []
                setattr(node, field, kept + [line for line in lines[len(kept) :] if not _does_nothing(line)])
    return ast.dump(tree)


def _is_handed_on(node: ast.AST) -> bool:
    """Whether a decorator gets hold of what is defined, and may read what it says of itself."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and bool(
        node.decorator_list
    )


def _does_nothing(line: ast.AST) -> bool:
    """Whether a statement is a bare text or number, such as a docstring, or `pass`."""
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
