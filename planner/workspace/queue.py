"""What a person does with runs: dispatch ideas, stop, requeue, reorder, resume."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from planner.clock import after
from planner.domain.idea import Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Failed, Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.domain.run import LIVE, Run
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea
from planner.executors.refs import commit_of, keep, merged
from planner.rules.judging.comparison import current_baseline
from planner.rules.judging.next_baseline import next_baseline
from planner.rules.judging.steps import describe
from planner.rules.learning.freeze import freeze
from planner.rules.learning.settled import newest_outcomes
from planner.rules.scoring.ranking import rank
from planner.rules.scoring.score import score
from planner.rules.waiting import in_order
from planner.rules.wording.changes import all_named
from planner.store.tables import Tables
from planner.workspace.learning import learn
from planner.workspace.lookup import find_idea, find_run
from planner.workspace.project import Project


def new_run_id(number: int) -> str:
    """A run's id: its number, and four digits that keep it apart from runs of a restored backup."""
    return f"r{number}-{os.urandom(2).hex()}"


class QueueVerbs:
    """Every verb about runs. Each only writes what is wanted; the dispatcher does it."""

    def __init__(self, project: Project) -> None:
        self.project = project

    # -- dispatch -----------------------------------------------------------------------------

    def top(self) -> RankedIdea:
        """The best idea that can run now."""
        ledger, settings = self.project.store.read(), self.project.settings
        undecided = {row.idea.id for row in rank(ledger, settings) if row.rank}
        for row in rank(ledger, settings):
            waits = undecided.intersection(row.idea.after)
            if row.status == "ready" and not waits and self._has_code(row.idea):
                return row
        raise NothingToDo(
            "no idea is ready to run: give one params (`planner edit ID --set name=value`), "
            "a branch (`--ref`), or say that the recipe has it (`--implemented`)"
        )

    def ready(self) -> list[RankedIdea]:
        """Every idea that can run now, best first."""
        ledger = self.project.store.read()
        rows = rank(ledger, self.project.settings)
        return [row for row in rows if row.status == "ready" and self._has_code(row.idea)]

    def codeless(self) -> list[Idea]:
        """The ideas that could run, were their branch there."""
        rows = rank(self.project.store.read(), self.project.settings)
        return [row.idea for row in rows if row.status == "ready" and not self._has_code(row.idea)]

    def _has_code(self, idea: Idea) -> bool:
        """Whether its branch, if it names one, is there by now."""
        try:
            return idea.change.ref is None or bool(commit_of(self.project.layout.project, idea.change.ref))
        except Failed:  # git can't be asked now, which says nothing of the branch
            raise
        except Mistake:
            return False

    def dispatch(
        self,
        idea_ids: Sequence[int],
        *,
        seeds: int | None = None,
        implemented: bool = False,
        confirm: bool = False,
        anyway: Mapping[int, str] | None = None,
        new_baseline: str | None = None,
        again: bool = False,
        first: Callable[[Tables], str] | None = None,
    ) -> list[Idea]:
        """Ask for ideas to climb the ladder; the first time their estimates are frozen.

        With `implemented`, an idea that names nothing to run is taken as one whose code the recipe has.
        With `confirm`, wins are topped up to all their seeds and judged once more. `anyway` holds by idea
        what a person was warned of and wants regardless: only runs from now on count. With `new_baseline`,
        the baseline is measured anew for that reason. With `again`, what halted is wanted as it was before.
        `first` is done in the same change, which one undo takes back; it answers what to call all of it.
        """
        if seeds is not None and seeds < 1:
            raise Mistake(f"--seeds {seeds} is no number of seeds: give 1 or more")
        settings, at = self.project.settings, self.project.now()
        _check_recipe(settings)
        commits, has_code = self._commits(idea_ids), self.has_merged()
        with self.project.store.transaction("dispatch", by=self.project.who) as tables:
            told = first(tables) if first else ""
            ledger = tables.ledger()
            at = after(at, *_behind(ledger, idea_ids))
            wishes = {}
            for idea_id in idea_ids:
                idea, why = find_idea(ledger.ideas, idea_id), (anyway or {}).get(idea_id)
                _check_dispatch(idea, implemented)
                check_whole(idea)
                wish = Dispatch(at=at, by=self.project.who, seeds=seeds, confirm=confirm, anyway=why)
                wish = _as_before(idea.dispatch, wish) if again else wish
                if wish.confirm:
                    _check_win(idea_id, newest_outcomes(ledger).get(idea_id))
                wishes[idea_id] = replace(wish, commit=commits.get(idea_id))
            baseline = next_baseline(ledger, settings, at=at, anew=new_baseline, merged=has_code)
            if baseline not in ledger.baselines:
                tables.put(baseline)
            if ledger.calibration.number == 0:
                learn(tables, settings, at=at, because="first calibration, at the first dispatch")
            dispatched = [self._dispatched(tables, one, wish, settings) for one, wish in wishes.items()]
            tables.set_paused(None)
            tables.says = told or f"dispatch {all_named(dispatched)}{' anyway' if anyway else ''}"
        return dispatched

    def _commits(self, idea_ids: Sequence[int]) -> dict[int, str]:
        """By idea, the commit its ref stands for now; a Mistake where a ref names none."""
        ideas = self.project.store.read().ideas
        refs = {idea: ideas[idea].change.ref for idea in idea_ids if idea in ideas}
        return {idea: _commit(self.project, idea, ref) for idea, ref in refs.items() if ref is not None}

    def has_merged(self) -> bool:
        """Whether the work tree has the code that was adopted; true where all of it came as params."""
        newest = current_baseline(self.project.store.read())
        if newest is None or newest.ref is None or newest.commit is None:
            return True
        return merged(self.project.layout.project, newest.commit)

    def _dispatched(self, tables: Tables, idea_id: int, wish: Dispatch, settings: Settings) -> Idea:
        idea = tables.get(Idea, idea_id)
        assert idea is not None
        calibration = tables.calibration()
        frozen = idea.frozen or freeze(idea, score(idea, calibration, settings), calibration, at=wish.at)
        change = idea.change if idea.change.runnable else replace(idea.change, implemented=True)
        return tables.put(replace(idea, dispatch=wish, frozen=frozen, place="backlog", change=change))

    def resume(self) -> None:
        """Let dispatch go on after it was paused."""
        with self.project.store.transaction("let dispatch go on", by=self.project.who) as tables:
            tables.set_paused(None)

    # -- runs ---------------------------------------------------------------------------------

    def stop(self, name: str) -> Run:
        """Stop a run: a queued one at once, which can be undone; a running one politely by the dispatcher."""
        with self.project.store.transaction("stop", by=self.project.who) as tables:
            run = find_run({run.id: run for run in tables.all(Run)}, name)
            if run.status not in LIVE:
                raise NothingToDo(f"run {run.id} has ended already: {run.status}")
            if run.status == "running":
                tables.says, tables.undoable = f"ask run {run.id} to stop", False
                return tables.put(replace(run, stop_requested=True))
            tables.says = f"take {describe(run)} out of the queue"
            ended = replace(
                run,
                status="stopped",
                stop_requested=True,
                ended_at=self.project.now(),
                waits="",
                cause=f"stopped by {self.project.who} before it started",
            )
            return tables.put(ended)

    def requeue(self, name: str) -> Run | Idea:
        """Try an ended run again: its idea climbs on from there."""
        ledger = self.project.store.read()
        run = find_run(ledger.runs, name)
        if run.status in LIVE:
            raise NothingToDo(f"run {run.id} is {run.status}: it has not ended yet")
        if run.replay_of is not None:
            raise Mistake(f"run {run.id} is a replay: `planner replay {run.replay_of}` makes another")
        if run.rung == "lr":
            from planner.workspace.rates import search

            return search(self.project, run.idea)
        if run.idea is not None:
            return self.dispatch([run.idea], again=True)[0]
        waiting = [idea.id for idea in ledger.ideas.values() if idea.dispatch and idea.dispatch.halted]
        if not waiting:
            raise NothingToDo(
                f"run {run.id} is the baseline's: it runs again once an idea that needs it is dispatched"
            )
        return self.dispatch(waiting, again=True)[0]

    def move(self, name: str, step: int) -> Run:
        """Move a queued run one place earlier (-1) or later (+1)."""
        with self.project.store.transaction("reorder", by=self.project.who, undoable=True) as tables:
            runs = {run.id: run for run in tables.all(Run)}
            run = find_run(runs, name)
            if run.status != "queued":
                raise NothingToDo(f"run {run.id} is {run.status}: only queued runs have a place in the queue")
            queue = in_order(runs.values())
            other = queue.index(run) + step
            if not 0 <= other < len(queue):
                raise NothingToDo(f"run {run.id} is at that end of the queue already")
            tables.says = f"move run {run.id} {'up' if step < 0 else 'down'} the queue"
            for place, entry in enumerate(_swapped(queue, queue.index(run), other)):
                if entry.order != place:
                    tables.put(replace(entry, order=float(place)))
            return replace(run, order=float(other))


