"""Write a new calibration, and a revision for every score that it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.calibration import Calibration
from planner.domain.ledger import Ledger
from planner.domain.outcome import Revision
from planner.domain.settings import Settings
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.revise import revisions

if TYPE_CHECKING:
    from planner.store.tables import Tables


def learn(
    tables: Tables, settings: Settings, *, at: str, because: str, outcome_of: int | None = None
) -> tuple[Revision, ...]:
    """Recompute the calibration from the whole ledger; answers the scores that moved."""
    ledger = tables.ledger()
    after = calibrate(ledger, settings, at=at, because=because)
    return put_in_force(tables, ledger, after, settings, outcome_of=outcome_of)


def put_in_force(
    tables: Tables,
    ledger: Ledger,
    after: Calibration,
    settings: Settings,
    *,
    outcome_of: int | None = None,
) -> tuple[Revision, ...]:
    """Put a calibration in the place of the ledger's; answers the scores that moved."""
    moved = revisions(
        ledger,
        ledger.calibration,
        after,
        settings,
        at=after.at,
        outcome_of=outcome_of,
        first_id=tables.next_id(Revision),
    )
    tables.put_calibration(after)
    for revision in moved:
        tables.put(revision)
    tables.archive_revisions()
    return moved
