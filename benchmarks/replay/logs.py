"""Reads a log of research ideas: what was tried, one after another, and whether it was kept."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.rules.scoring.similarity import NO_CATEGORY

KEPT = frozenset({"keep", "kept", "improved", "win", "won", "accept", "accepted"})
DISCARDED = frozenset(
    {"discard", "discarded", "revert", "reverted", "reject", "rejected", "worse", "no gain"}
)
YES = frozenset({"1", "1.0", "true", "yes", "y"})
LONGEST = 200
"""Characters of a description that still make a title."""

_BREAK = re.compile(r"[()\[\]{}|;–—]|\s-+\s|\.\s|\.$")
_OUTCOME = re.compile(
    r"\b(regress\w*|wors\w*|better|best|improv\w*|degrad\w*|fail\w*|crash\w*|diverg\w*|unstable|oom|hurt\w*"
    r"|help(s|ed|ful)?|gain(s|ed)?|win(s|ner|ning)?|won|lost|loses?|slower|faster|neutral|no-op|noop"
    r"|kept|discard\w*|revert\w*|reject\w*|results?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An idea that was tried and judged."""

    title: str
    """What it is, without what came of it; empty where the log does not say."""
    category: str
    """Its kind; `other`, which makes no relatives, where the log does not say."""
    kept: bool
    """What is to be predicted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log, in the order it was written."""

    name: str
    """The file's name without its ending."""
    tried: tuple[Tried, ...]
    """The ideas that were kept or discarded."""
    passed_over: dict[str, int]
    """Rows that are nobody's evidence: how many `baseline`, and how many of each other status."""

    @property
    def share_kept(self) -> float:
        """Ideas kept over ideas tried."""
        return sum(idea.kept for idea in self.tried) / len(self.tried)


def read(path: Path) -> Log:
    """The log in a CSV file; Mistake when it cannot be read, has no statuses or no judged idea."""
    tried: list[Tried] = []
    passed_over: Counter[str] = Counter()
    for row in _rows(path):
        status = _status(row)
        if status in KEPT or status in DISCARDED:
            category = _cell(row, "category").lower() or NO_CATEGORY
            tried.append(Tried(title=title(_cell(row, "idea")), category=category, kept=status in KEPT))
        else:
            passed_over[status] += 1
    if not tried:
        raise Mistake(f"{path}: no row is a kept or discarded idea, so there is nothing to predict")
    return Log(name=path.stem, tried=tuple(tried), passed_over=dict(passed_over))


def title(description: str) -> str:
    """What an idea was called before anybody knew what became of it.

    Descriptions are often finished after the run: only the words before the first bracket, dash or full
    stop are taken, and of those none that tells an outcome.
    """
    pieces = (_OUTCOME.sub(" ", piece) for piece in _BREAK.split(description))
    first = next((piece for piece in pieces if piece.strip()), "")
    return " ".join(first.split())[:LONGEST]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows by the names of their columns in lower case; blank lines are no rows."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            table = csv.DictReader(file)
            if "status" not in [name.strip().lower() for name in table.fieldnames or ()]:
                raise Mistake(f"{path}: no column is called status, which says keep, discard or crash")
            for row in table:
                # What stands beyond the last column has no name, what is missing before it no value.
                yield {name.strip().lower(): value or "" for name, value in row.items() if name is not None}
    except (OSError, csv.Error) as trouble:
        raise Mistake(f"{path}: not a log that can be read: {trouble}") from trouble


def _status(row: dict[str, str]) -> str:
    """`baseline`, or what the log says became of the idea, in lower case."""
    if _cell(row, "is_baseline").lower() in YES:
        return "baseline"
    return _cell(row, "status").lower() or "no status"


def _cell(row: dict[str, str], column: str) -> str:
    return row.get(column, "").strip()
