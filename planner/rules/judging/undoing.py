"""What has happened since a change was made, and so what undo may still do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from planner.domain.ledger import Ledger
from planner.domain.operation import Edit, Operation
from planner.domain.outcome import Outcome
from planner.domain.run import LIVE, Run
from planner.rules.wording.changes import named

LEARNED = ("calibrations", "revisions", "archive")
"""Tables of what was learned from the rest."""

Fields = dict[str, object] | None
"""The fields that an edit changed, as they were or became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Everything decided by now, and the numbers by which the journal knows it."""

    ledger: Ledger
    """All of it."""
    runs: Mapping[int, Run]
    """Every run by the number of its document."""
    outcomes: Mapping[int, Outcome]
    """Every outcome likewise."""
    claimed: Collection[str] = ()
    """Queued runs that have a worker all the same, whose dispatcher died before it could say so."""

    def begun(self, run: Run) -> bool:
        """Whether a run has left the queue in any other way than being taken out of it."""
        if run.status == "queued":
            return run.id in self.claimed
        return run.status != "stopped" or run.started_at is not None

    def queued_since(self, idea: int | None, at: str) -> list[Run]:
        """The runs of an idea, or of the baseline, that were queued from a moment on, oldest first.

        Replays are nobody's steps up a ladder.
        """
        runs = (run for run in self.ledger.runs.values() if run.replay_of is None)
        return [run for run in runs if run.idea == idea and run.queued_at >= at]

    def climbs(self, idea_id: int, asked_at: str) -> bool:
        """Whether the wish of that moment is in force, and not halted."""
        idea = self.ledger.ideas.get(idea_id)
        wish = idea.dispatch if idea else None
        return wish is not None and wish.at == asked_at and wish.halted is None


# -- what an operation did ----------------------------------------------------------------------------


def wishes(operation: Operation) -> dict[int, str]:
    """The ideas that an operation dispatched, each with when that was asked for."""
    found = {}
    for edit in operation.changes:
        asked = _asked_at(edit.new) if edit.table == "ideas" else None
        if asked is not None and asked != _asked_at(edit.old):
            found[edit.key] = asked
    return found


def adoptions(operation: Operation) -> list[int]:
    """The versions of the baseline that an operation has made of an adopted idea."""
    made = [edit for edit in operation.changes if edit.table == "baselines" and edit.old is None]
    return [edit.key for edit in made if (edit.new or {}).get("adopted") is not None]


def taken_out(operation: Operation, now: Decided) -> list[Run]:
    """The runs that an operation took out of the queue, and that are out of it still."""
    numbers = [
        edit.key
        for edit in operation.changes
        if edit.table == "runs" and (_status(edit.old), _status(edit.new)) == ("queued", "stopped")
    ]
    return [now.runs[number] for number in numbers if number in now.runs and not _live(now.runs[number])]


def landed(operation: Operation) -> list[int]:
    """The numbers of the outcomes that an operation has added which nobody can undo."""
    if operation.undoable or operation.undoes or operation.redoes:
        return []
    return [edit.key for edit in operation.changes if edit.table == "outcomes" and edit.old is None]


# -- what may be undone -------------------------------------------------------------------------------


def refusal(operation: Operation, now: Decided) -> str | None:
    """Why a dispatch cannot be undone while it goes on, in a sentence; None where it can, or is over."""
    for idea_id, asked_at in wishes(operation).items():
        ran = [run for run in now.queued_since(idea_id, asked_at) if now.begun(run)]
        if ran and now.climbs(idea_id, asked_at):
            run = next(filter(_live, ran), ran[-1])
            state = "has begun" if _live(run) else f"has {_ended(run)}"
            return f"{operation.says} is not undone: its run {run.id} {state}; {_way_out(run, now)}"
    return None


def stays(operation: Operation, now: Decided, *, in_force: bool) -> str | None:
    """Why an operation stays as it is and undo passes it over, in a few words; None where it can be undone.

    `in_force` says whether what it taught is what is learned still.
    """
    return (
        _is_over(operation, now)
        or _replayed(operation, now)
        or _built_on(operation, now)
        or _tried_since(operation, now)
        or _nobody_waits(operation, now)
        or _overtaken(operation, now, in_force)
    )


def queued_for(operation: Operation, now: Decided) -> tuple[Run, ...]:
    """The runs that leave the queue with a dispatch that is undone.

    The baseline's stay while another idea climbs, which may need them.
    """
    dispatched = wishes(operation)
    own = [run for idea, asked in dispatched.items() for run in now.queued_since(idea, asked)]
    others = (idea for idea in now.ledger.ideas.values() if idea.id not in dispatched)
    if dispatched and not any(idea.dispatch and not idea.dispatch.halted for idea in others):
        own += now.queued_since(None, min(dispatched.values()))
    return tuple(run for run in own if run.status == "queued" and not now.begun(run))


def shared(operation: Operation, now: Decided) -> bool:
    """Whether others build on the baseline or the calibration that a dispatch made."""
    dispatched, ledger = wishes(operation), now.ledger
    made = {edit.key for edit in operation.changes if edit.table == "baselines" and edit.old is None}
    others = [idea.frozen.at for idea in ledger.ideas.values() if idea.frozen and idea.id not in dispatched]
    leaving = {run.id for run in queued_for(operation, now)}
    return (
        any(at >= min(dispatched.values()) for at in others)
        or any(run.baseline in made and run.id not in leaving for run in ledger.runs.values())
        or any(outcome.baseline in made for outcome in now.outcomes.values())
    )


def way_back(outcome: Outcome, ledger: Ledger) -> str:
    """That a verdict stays, and the command that takes back what it did."""
    idea = ledger.ideas.get(outcome.idea)
    told = f"the verdict on {named(idea) if idea else f'#{outcome.idea}'} stays: {outcome.verdict}"
    if outcome.verdict == "invalid":
        return f"{told}, which moves no score; `planner overrule {outcome.idea} VERDICT` says another"
    return f"{told}; `planner overrule {outcome.idea} invalid` takes back what it did to the scores"


def asked_to_stop(operation: Operation, now: Decided) -> list[str]:
    """The runs that a person has asked to stop, a sentence each with the command that lets one go on."""
    if operation.undoable:
        return []
    runs = [now.runs[edit.key] for edit in operation.changes if edit.key in now.runs and _asks(edit)]
    return [f"run {one.id} was asked to stop; `planner requeue {one.id}` lets it go on" for one in runs]


# -- why it may not -----------------------------------------------------------------------------------


def _asks(edit: Edit) -> bool:
    return edit.table == "runs" and (edit.new or {}).get("stop_requested") is True


def _is_over(operation: Operation, now: Decided) -> str | None:
    """That a dispatch has done its work, or was halted with some of it done."""
    for idea_id, asked_at in wishes(operation).items():
        ran = [run for run in now.queued_since(idea_id, asked_at) if now.begun(run)]
        if ran and not now.climbs(idea_id, asked_at):
            return f"its run {ran[-1].id} has {_ended(ran[-1])}"
    return None


def _replayed(operation: Operation, now: Decided) -> str | None:
    """That the replay, or the search for the learning rate, which it has queued has begun."""
    made = [edit.key for edit in operation.changes if edit.table == "runs" and _by_itself(edit.new or {})]
    runs = [now.runs[key] for key in made if key in now.runs]
    return next((f"run {run.id} has {_begun(run)}" for run in runs if now.begun(run)), None)


def _by_itself(run: Mapping[str, object]) -> bool:
    """Whether a person queued the run itself, and no idea's climb did."""
    return bool(run.get("replay_of")) or run.get("rung") == "lr"


