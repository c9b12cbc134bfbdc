"""Taking operations back and doing them again, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake
from planner.store import archive as archives
from planner.store.archive import Archive
from planner.store.documents import Documents
from planner.store.encoding import Document
from planner.store.tables import META

if TYPE_CHECKING:
    from planner.domain.operation import Edit, Operation


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


def take_back(documents: Documents, operation: Operation, archive: Archive) -> None:
    """Put the old values back; Mistake when one of them has been changed since.

    Revisions that left for the archive come back: what is undone next may be what made them.
    """
    for edit in reversed(operation.changes):
        if edit.table == archives.TABLE:
            _bring_back(documents, edit, archive)
        else:
            _turn(documents, edit, edit.new, edit.old, f"cannot undo “{operation.says}”")


def do_again(documents: Documents, operation: Operation) -> None:
    """Put the new values in place once more; Mistake when one of them has been changed since."""
    for edit in operation.changes:
        if edit.table != archives.TABLE:  # what came back stays until the next calibration lets it go again
            _turn(documents, edit, edit.old, edit.new, f"cannot redo “{operation.says}”")


def _bring_back(documents: Documents, edit: Edit, archive: Archive) -> None:
    """Take a batch out of force, its revisions back in the backlog; nothing where that has been done."""
    batch = documents.get(archives.TABLE, edit.key)
    if batch is not None:
        documents.put(archives.TABLE, edit.key, None)
        for number, row in archive.rows([batch]).items():
            documents.put(archives.REVISIONS, number, row)


def _turn(
    documents: Documents, edit: Edit, expected: Document | None, wanted: Document | None, refusal: str
) -> None:
    """Turn one document's expected values into the wanted ones; what else it holds stays."""
    current = documents.get(edit.table, edit.key)
    if edit.table == META:
        expected, wanted = _without_counters(expected or {}), _without_counters(wanted or {})
    if not _fits(current, expected, wanted):
        raise Mistake(f"{refusal}: {_named(edit, current)} has been changed since; change it by hand instead")
    documents.put(edit.table, edit.key, _turned(current, expected, wanted))


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
