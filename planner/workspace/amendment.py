"""One amendment of what was decided: its transaction, what it refuses, and the calibration it makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.operation import Operation
from planner.domain.outcome import Outcome, Revision
from planner.domain.run import LIVE
from planner.domain.settings import Settings
from planner.store.tables import Tables
from planner.workspace.learning import learn, put_in_force
from planner.workspace.lookup import find_idea
from planner.workspace.project import Project
from planner.workspace.resting import Evidence, evidence, rested


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction has done."""

    says: str
    """It, in a sentence."""
    also: tuple[str, ...] = ()
    """What became of the outcomes that rest on a run, a sentence each."""
    moved: tuple[Revision, ...] = ()
    """The scores that it moved."""


@contextmanager
def amending(project: Project) -> Iterator[Amendment]:
    """An amendment in a transaction of its own, which `planner undo` takes back."""
    with project.store.transaction("amend", by=project.who) as tables:
        yield Amendment(
            project=project,
            tables=tables,
            settings=project.settings,
            ledger=tables.ledger(),
            was=evidence(tables),
            at=project.now(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Everything as it was when the amendment began, and the tables to put it into."""

    project: Project
    """The project."""
    tables: Tables
    """What it may change."""
    settings: Settings
    """What `planner.toml` says."""
    ledger: Ledger
    """Everything decided, before."""
    was: Evidence
    """What could teach, before."""
    at: str
    """When it is made, UTC, ISO 8601."""

    @property
    def who(self) -> str:
        """Who makes it."""
        return self.project.who

    def idle(self, idea_id: int) -> Idea:
        """An idea that nothing is under way of; a Mistake when something is."""
        idea = find_idea(self.ledger.ideas, idea_id)
        own = [run for run in self.ledger.runs.values() if run.idea == idea_id and run.replay_of is None]
        if any(run.status in LIVE for run in own) or (idea.dispatch and not idea.dispatch.halted):
            raise Mistake(
                f"idea {idea_id} is dispatched and its verdict still to come: wait for it, "
                f"or stop its runs first (`planner runs --idea {idea_id}`)"
            )
        return idea

    def judged(self, idea_id: int) -> tuple[Idea, Outcome]:
        """An idea with its newest outcome; NothingToDo when it has none."""
        idea, outcome = self.idle(idea_id), self.tables.get(Outcome, idea_id)
        if outcome is None:
            raise NothingToDo(
                f"idea {idea_id} has no verdict yet; `planner list --status done` shows the ideas that have"
            )
        return idea, outcome

    def learn(self, says: str, because: str, *, of: int | None, back: bool = False) -> tuple[Revision, ...]:
        """Make the calibration that follows, and name the transaction; answers the scores that moved.

        An amendment that takes another one `back`, or an outcome away, puts in force what once rested on the
        same evidence, so that the scores are what they were, whatever has been said of ideas in between.
        """
        self.tables.says = says
        found = rested(evidence(self.tables), self.was, self._past()) if back else None
        if found is None:
            return learn(self.tables, self.settings, at=self.at, because=because, outcome_of=of)
        ledger = self.tables.ledger()
        after = replace(found, number=ledger.calibration.number + 1, at=self.at, because=because)
        return put_in_force(self.tables, ledger, after, self.settings, outcome_of=of)

    def _past(self) -> Iterator[Operation]:
        """The operations that led here, newest first."""
        store = self.project.store
        return store.journal.led_to(store.read().generation)
