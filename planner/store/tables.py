"""The facts of one transaction, to be read and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from planner.store import encoding
from planner.store.documents import Documents, Edit
from planner.store.encoding import Document
from planner.store.making import make

if TYPE_CHECKING:
    from planner.domain.calibration import Calibration
    from planner.domain.ledger import Ledger
    from planner.domain.outcome import Outcome
    from planner.store.facts import Facts

Fact = TypeVar("Fact")

# By name, so that a transaction that captures an idea imports no other kind of fact.
TABLES = {
    "Idea": "ideas",
    "Run": "runs",
    "Outcome": "outcomes",
    "Revision": "revisions",
    "Baseline": "baselines",
    "Calibration": "calibrations",
}
"""The table that holds each kind of fact."""

NUMBERS = {"Idea": "id", "Revision": "id", "Baseline": "version", "Calibration": "number"}
"""The field that numbers a fact; kinds that are not here are numbered as they come."""

NAMES = {"Run": "id", "Outcome": "idea"}
"""The field that a kind without a number of its own is asked for by."""

META = "meta"
"""The table of what is no fact: one document with `paused` and the next free numbers, `next_<table>`."""


class Tables:
    """Everything decided, as this transaction sees it."""

    def __init__(self, documents: Documents, facts: Facts, says: str, *, undoable: bool = True) -> None:
        self.says = says
        """The sentence the journal will have of this transaction; may be set until it ends."""
        self.undoable = undoable
        """Whether undo may take this transaction back; may be set until it ends."""
        self.leaving: dict[str, list[Document]] = {}
        """Revisions that go to the archive when this transaction is committed, by the tag of their batch."""
        self._documents = documents
        self._facts = facts
        self._put: dict[tuple[str, int], Any] = {}
        self._names: dict[str, dict[Any, list[int]]] = {}

    def get(self, kind: type[Fact], key: int | str) -> Fact | None:
        """The fact of that key, None when there is none; of an idea number, its newest outcome in force."""
        number = self._number(kind, key)
        document = None if number is None else self._documents.get(TABLES[kind.__name__], number)
        if number is None or document is None:
            return None
        put = self._put.get((TABLES[kind.__name__], number))
        return put or self._facts.of(kind, TABLES[kind.__name__], {number: document})[number]

    def all(self, kind: type[Fact]) -> list[Fact]:
        """Every fact of a kind, oldest first."""
        return list(self.numbered(kind).values())

    def numbered(self, kind: type[Fact]) -> dict[int, Fact]:
        """Every fact of a kind by the number it is stored under, oldest first."""
        table = TABLES[kind.__name__]
        documents = self._documents.all(table)
        put = {number: self._put[table, number] for number in documents if (table, number) in self._put}
        rest = {number: row for number, row in documents.items() if number not in put}
        facts = self._facts.of(kind, table, rest)
        return {number: put[number] if number in put else facts[number] for number in documents}

    def put(self, fact: Fact) -> Fact:
        """Insert a fact or replace the one of its key; an outcome is always added to the earlier ones.

        Fields of the stored document that this release does not know survive, at every depth.
        """
        return self._put_at(self._place_of(fact), fact)

    def _put_at(self, number: int, fact: Fact) -> Fact:
        table = TABLES[type(fact).__name__]
        document = encoding.to_document(fact)
        encoding.dump(document)  # refuses what JSON cannot hold while the caller still knows what it is
        self._documents.put(table, number, self._kept(type(fact), table, number, document))
        self._put[table, number] = fact
        self._reserve(table, number)
        return fact

    def _kept(self, kind: type[Any], table: str, number: int, document: Document) -> Document:
        """The document with what a newer release had put beside its fields."""
        stored = self._documents.get(table, number)
        if stored is None:
            return document
        from planner.store.unknown import kept  # capturing an idea replaces nothing

        return kept(kind, stored, document)

    def amend(self, outcome: Outcome) -> Outcome:
        """Replace the newest outcome of its idea, in its place; KeyError when the idea has none."""
        number = self._number(type(outcome), outcome.idea)
        if number is None:
            raise KeyError(outcome.idea)
        return self.put_in_place(number, outcome)

    def put_in_place(self, number: int, outcome: Outcome) -> Outcome:
        """Replace the outcome of that number, which keeps its age, be it the newest of its idea or not."""
        self._names.pop(type(outcome).__name__, None)  # it may have been withdrawn, or come back
        return self._put_at(number, outcome)

    def remove(self, kind: type[Fact], key: int | str) -> None:
        """Take a fact away; one that is not there is as good as removed. Its number is never given again."""
        number = self._number(kind, key)
        if number is None:
            return
        self._documents.put(TABLES[kind.__name__], number, None)
        self._put.pop((TABLES[kind.__name__], number), None)
        if kind.__name__ in NAMES:
            self._named(kind)[key].remove(number)

    def next_id(self, kind: type[Any]) -> int:
        """A number that no fact of this kind has ever had."""
        table = TABLES[kind.__name__]
        number = self._next(table)
        self._reserve(table, number)
        return number

    def calibration(self) -> Calibration:
        """The calibration in force."""
        from planner.domain.calibration import Calibration

        rows = self._documents.all(TABLES["Calibration"])
        return make(Calibration, rows[max(rows)]) if rows else Calibration()

    def put_calibration(self, calibration: Calibration) -> None:
        """Put a calibration in force; the ones before it stay in the journal alone."""
        for number in self._documents.all(TABLES["Calibration"]):
            self._documents.put(TABLES["Calibration"], number, None)
        self.put(calibration)

    def archive_revisions(self) -> None:
        """Let the oldest revisions go to the archive, where there are more than every write should carry."""
        from planner.store import archive

        fresh = {number for table, number in self._put if table == archive.REVISIONS}
        rows = archive.leaving(self._documents.all(archive.REVISIONS), fresh)
        if not rows:
            return
        batch, number = archive.batch_of(rows), self._next(archive.TABLE)
        self._reserve(archive.TABLE, number)
        self._documents.put(archive.TABLE, number, batch)
        for old in rows:
            self._documents.put(archive.REVISIONS, old, None)
        self.leaving[batch["tag"]] = list(rows.values())

    def set_paused(self, reason: str | None) -> None:
        """Keep anything from starting by itself, and say why; None lets it go on."""
        self._documents.put(META, 1, {**self._meta(), "paused": reason})

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was; a number that was asked for and not used is nothing."""
        return any(edit["table"] != META or self._paused_moved(edit) for edit in self._documents.edits())

    @staticmethod
    def _paused_moved(edit: Edit) -> bool:
        old, new = edit["old"] or {}, edit["new"] or {}
        return old.get("paused") != new.get("paused")

    def ledger(self, generation: int = 0) -> Ledger:
        """Everything decided, as it stands in this transaction."""
        from planner.domain.idea import Idea
        from planner.domain.ledger import Ledger
        from planner.domain.outcome import Baseline, Outcome, Revision
        from planner.domain.run import Run

        outcomes = self.all(Outcome)
        return Ledger(
            generation=generation,
            ideas={idea.id: idea for idea in self.all(Idea)},
            runs={run.id: run for run in self.all(Run)},
            outcomes=tuple(outcome for outcome in outcomes if not outcome.withdrawn),
            withdrawn=tuple(outcome for outcome in outcomes if outcome.withdrawn),
            revisions=tuple(self.all(Revision)),
            baselines=tuple(self.all(Baseline)),
            calibration=self.calibration(),
            paused=self._meta().get("paused"),
        )

    def _number(self, kind: type[Any], key: int | str) -> int | None:
        """The number of the document that a key means: the newest one, where several are possible."""
        if kind.__name__ not in NAMES:
            return int(key)
        numbers = self._named(kind).get(key)
        return numbers[-1] if numbers else None

    def _place_of(self, fact: Any) -> int:
        """The number a fact is stored under."""
        kind = type(fact)
        if kind.__name__ in NUMBERS:
            return int(getattr(fact, NUMBERS[kind.__name__]))
        known = self._number(kind, fact.id) if kind.__name__ == "Run" else None
        if known is not None:
            return known
        number = self.next_id(kind)  # counted on from here: to look for the highest at each put takes long
        self._named(kind).setdefault(getattr(fact, NAMES[kind.__name__]), []).append(number)
        return number

    def _named(self, kind: type[Any]) -> dict[Any, list[int]]:
        """Numbers by name, for a kind without a number of its own; made once for each transaction."""
        if kind.__name__ not in self._names:
            names: dict[Any, list[int]] = {}
            for number, row in self._documents.all(TABLES[kind.__name__]).items():
                if row.get("withdrawn"):
                    continue
                names.setdefault(row.get(NAMES[kind.__name__]), []).append(number)
            self._names[kind.__name__] = names
        return self._names[kind.__name__]

    def _next(self, table: str) -> int:
        known = self._meta().get(f"next_{table}")
        return known if isinstance(known, int) else max(self._documents.all(table), default=0) + 1

    def _reserve(self, table: str, number: int) -> None:
        if number >= self._next(table):
            self._documents.put(META, 1, {**self._meta(), f"next_{table}": number + 1})

    def _meta(self) -> Document:
        return self._documents.get(META, 1) or {}
