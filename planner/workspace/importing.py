"""Bring history in: what was tried before the planner was there, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from planner.domain.idea import Change, Idea
from planner.domain.imported import BadRow, Imported
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome
from planner.imports.cells import as_utc
from planner.imports.judged import MILLISECOND, Judged, judged, sentence
from planner.imports.past import History, Past
from planner.imports.source import read_source
from planner.imports.tidy import normal
from planner.rules.learning.merging import merged
from planner.rules.learning.settled import newest_outcomes
from planner.rules.status import status
from planner.rules.wording.changes import counted
from planner.workspace.begin import guessed_direction
from planner.workspace.learning import learn
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.store.tables import Tables

BEFORE = timedelta(days=7)
"""History without any times is put this long before what the project itself has seen."""
NAMED = 3
"""Bad rows that a refusal names."""
THERE = "already there"
"""Why what was imported before is not imported again."""
BUSY = "being run here"
"""Why an idea that climbs the ladder gets no outcome from elsewhere."""


class _OnlyTried(Exception):
    """Ends a transaction that must leave nothing behind."""


def import_history(
    project: Project,
    path: Path,
    *,
    mapped: Mapping[str, str],
    by: str | None = None,
    metric: str | None = None,
    skip_bad: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Bring in what a file or folder tells was tried, and learn from it; a Mistake when it can't be read.

    All of it or nothing; with `dry_run` nothing, and the answer says what would have been.
    """
    settings, who = project.settings, by or project.who
    history = read_source(path, settings.goal, mapped=mapped, by=who, metric=metric)
    refuse_bad(history.name, history.bad, skip_bad)
    found = Imported(
        file=history.name,
        kind=history.kind,
        dry_run=dry_run,
        columns=history.columns,
        unused=history.unused,
        bad=history.bad,
    )
    try:
        with project.store.transaction(f"import {history.name}", by=project.who) as tables:
            found = _Arrivals(tables, history, project, who).bring_in(found)
            arrived = (len(found.ideas), found.outcomes, found.estimates)
            told = counted(*zip(("new idea", "outcome", "estimate"), arrived, strict=True))
            tables.says = f"import {history.name}: {told}"
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    return found


def refuse_bad(name: str, bad: Sequence[BadRow], skip_bad: bool) -> None:
    """A Mistake that names what can't be read, unless it is to be left out."""
    if not bad or skip_bad:
        return
    places = [
        f"line {row.line}{f', column {row.column}' if row.column else ''}: {row.problem}" for row in bad
    ]
    more = f"; and {len(bad) - NAMED} more rows" if len(bad) > NAMED else ""
    raise Mistake(
        f"{name}, {'; '.join(places[:NAMED])}{more}; nothing was imported, --skip-bad leaves such rows out"
    )


class _Arrivals:
    """Puts what was tried into one transaction."""

    def __init__(self, tables: Tables, history: History, project: Project, who: str) -> None:
        self._tables, self._history, self._who = tables, history, who
        self._settings, self._now = project.settings, project.now()
        self._ledger = tables.ledger()
        self._known = _Known(self._ledger, history)
        self._skipped: defaultdict[str, int] = defaultdict(int, history.skipped)
        self._ideas: list[Idea] = []
        self._outcomes: list[Outcome] = []
        self._people: set[str] = set()
        self._matched = self._estimates = 0

    def bring_in(self, found: Imported) -> Imported:
        """Put everything and learn from it; answers what came in."""
        for one in self._judged():
            self._take(one)
        for past in self._history.pasts:
            if past.baseline:
                self._skipped["baselines"] += 1
            elif not past.tried:
                self._take_untried(past)
        before = self._ledger.calibration
        moved = (
            learn(self._tables, self._settings, at=self._now, because=f"import of {self._history.name}")
            if self._outcomes
            else ()
        )
        after = self._tables.calibration()
        return replace(
            found,
            ideas=tuple(idea.id for idea in self._ideas),
            matched=self._matched,
            outcomes=len(self._outcomes),
            kept=sum(outcome.kept for outcome in self._outcomes),
            invalid=sum(outcome.verdict == "invalid" for outcome in self._outcomes),
            estimates=self._estimates,
            people=tuple(sorted(self._people)),
            skipped=dict(self._skipped),
            base_before=before.base,
            base_after=after.base,
            run_hours=after.run_hours,
            revised=len(moved),
        )

    def _judged(self) -> tuple[Judged, ...]:
        since = _since(self._ledger, self._now)
        return judged(
            self._history.pasts, self._settings.goal, since=since, now=self._now, guess=guessed_direction
        )

    def _take(self, one: Judged) -> None:
        """An outcome: of an idea that waits here for one, else of a new idea."""
        past = one.past
        if self._known.has(one):
            self._skipped[THERE] += 1
            return
        idea = self._known.undecided(past.title)
        if idea is not None and idea.dispatch is not None and idea.dispatch.halted is None:
            self._skipped[BUSY] += 1
            return
        if idea is None:
            idea = self._tables.put(self._new_idea(past, one.at))
            self._ideas.append(idea)
        else:
            self._matched += 1
            idea = self._tables.put(
                self._with_estimate(replace(idea, place="backlog", timer_since=None), past)
            )
        self._outcomes.append(self._tables.put(self._outcome(idea.id, one)))

    def _take_untried(self, past: Past) -> None:
        """An idea without an outcome: a new one, unless its title is known here."""
        known = self._known.any(past.title)
        if known is None:
            idea = self._tables.put(self._new_idea(past, past.at or self._now))
            self._known.add(idea)
            self._ideas.append(idea)
            return
        merged_idea = self._with_estimate(known, past)
        if merged_idea is known:
            self._skipped[THERE] += 1
        else:
            self._matched += 1
            self._known.add(self._tables.put(merged_idea))

    def _new_idea(self, past: Past, at: str) -> Idea:
        said = past.estimate
        idea = Idea(
            id=self._tables.next_id(Idea),
            title=past.title,
            created_at=min(at, said.at) if said and said.at else at,
            created_by=said.by if said else self._who,
            hypothesis=past.hypothesis,
            category=past.category,
            tags=past.tags,
            change=Change(params=past.params),
            spent_hours=past.hours or 0.0,
        )
        return self._with_estimate(idea, past)

    def _with_estimate(self, idea: Idea, past: Past) -> Idea:
        """The idea with what a person had expected; said now, and so no foresight, when nobody says when."""
        said = past.estimate
        if said is None:
            return idea
        learned = merged(idea, replace(said, at=said.at or self._now), dated=bool(said.at))
        if learned is not idea:
            self._estimates += 1
            self._people.add(said.by)
        return learned

    def _outcome(self, idea: int, one: Judged) -> Outcome:
        past = one.past
        return Outcome(
            idea=idea,
            at=one.at,
            verdict=one.verdict,
            reason=sentence(one, self._history.name),
            rung="full",
            baseline=0,  # what it was compared with was never a baseline here
            kept=one.verdict == "improved",
            hours=past.hours or None,
            run_hours=past.run_hours or 0.0,
            imported=self._history.name,
            reported_gain=None if one.verdict == "invalid" else one.gain,
        )


