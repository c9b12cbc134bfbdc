"""Whether two states of a Python file do the same, whatever their comments, blank lines and docstrings."""

from __future__ import annotations

import ast
import warnings

READ = (b"__doc__", b"getdoc", b"getsource", b"getcomments")
"""What a file holds that looks at the text of code while it runs: then that counts, every sign of it."""
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
        return _tree(one) == _tree(other)
    except NOT_PYTHON:
        return False


def _tree(source: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an odd escape it has been warned where it ran
        tree = ast.parse(source)
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            lines = getattr(node, field, None)
            if isinstance(lines, list):
                setattr(node, field, [line for line in lines if not _does_nothing(line)])
    return ast.dump(tree)


def _does_nothing(line: ast.AST) -> bool:
    """Whether a statement is a bare text or number, such as a docstring, or `pass`."""
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
