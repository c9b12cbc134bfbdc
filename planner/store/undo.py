"""Taking operations back and doing them again, field by field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake, NothingToDo
from planner.store import archive as archives
from planner.store.archive import Archive
from planner.store.documents import Documents
from planner.store.encoding import Document
from planner.store.tables import META, TABLES, Tables

if TYPE_CHECKING:
    from planner.domain.operation import Edit, Operation
    from planner.store.facts import Facts

LEARNED = (TABLES["Calibration"], archives.REVISIONS, archives.TABLE)
"""Tables of what was learned, which can be learned anew where it was overtaken."""

PASSING = {TABLES["Run"]: ("waits",)}
"""Fields that nobody decides and that move by themselves: they overtake nothing."""


class Turning:
    """Operations that are taken back, or done again, in one transaction."""

    def __init__(
        self,
        documents: Documents,
        facts: Facts,
        archive: Archive,
        past: list[Operation],
        *,
        back: bool,
    ) -> None:
        self.past = past
        """The operations that led here, oldest first."""
        self.turned: list[Operation] = []
        """Those that were turned so far."""
        self.partly: list[Operation] = []
        """Those of them that were turned in part, since others have built on the rest."""
        self.leaving: dict[str, list[Document]] = {}
        """Revisions that go to the archive when this is committed, by the tag of their batch."""
        self.back = back
        """Whether they are taken back; else they are done again."""
        self._documents, self._facts, self._archive = documents, facts, archive

    @property
    def waiting(self) -> list[Operation]:
        """What can be turned, the next one first."""
        return stacks(self.past)[0 if self.back else 1][::-1]

    @property
    def verb(self) -> str:
        """`undo` or `redo`."""
        return "undo" if self.back else "redo"

    @property
    def says(self) -> str:
        """The sentence the journal has of it."""
        return f"{self.verb}: " + "; ".join(operation.says for operation in self.turned)

    @property
    def links(self) -> dict[str, list[int]]:
        """The numbers of what was turned, as the journal has them."""
        return {f"{self.verb}es": [operation.seq for operation in self.turned]}

    def tables(self) -> Tables:
        """Everything decided, as it is by now, to be read and changed on the way."""
        tables = Tables(self._documents, self._facts, "")
        tables.leaving = self.leaving
        return tables

    def last(self, n: int) -> None:
        """Turn the next `n` operations; NothingToDo when there is none, Mistake when one was overtaken."""
        if n < 1:
            raise Mistake(f"cannot {self.verb} {n} operations; give 1 or more")
        chosen = self.waiting[:n]
        if not chosen:
            raise NothingToDo(f"there is nothing to {self.verb}")
        for operation in chosen:
            self.turn(operation)

    def turn(self, operation: Operation, *, without: Collection[str] = ()) -> None:
        """Turn one operation, but for its edits of some tables; Mistake when any was changed since."""
        edits = [edit for edit in operation.changes if edit.table not in without]
        if self.back:
            take_back(self._documents, operation, edits, self._archive)
        else:
            do_again(self._documents, operation, edits)
        self.turned.append(operation)
        if len(edits) < len(operation.changes):
            self.partly.append(operation)

    def in_force(self, operation: Operation) -> bool:
        """Whether what is learned by now is what the operation left, or found where it is done again."""
        made = [edit for edit in operation.changes if edit.table == LEARNED[0]]
        left = {edit.key: edit.new if self.back else edit.old for edit in made}
        wanted = {number: row for number, row in left.items() if row is not None}
        return not made or self._documents.all(LEARNED[0]) == wanted

    def fits(self, operation: Operation, table: str) -> bool:
        """Whether nothing that the operation did in a table was changed since."""
        edits = [edit for edit in operation.changes if edit.table == table]
        return all(_fit(self._documents, edit, *_ends(edit, back=self.back)) for edit in edits)


def stacks(operations: Iterable[Operation]) -> tuple[list[Operation], list[Operation]]:
    """What can be undone and what can be redone, the next one last; a new undoable operation ends redo."""
    done: list[Operation] = []
    undone: list[Operation] = []
    for operation in operations:
        if operation.undoes:
            _move(operation.undoes, done, undone)
        elif operation.redoes:
            _move(operation.redoes, undone, done)
        elif operation.undoable:
            done.append(operation)
            undone.clear()
    return done, undone


def _move(numbers: Iterable[int], source: list[Operation], target: list[Operation]) -> None:
    for number in numbers:
        for operation in [operation for operation in source if operation.seq == number]:
            source.remove(operation)
            target.append(operation)


def take_back(documents: Documents, operation: Operation, edits: Collection[Edit], archive: Archive) -> None:
    """Put the old values of some of an operation's edits back; Mistake when one has been changed since.

    Revisions that left for the archive come back: what is undone next may be what made them.
    """
    for edit in reversed([*edits]):
        if edit.table == archives.TABLE:
            _bring_back(documents, edit, archive)
        else:
            _turn(documents, edit, f"cannot undo “{operation.says}”", back=True)


def do_again(documents: Documents, operation: Operation, edits: Iterable[Edit]) -> None:
    """Put the new values of some of an operation's edits in place once more; Mistake as in `take_back`."""
    for edit in edits:
        if edit.table != archives.TABLE:  # what came back stays until the next calibration lets it go again
            _turn(documents, edit, f"cannot redo “{operation.says}”", back=False)