class _Known:
    """What the project knows already, by title."""

    def __init__(self, ledger: Ledger, history: History) -> None:
        # What happened at once is a millisecond apart in the store: that far may an outcome be from its time.
        self._apart = MILLISECOND * len(history.pasts)
        newest = newest_outcomes(ledger)
        self._any: dict[str, Idea] = {}
        self._undecided: dict[str, Idea] = {}
        self._times: defaultdict[str, list[datetime]] = defaultdict(list)
        self._of_file: defaultdict[str, int] = defaultdict(int)
        for idea in ledger.ideas.values():
            title, outcome = normal(idea.title), newest.get(idea.id)
            self._any.setdefault(title, idea)
            live = idea.dispatch is not None and idea.dispatch.halted is None
            if (
                outcome is None
                or live
                or status(replace(idea, place="backlog"), (), outcome) in ("open", "ready")
            ):
                self._undecided.setdefault(title, idea)
            if outcome is not None:
                self._times[title].append(datetime.fromisoformat(outcome.at))
                self._of_file[title] += outcome.imported == history.name

    def has(self, one: Judged) -> bool:
        """Whether an outcome was here before this import; each of those here is recognised once."""
        title = normal(one.past.title)
        if not one.timed:
            self._of_file[title] -= 1
            return self._of_file[title] >= 0
        said = datetime.fromisoformat(one.past.at or one.at)
        times = self._times[title]
        same = next((time for time in times if timedelta(0) <= time - said <= self._apart), None)
        if same is not None:
            times.remove(same)
        return same is not None

    def undecided(self, title: str) -> Idea | None:
        """The idea of that title that still waits for an outcome; answered once."""
        return self._undecided.pop(normal(title), None)

    def any(self, title: str) -> Idea | None:
        """The idea of that title."""
        return self._any.get(normal(title))

    def add(self, idea: Idea) -> None:
        """Remember an idea as it is now."""
        self._any[normal(idea.title)] = idea


def _since(ledger: Ledger, now: str) -> str:
    """Where history without times begins: a week before the project's own, after what was imported."""
    imported = {outcome.idea for outcome in ledger.outcomes if outcome.imported}
    own = min([now, *_own_times(ledger, imported)])
    earlier = [outcome.at for outcome in ledger.outcomes if outcome.imported and outcome.at < own]
    week_before = as_utc(datetime.fromisoformat(own) - BEFORE)
    after_last = as_utc(datetime.fromisoformat(max(earlier)) + MILLISECOND) if earlier else week_before
    return max(week_before, after_last)


def _own_times(ledger: Ledger, imported: set[int]) -> Iterable[str]:
    yield from (idea.created_at for idea in ledger.ideas.values() if idea.id not in imported)
    yield from (outcome.at for outcome in ledger.outcomes if not outcome.imported)