def _as_before(before: Dispatch | None, wish: Dispatch) -> Dispatch:
    """A wish with what was wanted before it halted: nothing that has run for that runs again."""
    if before is None:
        return wish
    since = before.counts_since or None
    return replace(wish, seeds=before.seeds, confirm=before.confirm, anyway=before.anyway, afresh=since)


def _commit(project: Project, idea: int, ref: str) -> str:
    try:
        commit = commit_of(project.layout.project, ref)
    except Mistake as mistake:
        raise type(mistake)(f"idea {idea} can't run: {mistake}{_kept(project, idea)}") from None
    keep(project.layout.project, commit)  # its branch may be gone before it runs
    return commit


def _kept(project: Project, idea: int) -> str:
    """That the commit of an idea's last run is still there, though its branch is not."""
    runs = project.store.read().runs.values()
    last = next((run.commit for run in reversed(runs) if run.idea == idea and run.commit), None)
    with contextlib.suppress(Mistake):
        if last and commit_of(project.layout.project, last):
            return f"; the commit of its last run is kept: `planner edit {idea} --ref {last}`"
    return ""


def _swapped(queue: list[Run], one: int, other: int) -> list[Run]:
    swapped = list(queue)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    return swapped


def _behind(ledger: Ledger, idea_ids: Sequence[int]) -> Iterator[str]:
    """Times of what lies behind a dispatch: earlier runs, what was said and judged of the ideas."""
    yield from (run.queued_at for run in ledger.runs.values() if run.idea is None or run.idea in idea_ids)
    yield from (one.at for one in ledger.outcomes if one.idea in idea_ids and not one.imported)
    for idea in ledger.ideas.values():
        if idea.id in idea_ids:
            yield from (said.at for said in idea.estimates.values())