def _built_on(operation: Operation, now: Decided) -> str | None:
    """That the baseline which an adoption has made has been used."""
    for version in adoptions(operation):
        if (
            run := next((one for one in now.ledger.runs.values() if one.baseline == version), None)
        ) is not None:
            return f"run {run.id} has used baseline {version}"
        newest = now.ledger.baselines[-1].version if now.ledger.baselines else version
        if newest > version:
            return f"baseline {newest} has taken the place of baseline {version}"
    return None


def _tried_since(operation: Operation, now: Decided) -> str | None:
    """That an idea which the operation made has been tried since."""
    made = {edit.key for edit in operation.changes if edit.table == "ideas" and edit.old is None}
    brought = {(edit.table, edit.key) for edit in operation.changes}
    tried = {run.idea for key, run in now.runs.items() if now.begun(run) and ("runs", key) not in brought}
    tried |= {one.idea for key, one in now.outcomes.items() if ("outcomes", key) not in brought}
    return f"#{min(made & tried)} has been tried since" if made & tried else None


def _nobody_waits(operation: Operation, now: Decided) -> str | None:
    """That no idea wants a run any more which was taken out of the queue."""
    for run in taken_out(operation, now):
        ideas = [idea for idea in now.ledger.ideas.values() if run.idea in (idea.id, None)]
        if not any(idea.dispatch and idea.dispatch.at <= run.queued_at for idea in ideas):
            return f"nobody waits for run {run.id} any more"
    return None


def _overtaken(operation: Operation, now: Decided, in_force: bool) -> str | None:
    """That another one has taken the place of all that it did."""
    tables = {edit.table for edit in operation.changes}
    if tables == {"meta"} and now.ledger.paused is not None:
        return "dispatch has been paused again"
    if tables - {"meta"} and tables <= {*LEARNED, "meta"} and not in_force:
        return "more has been learned since"
    return None


def _way_out(run: Run, now: Decided) -> str:
    """What can be done instead of undoing a dispatch; an idea without a live run waits for the baseline's."""
    runs = [run, *sorted(now.ledger.runs.values(), key=lambda one: one.idea is None)]
    waits = next((one for one in runs if _live(one) and one.idea in (run.idea, None)), None)
    if waits is None:
        return f"`planner runs --idea {run.idea}` shows how far it is"
    return f"`planner stop-run {waits.id}` ends it there"


def _live(run: Run) -> bool:
    return run.status in LIVE


def _ended(run: Run) -> str:
    """How a run ended, after `has`."""
    return run.status if run.status != "stopped" else "been stopped"


def _begun(run: Run) -> str:
    return "begun" if _live(run) else _ended(run)


def _asked_at(fields: Fields) -> str | None:
    wish = (fields or {}).get("dispatch")
    at = wish.get("at") if isinstance(wish, dict) else None
    return at if isinstance(at, str) else None


def _status(fields: Fields) -> object:
    return (fields or {}).get("status")
