"""Turns documents into facts, many at once, and only those that have changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from planner.store import encoding
from planner.store.backlog import RESTORE, Damaged
from planner.store.encoding import Document
from planner.store.making import make

Fact = TypeVar("Fact")


class Facts:
    """The facts of one backlog, remembered with the documents they were read from."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, dict[int, tuple[Document, Any]]] = {}

    def of(self, kind: type[Fact], table: str, documents: Mapping[int, Document]) -> dict[int, Fact]:
        """The facts of some documents of a table, by number; StoreNeedsAttention names what does not fit."""
        known = self._known.get(table, {})
        facts: dict[int, Fact] = {}
        unknown: dict[int, Document] = {}
        for number, document in documents.items():
            remembered = known.get(number)
            if remembered is not None and (remembered[0] is document or remembered[0] == document):
                facts[number] = remembered[1]
            else:
                unknown[number] = document
        if unknown:
            read = self._read(kind, table, unknown)
            facts.update(read)
            fresh = {number: (unknown[number], fact) for number, fact in read.items()}
            self._known[table] = {**known, **fresh}  # a new dict: other threads may be reading the old one
        return facts if not unknown else {number: facts[number] for number in documents}

    def _read(self, kind: type[Fact], table: str, documents: dict[int, Document]) -> dict[int, Fact]:
        try:
            with encoding.collector_paused():
                return {number: make(kind, document) for number, document in documents.items()}
        except (TypeError, AttributeError, ValueError) as error:
            raise Damaged(
                f"{self._path} holds something this release cannot read, in its table {table}: "
                f"{_complaint(kind, documents) or error}; {RESTORE}"
            ) from error


def _complaint(kind: Any, documents: dict[int, Document]) -> str:
    """Which document and field does not fit, by the validator that is too slow for every day."""
    try:
        encoding.adapter(dict[int, kind]).validate_python(documents)
    except ValueError as error:
        return encoding.complaint(error)
    return ""