def _bring_back(documents: Documents, edit: Edit, archive: Archive) -> None:
    """Take a batch out of force, its revisions back in the backlog; nothing where that has been done."""
    batch = documents.get(archives.TABLE, edit.key)
    if batch is not None:
        documents.put(archives.TABLE, edit.key, None)
        for number, row in archive.rows([batch]).items():
            documents.put(archives.REVISIONS, number, row)


def _turn(documents: Documents, edit: Edit, refusal: str, *, back: bool) -> None:
    """Turn one document's expected values into the wanted ones; what else it holds stays."""
    current, (expected, wanted) = documents.get(edit.table, edit.key), _ends(edit, back=back)
    if not _fit(documents, edit, expected, wanted):
        raise Mistake(f"{refusal}: {_named(edit, current)} has been changed since; change it by hand instead")
    documents.put(edit.table, edit.key, _turned(current, expected, wanted))


def _ends(edit: Edit, *, back: bool) -> tuple[Document | None, Document | None]:
    """The values that an edit is expected to find, and those that it is to leave."""
    expected, wanted = (edit.new, edit.old) if back else (edit.old, edit.new)
    if edit.table == META:
        return _without_counters(expected or {}), _without_counters(wanted or {})
    return expected, wanted


def _fit(documents: Documents, edit: Edit, expected: Document | None, wanted: Document | None) -> bool:
    current = documents.get(edit.table, edit.key)
    return _fits(current, _lasting(edit, expected), _lasting(edit, wanted))


def _fits(current: Document | None, expected: Document | None, wanted: Document | None) -> bool:
    if current is None or expected is None:
        return current is None and expected is None
    added = [name for name in wanted or {} if name not in expected]
    return all(name in current and current[name] == value for name, value in expected.items()) and all(
        name not in current for name in added
    )


def _turned(current: Document | None, expected: Document | None, wanted: Document | None) -> Document | None:
    if wanted is None or current is None:
        return wanted
    gone = set(expected or {}) - set(wanted)
    return {name: value for name, value in current.items() if name not in gone} | wanted


def _lasting(edit: Edit, fields: Document | None) -> Document | None:
    """The fields without those that move by themselves."""
    passing = PASSING.get(edit.table, ())
    return fields and {name: value for name, value in fields.items() if name not in passing}


def _without_counters(fields: Document) -> Document:
    """Numbers once given are never given again, so the counters stay where they are."""
    return {name: value for name, value in fields.items() if not name.startswith("next_")}


def _named(edit: Edit, current: Document | None) -> str:
    if edit.table == META:
        return "whether dispatch is paused"
    document = current or edit.new or edit.old or {}
    return f"{edit.table.removesuffix('s')} {document.get('id', edit.key)}"


def replay(documents: Documents, operation: Operation) -> None:
    """Put the new values in place whatever is there: the operation as it happened."""
    for edit in operation.changes:
        current = documents.get(edit.table, edit.key)
        old = None if edit.old is None else edit.old
        documents.put(edit.table, edit.key, _turned(current if old is not None else None, old, edit.new))
        if edit.table == archives.TABLE and edit.new:
            _let_go(documents, edit.new["last"])


def _let_go(documents: Documents, last: object) -> None:
    """Take every revision up to a number out of the backlog: the archive has them."""
    for number in documents.all(archives.REVISIONS):
        if isinstance(last, int) and number <= last:
            documents.put(archives.REVISIONS, number, None)
