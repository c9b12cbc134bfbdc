"""The store: everything decided, read as one snapshot and changed one locked transaction at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from planner.clock import Now, utc_now
from planner.domain.mistake import Mistake, StoreNeedsAttention
from planner.store import backlog as backlogs
from planner.store import backups, files
from planner.store.age import newest_after
from planner.store.backlog import SCHEMA, Backlog, Stamp
from planner.store.documents import Documents
from planner.store.facts import Facts
from planner.store.journal import Journal, chain
from planner.store.layout import Layout
from planner.store.lock import held
from planner.store.making import make
from planner.store.missing import has_past, has_runs, missing
from planner.store.refusal import explained
from planner.store.tables import Tables

IGNORE = b"# What the planner keeps here is of no use to git.\n*\n"

if TYPE_CHECKING:
    from planner.domain.ledger import Ledger
    from planner.domain.operation import Operation
    from planner.domain.outcome import Revision
    from planner.store.archive import Archive
    from planner.store.documents import Edit
    from planner.store.encoding import Document
    from planner.store.undo import Turning


class Store:
    """One project's store; several objects, threads and processes may use it at once."""

    def __init__(self, layout: Layout, *, now: Now = utc_now) -> None:
        self.layout = layout
        """Where its files lie."""
        self.journal = Journal(layout.journal)
        """Every operation so far."""
        self._now = now
        self._facts = Facts(layout.backlog)
        self._known: tuple[Backlog, Stamp | None] | None = None
        self._read: tuple[Backlog, Ledger] | None = None

    # -- reading ------------------------------------------------------------------------------

    def read(self) -> Ledger:
        """Everything decided; the same object as before while nobody has written."""
        return self._ledger(self._state())

    def _ledger(self, state: Backlog) -> Ledger:
        if self._read is None or self._read[0] is not state:
            ledger = Tables(Documents(state.tables), self._facts, "").ledger(state.generation)
            self._read = state, ledger
        return self._read[1]

    @property
    def read_only(self) -> str | None:
        """Why nothing can be changed, in a sentence; None when it can."""
        state = self._state()
        return str(backlogs.newer(self.layout.backlog, state.schema)) if state.newer else None

    def history(self, *, since: str = "", ideas: Collection[int] | None = None) -> tuple[Revision, ...]:
        """Every revision in the order they were made, those in the archive included.

        From a moment on (UTC, ISO 8601), and of some ideas alone, where these are given.
        """
        from planner.domain.outcome import Revision

        state = self._state()
        with explained(self.layout.archive):
            rows = self._archive().rows(_batches(state), since=since, ideas=ideas)
        made = {number: make(Revision, row) for number, row in rows.items()}
        for one in self._ledger(state).revisions:
            if one.at >= since and (ideas is None or one.idea in ideas):
                made[one.id] = one
        return tuple(made[number] for number in sorted(made))

    def archived(self) -> tuple[int, int]:
        """How many revisions the archive should have, and how many of them can be read there."""
        batches = _batches(self._state())
        with explained(self.layout.archive):
            return sum(batch["count"] for batch in batches), len(self._archive().rows(batches))

    def _archive(self) -> Archive:
        from planner.store.archive import Archive

        return Archive(self.layout.archive)

    def operations(self) -> tuple[Operation, ...]:
        """Every operation so far, oldest first, with its old and new values."""
        with explained(self.layout.journal):
            return self.journal.read()

    def _state(self) -> Backlog:
        """The backlog as it is on the disk, read only when it has moved."""
        path = self.layout.backlog
        with explained(path):
            while self._known is None or self._known[1] != backlogs.stamp(path):
                try:
                    self._known = self._load()
                except FileNotFoundError:
                    raise missing(self.layout, self.journal) from None
        return self._known[0]

    def _load(self) -> tuple[Backlog, Stamp] | None:
        """The state on the disk; None when it moved meanwhile, StoreNeedsAttention for an older copy."""
        path = self.layout.backlog
        state, stamp = backlogs.load(path)
        ahead = None if state.newer else newest_after(state, self.layout, self.journal)
        if ahead is None:
            return state, stamp
        if backlogs.stamp(path) != stamp:
            return None
        raise backlogs.older(path, state.generation, ahead)

    # -- writing ------------------------------------------------------------------------------

    def create(self, *, after_loss: bool = False) -> None:
        """Start the store of a project; Mistake when there is one, StoreNeedsAttention when one was lost.

        With `after_loss`, runs that nothing knows of any more are no hindrance.
        """
        layout = self.layout
        with explained(layout.home):
            for folder in (layout.home, layout.backups, layout.runs, layout.reviews):
                files.make_folder(folder)
            with held(layout.lock):
                if layout.backlog.exists():
                    raise Mistake(f"{layout.project} is a project already: it has {layout.backlog}")
                if has_past(layout, self.journal) or (has_runs(layout) and not after_loss):
                    raise missing(layout, self.journal)
                files.write_whole(layout.home / ".gitignore", IGNORE)
                # What a damaged backlog comes back from before anything was changed, a file of its own.
                self.journal.begin(self._now())
                files.write_whole(layout.backups / "000000000.json", backlogs.render(Backlog()))
                files.write_whole(layout.backlog, backlogs.render(Backlog()))

    @contextlib.contextmanager
    def transaction(self, says: str, *, by: str, undoable: bool = True) -> Iterator[Tables]:
        """Change what is decided, all of it or nothing; when this ends without an error, it is on the disk.

        Nothing is written when the body raises or changes nothing. StoreNeedsAttention when the store is
        damaged, read-only, newer or held by another writer; Failed when the disk is full.
        """
        with self._writing() as state:
            documents = Documents(state.tables)
            tables = Tables(documents, self._facts, says, undoable=undoable)
            yield tables
            if tables.changed:
                undoable, leaving = tables.undoable, tables.leaving
                self._commit(state, documents, tables.says, by=by, undoable=undoable, leaving=leaving)

    def undo(self, n: int = 1, *, by: str) -> list[str]:
        """Take back the last `n` operations that can be; answers what they were, newest first.

        NothingToDo when there is none; Mistake, and nothing changed, when a later change overtook one.
        """
        with self.turning(by=by, back=True) as turning:
            turning.last(n)
        return [operation.says for operation in turning.turned]

    def redo(self, n: int = 1, *, by: str) -> list[str]:
        """Do again the last `n` operations that were undone; answers what they were, in order."""
        with self.turning(by=by, back=False) as turning:
            turning.last(n)
        return [operation.says for operation in turning.turned]

    @contextlib.contextmanager
    def turning(self, *, by: str, back: bool) -> Iterator[Turning]:
        """Take operations back, or do them again, all of them or none; written where one was turned."""
        from planner.store.undo import Turning

        with self._writing() as state:
            documents = Documents(state.tables)
            past = chain(self.operations(), state.generation)
            turning = Turning(documents, self._facts, self._archive(), past, back=back)
            yield turning
            if turning.turned:
                says, links, leaving = turning.says, turning.links, turning.leaving
                self._commit(state, documents, says, by=by, undoable=False, leaving=leaving, **links)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Backlog]:
        """Hold the lock over the newest state, with whatever a dead writer left behind put in order."""
        layout = self.layout
        with contextlib.ExitStack() as stack:
            with explained(layout.home):
                if not layout.home.is_dir():
                    raise missing(self.layout, self.journal)
                stack.enter_context(held(layout.lock))
                state = self._state()
                if state.newer:
                    raise backlogs.newer(layout.backlog, state.schema)
                self._tidy()
                self.journal.catch_up(state.operation)
            yield state

    def _tidy(self) -> None:
        """Take away the unfinished files of writers that died."""
        layout = self.layout
        strays = files.temporaries(layout.toml.parent, layout.toml.name)
        for folder in (layout.home, layout.backups, layout.reviews):
            strays += files.temporaries(folder)
        for stray in strays:
            files.remove(stray)

    def _commit(
        self,
        state: Backlog,
        documents: Documents,
        says: str,
        *,
        by: str,
        undoable: bool,
        undoes: Sequence[int] = (),
        redoes: Sequence[int] = (),
        leaving: Mapping[str, list[Document]] | None,
    ) -> None:
        """Write the new state whole, keep the old one as a backup, then add to the journal.

        What leaves for the archive is there, on the disk, before the state without it is.
        """
        generation = self._next_generation(state)
        operation = {
            "seq": generation,
            "base": state.generation,
            "at": self._now(),
            "by": by,
            "says": says,
            "undoable": undoable,
            "undoes": list(undoes),
            "redoes": list(redoes),
            "changes": _journaled(documents.edits()) if leaving else documents.edits(),
        }
        tables = documents.settle()
        new = state._replace(schema=SCHEMA, generation=generation, operation=operation, tables=tables)
        with explained(self.layout.home):
            for tag, rows in (leaving or {}).items():
                self._archive().append(tag, rows)
            self._replace(state, new)
        # The header carries the operation, and the next writer adds it if the journal is out of room now.
        with contextlib.suppress(OSError):
            self.journal.append(operation)

    def _next_generation(self, state: Backlog) -> int:
        """A number that no state has had, also of those that were given up for an older one."""
        with explained(self.layout.home):
            kept = backups.numbered(self.layout.backups)
            return max(state.generation, self.journal.last_seq(), *kept) + 1

    def _replace(self, old: Backlog, new: Backlog) -> None:
        layout = self.layout

        def keep_old() -> None:
            self._check_unmoved(old)
            backups.keep(layout.backlog, layout.backups, old.generation)

        files.write_whole(layout.backlog, backlogs.render(new), keep_old)
        self._known = new, backlogs.stamp(layout.backlog)

    def _check_unmoved(self, state: Backlog) -> None:
        """StoreNeedsAttention when somebody else has written since, as after a lock that was taken away."""
        path, known = self.layout.backlog, self._known
        if known is None or known[0].generation != state.generation or known[1] != backlogs.stamp(path):
            raise StoreNeedsAttention(
                f"{path} was changed by somebody else in the midst of this change, which was given up: the "
                "lock was taken away, or does not hold here (`planner doctor` tells); try again"
            )


def _batches(state: Backlog) -> list[Document]:
    """What has left the backlog, as it keeps note of it."""
    return list(state.tables.get("archive", {}).values())


def _journaled(edits: list[Edit]) -> list[Edit]:
    from planner.store.archive import journaled  # a transaction that archives nothing needs none of it

    return journaled(edits)
