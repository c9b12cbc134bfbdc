"""The shapes in which ideas, runs and outcomes leave the planner as JSON; scripts rely on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from planner.domain.estimate import Estimate
from planner.domain.event import Progress
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.view import RankedIdea, RunView
from planner.rules.judging.adopting import adopted_as
from planner.rules.learning.freeze import changed_since, intact
from planner.rules.scoring.terms import terms
from planner.store.encoding import plain
from planner.store.layout import Layout

if TYPE_CHECKING:
    from planner.rules.sweeping.swept import Swept

Facts = dict[str, Any]
"""A JSON object."""


def idea_facts(row: RankedIdea) -> Facts:
    """One idea where it stands: an element of `list --json`. Scores are in MEI per hour, chances 0 to 1."""
    idea = row.idea
    return {
        "id": idea.id,
        "title": idea.title,
        "hypothesis": idea.hypothesis,
        "category": idea.category,
        "tags": list(idea.tags),
        "status": row.status,
        "rank": row.rank,
        "score": row.score.value,
        "terms": terms(row.score),
        "assumed": list(row.score.assumed),
        "estimates": {who: _estimate(said) for who, said in idea.estimates.items()},
        "change": plain(idea.change),
        "after": list(idea.after),
        "variant_of": idea.variant_of,
        "frozen": plain(idea.frozen),
        "verdict": row.outcome.verdict if row.outcome else None,
        "outcome": _brief(row.outcome),
        "dispatch": plain(idea.dispatch),
        "spent_hours": idea.spent_hours,
        "timer_since": idea.timer_since,
        "timer_by": idea.timer_by,
        "run_hours": idea.run_hours,
        "place": idea.place,
        "created_at": idea.created_at,
        "created_by": idea.created_by,
    }


def idea_story(
    row: RankedIdea,
    runs: Iterable[RunView],
    ledger: Ledger,
    layout: Layout,
    revisions: Iterable[Revision],
) -> Facts:
    """One idea with everything that became of it: `show --json`.

    `revisions` hold the idea's own, those in the archive too.
    """
    idea = row.idea
    outcomes = [outcome for outcome in ledger.outcomes if outcome.idea == idea.id]
    return {
        **idea_facts(row),
        "frozen": _frozen(idea),
        "history": [{"by": said.by, **_estimate(said)} for said in idea.history],
        "runs": [run_facts(view, layout) for view in runs if view.run.idea == idea.id],
        "outcome": plain(outcomes[-1]) if outcomes else None,
        "adopted": adopted_as(idea.id, ledger),
        "outcomes": plain(outcomes),
        "withdrawn": plain([outcome for outcome in ledger.withdrawn if outcome.idea == idea.id]),
        "revisions": plain([one for one in revisions if one.idea == idea.id]),
    }


def run_facts(view: RunView, layout: Layout) -> Facts:
    """One run where it stands: an element of `runs --json`; hours are wall hours, energy is in watt hours."""
    run = view.run
    return {
        "id": run.id,
        "idea": run.idea,
        "title": view.title,
        "rung": run.rung,
        "step": run.step,
        "seed": run.seed,
        "status": run.status,
        "value": run.value,
        "metrics": plain(run.metrics),
        "cause": run.cause,
        "waits": run.waits,
        "stop_requested": run.stop_requested,
        "progress": _progress(view.progress) if run.status == "running" else None,
        "hours": run.hours,
        "energy_wh": run.energy_wh,
        "device": run.device,
        "baseline": run.baseline,
        "params": plain(run.params),
        "rung_params": plain(run.rung_params),
        "fraction": run.fraction,
        "covers": list(run.covers),
        "ref": run.ref,
        "queued_at": run.queued_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "retry_of": run.retry_of,
        "replay_of": run.replay_of,
        "commit": run.commit,
        "config": run.config,
        "rate": run.rate,
        "resumed_from": run.resumed_from,
        "inherited": run.inherited,
        "struck": run.struck,
        "folder": str(layout.run(run.id).path),
    }


def sweep_facts(found: Swept) -> Facts:
    """A sweep with every configuration: `sweep --json`."""
    return {
        "idea": found.idea.id,
        "title": found.idea.title,
        "sweep": plain(found.sweep),
        "fixed": plain(found.idea.change.params),
        "metric": found.metric,
        "rung": found.rung,
        "configurations": plain(found.tried),
        "best": plain(found.best),
        "parts": plain(found.parts),
    }


def _frozen(idea: Idea) -> Facts | None:
    """What stands frozen, whether it is what was frozen, and whether anybody has said otherwise since."""
    if idea.frozen is None:
        return None
    facts: Facts = plain(idea.frozen)
    return {**facts, "intact": intact(idea.frozen), "changed": changed_since(idea)}


def _estimate(said: Estimate) -> Facts:
    return {
        "hours": said.hours,
        "complexity": said.complexity,
        "impact": said.impact,
        "relative": said.relative,
        "likelihood": said.likelihood,
        "ranges": {name: list(ends) for name, ends in said.ranges.items()},
        "at": said.at,
    }


def _brief(outcome: Outcome | None) -> Facts | None:
    """An outcome without its pairs of seeds."""
    if outcome is None:
        return None
    facts: Facts = plain(outcome)
    for said in (facts, facts["unstruck"] or {}):
        if said.get("evidence"):
            said["evidence"].pop("pairs")
    return facts


def _progress(progress: Progress) -> Facts:
    """Where a live run stands; of each metric the last value."""
    return {
        "epoch": progress.epoch,
        "epochs": progress.epochs,
        "eta_seconds": progress.eta_seconds,
        "seconds": progress.seconds,
        "last_at": progress.last_at,
        "metrics": plain({name: points[-1][1] for name, points in progress.curves.items() if points}),
    }
