"""What a file of ideas is, and every idea it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.ideas_sheet import read_ideas_sheet
from planner.imports.issues import read_issues
from planner.imports.markdown_list import read_markdown
from planner.imports.outside import read_text
from planner.imports.proposal import Ideas

SHEETS = (".csv", ".tsv", ".tab")
"""Endings of tables."""
LISTS = (".md", ".markdown", ".mkd")
"""Endings of Markdown."""


def read_ideas(path: Path, goal: Goal, *, mapped: Mapping[str, str], by: str) -> Ideas:
    """The ideas in a file, `-` for stdin; what it is, its name says, or else its first sign."""
    if path.is_dir():
        raise Mistake(
            f"{path.name} is a folder; --ideas reads a file: a Markdown list, a CSV or GitHub issues"
        )
    text = read_text(path)
    name, ending = ("stdin", "") if str(path) == "-" else (path.name, path.suffix.lower())
    begins = text.lstrip("\ufeff \t\r\n")[:2]
    if ending in LISTS:
        return _list(text, name, goal, mapped, by)
    if ending == ".json" or (ending not in SHEETS and begins[:1] in ("[", "{")):
        return read_issues(text, name)
    if ending in SHEETS or not _looks_like_a_list(text):
        return read_ideas_sheet(text, name, goal, mapped=mapped, by=by)
    return _list(text, name, goal, mapped, by)


def _list(text: str, name: str, goal: Goal, mapped: Mapping[str, str], by: str) -> Ideas:
    if mapped:
        raise Mistake(f"--map names columns, and {name} is a list without any")
    return read_markdown(text, name, goal, by=by)


def _looks_like_a_list(text: str) -> bool:
    """Whether a line opens with a dash, as no header of a table does."""
    lines = [line.lstrip() for line in text.splitlines()[:200]]
    return any(line.startswith(("- ", "* ", "+ ", "1. ")) for line in lines) and not _is_header(lines)


def _is_header(lines: list[str]) -> bool:
    first = next((line for line in lines if line), "")
    return any(sign in first for sign in ",;\t|") and not first.startswith(("-", "*", "+", "#"))
