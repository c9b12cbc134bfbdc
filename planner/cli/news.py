"""What is worth telling while ideas climb the ladder: the difference between two looks, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from planner.cli import rows
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.settings import Settings
from planner.domain.sweep import Chosen
from planner.domain.view import RunView, View
from planner.rules.judging.comparison import evidence_so_far
from planner.rules.judging.correcting import at_rung, in_a_sentence
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.judging.verdict import signed
from planner.rules.wording import numbers
from planner.rules.wording.marks import configuration

MOVES = 5
"""Moved scores told of one outcome; the rest are counted."""


class News:
    """Remembers what was told of the ideas that are followed, and of the baseline they are compared with."""

    def __init__(self, view: View, followed: Collection[int]) -> None:
        self._followed = followed
        self._statuses = {run.id: run.status for run in view.ledger.runs.values()}
        self._outcomes = len(view.ledger.outcomes)
        self._chosen = _chosen(view.ledger)
        self._waits = ""

    def of(self, view: View) -> list[str]:
        """What has happened since the last look."""
        told = [*self._runs(view), *self._choices(view), *self._verdicts(view), *self._waiting(view)]
        self._statuses = {run.id: run.status for run in view.ledger.runs.values()}
        self._outcomes = len(view.ledger.outcomes)
        self._chosen = _chosen(view.ledger)
        return told

    def _runs(self, view: View) -> Iterator[str]:
        """Runs that started or ended, in the order they were queued."""
        views = {one.run.id: one for one in view.runs}
        for run_id, run in view.ledger.runs.items():
            if run.status == self._statuses.get(run_id) or run.status == "queued" or run_id not in views:
                continue
            if run.idea is None or run.idea in self._followed:
                yield self._started_or_ended(views[run_id], view)

    def _started_or_ended(self, one: RunView, view: View) -> str:
        if one.run.status == "running":
            values = configuration(one.run, view.ledger)
            return f"started  {rows.name(one)}{f': {values}' if values else ''}"
        so_far = difference_so_far(one, view.ledger, view.settings)
        ending = rows.ending(one.run, view.settings.goal.metric)
        return f"ended    {rows.name(one)}: {ending}{f'; {so_far}' if so_far else ''}"

    def _choices(self, view: View) -> Iterator[str]:
        """What sweeps have chosen."""
        for idea, chosen in _chosen(view.ledger).items():
            if idea in self._followed and chosen != self._chosen.get(idea):
                yield f"chosen   #{idea} “{title(idea, view.ledger)}”: {chosen_in_words(chosen)}"

    def _verdicts(self, view: View) -> Iterator[str]:
        for outcome in view.ledger.outcomes[self._outcomes :]:
            if outcome.idea in self._followed:
                whose = f"#{outcome.idea} “{title(outcome.idea, view.ledger)}”"
                yield f"verdict  {whose}{at_rung(outcome)}: {in_a_sentence(outcome)}"
                yield f"         {spent(outcome)}"
                yield from _moves(outcome, view)
                yield from _unconfirmed(outcome, view.settings)

    def _waiting(self, view: View) -> Iterator[str]:
        """Why nothing runs, told once for each reason."""
        live = [one.run for one in view.runs if one.run.status in ("running", "queued")]
        reason = live[0].waits if live and all(run.status == "queued" for run in live) else ""
        if reason and reason != self._waits:
            yield f"waiting  {live[0].id}: {reason}"
        self._waits = reason or self._waits


def _chosen(ledger: Ledger) -> dict[int, Chosen]:
    """What the sweeps of dispatched ideas have chosen, by idea."""
    wishes = {number: idea.dispatch for number, idea in ledger.ideas.items()}
    return {number: wish.chosen for number, wish in wishes.items() if wish and wish.chosen}


def difference_so_far(one: RunView, ledger: Ledger, settings: Settings) -> str:
    """What the seeds of the run's idea say so far; empty where they say nothing."""
    idea = ledger.ideas.get(one.run.idea) if one.run.idea is not None else None
    if idea is None or one.run.rung != "full" or one.run.status != "finished":
        return ""
    evidence = evidence_so_far(idea, ledger, settings)
    if evidence is None:
        return ""
    seeds = f"{evidence.seeds} seed{'s' if evidence.seeds > 1 else ''}"
    paired = f", {len(evidence.pairs)} of them paired" if evidence.pairs else ""
    return f"{signed(evidence.effect)} MEI over {seeds}{paired}"


def spent(outcome: Outcome) -> str:
    """What an outcome cost, in the two currencies and in energy."""
    parts = [f"{numbers.duration(outcome.run_hours * 3600)} of runs"]
    if outcome.energy_wh is not None:
        parts.append(f"{outcome.energy_wh:.3g} Wh")
    if outcome.hours is not None:
        parts.append(f"{numbers.hours(outcome.hours)} of work")
    return f"spent: {', '.join(parts)}"


def moved(revision: Revision, ledger: Ledger, per_hour: bool) -> str:
    """One score that moved, with its rank and because."""
    before, after = (numbers.score(value, per_hour) for value in (revision.before, revision.after))
    ranks = f"rank {revision.rank_before} → {revision.rank_after}"
    unit = numbers.score_unit(per_hour)
    return f"{title(revision.idea, ledger)} {before} → {after} {unit} ({ranks}): {revision.because}"


def moved_lines(moves: Iterable[Revision], ledger: Ledger, settings: Settings) -> Iterator[str]:
    """The scores that moved, those that matter most first; beyond MOVES they are counted."""
    ordered = sorted(moves, key=lambda one: one.rank_after)
    for revision in ordered[:MOVES]:
        yield moved(revision, ledger, settings.score.bottleneck == "hours")
    if len(ordered) > MOVES:
        yield f"and {len(ordered) - MOVES} more scores moved"


def title(idea: int, ledger: Ledger) -> str:
    """An idea's title."""
    return ledger.ideas[idea].title if idea in ledger.ideas else f"idea {idea}"


def _unconfirmed(outcome: Outcome, settings: Settings) -> Iterator[str]:
    """What a win that few seeds decided still lacks before anybody builds on it."""
    seen = outcome.evidence
    if outcome.verdict == "improved" and seen and seen.seeds < settings.rung("full").seeds:
        missing = settings.rung("full").seeds - seen.seeds
        seeds = "1 seed more" if missing == 1 else f"{missing} seeds more"
        yield f"         before you build on it: `planner dispatch {outcome.idea} --confirm` ({seeds})"


def _moves(outcome: Outcome, view: View) -> Iterator[str]:
    """The scores that the outcome moved, those that matter most first."""
    caused = [one for one in view.ledger.revisions if one.outcome_of == outcome.idea and one.at == outcome.at]
    for line in moved_lines(caused, view.ledger, view.settings):
        yield f"         {line}"