def _check_recipe(settings: Settings) -> None:
    if not settings.recipe.entry and not settings.recipe.command:
        raise Mistake(
            'planner.toml names no recipe: write entry = "module:function" under [recipe], '
            "the function that builds a trial from params"
        )
    if settings.dispatch.executor != "local":
        raise Mistake(
            f'planner.toml names dispatch.executor = "{settings.dispatch.executor}", which this release '
            'cannot run on yet: write executor = "local"'
        )


def _check_dispatch(idea: Idea, implemented: bool) -> None:
    if not (idea.change.runnable or implemented):
        # It would train the bare baseline, and count against the idea.
        raise Mistake(
            f"idea {idea.id} is open, there is nothing to run yet: give it params or a branch, "
            f"or say that the recipe has it (`planner edit {idea.id} --implemented`)"
        )
    if idea.dispatch and not idea.dispatch.halted:
        raise NothingToDo(
            f"idea {idea.id} is dispatched already; `planner runs --idea {idea.id}` shows how far it is"
        )


def check_whole(idea: Idea) -> None:
    """A Mistake where the idea came back from run folders without a secret: it would train with the gap."""
    from planner.store.withheld import lost

    if (name := lost(idea.change.params)) is not None:
        others = ", with its other params" if len(idea.change.params) > 1 else ""
        raise Mistake(
            f"idea {idea.id} can't run: its param {name} held a secret, which run folders do not keep; "
            f"give it again: `planner edit {idea.id} --set {name}=…`{others}"
        )


def _check_win(idea_id: int, outcome: Outcome | None) -> None:
    if outcome is None or outcome.verdict != "improved" or outcome.evidence is None:
        raise Mistake(
            f"idea {idea_id} has not won by its seeds, so there is nothing to confirm; "
            f"`planner show {idea_id}` says how it stands"
        )
