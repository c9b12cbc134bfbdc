"""What a person asks to look back and ahead: the review of a week, how things stand, what next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.remark import Stop
from planner.domain.review import Attention, Review, Standing
from planner.domain.settings import Settings
from planner.domain.view import RankedIdea, View
from planner.rules.reviewing.attention import forgotten, halted
from planner.rules.reviewing.comeback import judged_runs, newest_run
from planner.rules.reviewing.notes import page
from planner.rules.reviewing.page import review_markdown
from planner.rules.reviewing.review import is_past, review
from planner.rules.reviewing.standing import standing
from planner.rules.reviewing.stop import stop
from planner.rules.reviewing.weeks import week_named, week_of
from planner.rules.scoring.ranking import rank
from planner.store import files
from planner.store.encoding import plain
from planner.store.lock import held
from planner.store.refusal import explained
from planner.store.runfolder import RunFolder
from planner.workspace.facts import Facts, idea_facts, run_facts
from planner.workspace.project import Project


def review_of(project: Project, week: str | None = None) -> Review:
    """The review of a week such as `2026-W47`, this one when None; a Mistake when there is no such week."""
    ledger, settings, now = project.store.read(), project.settings, project.now()
    week = week or week_of(now)
    moved = project.store.history(since=week_named(week).start)
    return review(
        replace(ledger, revisions=moved),
        settings,
        week=week,
        now=now,
        ranked=rank(ledger, settings),
        fingerprints=data_fingerprints(project, ledger, settings),
    )


def review_facts(told: Review) -> Facts:
    """A review as JSON, with what follows from its figures: `review --json`."""
    facts: Facts = plain(told)
    facts["gain_kept_metric"] = plain(told.gain_kept_metric)
    for name, hits in (("hits", told.hits), ("hits_so_far", told.hits_so_far)):
        facts[name]["rate"] = plain(hits.rate)
    for name, cost in (("cost", told.cost), ("cost_so_far", told.cost_so_far)):
        amounts = {
            "human_hours": cost.human_hours, "gpu_hours": cost.gpu_hours, "energy_wh": cost.energy_wh
        }  # fmt: skip
        facts[name]["per_win"] = {unit: plain(cost.per_win(amount)) for unit, amount in amounts.items()}
    return facts


def data_fingerprints(project: Project, ledger: Ledger, settings: Settings) -> dict[str, str]:
    """By run, the fingerprint of the data files that `planner.toml` names, of the runs verdicts rest on."""
    if not settings.recipe.data:
        return {}
    newest = newest_run(ledger)
    runs = [*judged_runs(ledger).values(), *([newest] if newest else [])]
    found = {run.id: _fingerprint(project.layout.run(run.id)) for run in runs}
    return {run: fingerprint for run, fingerprint in found.items() if fingerprint}


def _fingerprint(folder: RunFolder) -> str | None:
    """None where the run left none, or what it left is damaged: then nobody knows what it saw."""
    try:
        seen = (folder.read_context() or {}).get("data_files")
    except Mistake:
        return None
    return str(seen["sha256"]) if isinstance(seen, dict) and "sha256" in seen else None


def review_text(project: Project, week: str | None = None, *, write: bool = False) -> str:
    """That review as Markdown; written to its file when asked."""
    told = review_of(project, week)
    text = review_markdown(told)
    if write:
        write_review(project, told.week, text)
    return text


def write_review(project: Project, week: str, text: str) -> Path:
    """Write the page of one week, whole, where it differs from what is there; answers where it is.

    What people wrote below its notes' line stays, and so does the plan of a week that is long past.
    """
    path = project.layout.reviews / f"{week}.md"
    with explained(path), held(project.layout.lock):
        files.make_folder(path.parent)
        # What is no UTF-8 comes back as it was: notes belong to their writer.
        old = files.read(path).decode("utf-8", "surrogateescape") if path.is_file() else ""
        new = page(text, old, past=is_past(week, project.now()))
        if new != old:
            files.write_whole(path, new.encode("utf-8", "surrogateescape"))
    return path


def standing_of(view: View) -> Standing:
    """How far the project is on its way to the goal."""
    return standing(view.ledger, view.settings.goal)


def stop_of(view: View) -> Stop | None:
    """A reason to stop; None while there is none."""
    return stop(view.ledger, view.settings, view.ranked, standing_of(view))


def status_facts(project: Project, view: View) -> Facts:
    """How things stand: `status --json`."""
    goal = view.settings.goal
    return {
        "dispatcher": view.dispatcher,
        "paused": view.ledger.paused,
        "warning": view.warning,
        "goal": {**plain(goal), **plain(standing_of(view))},
        "stop": plain(stop_of(view)),
        "ideas": dict(Counter(row.status for row in view.ranked)),
        "running": [run_facts(one, project.layout) for one in view.runs if one.run.status == "running"],
        "queued": [run_facts(one, project.layout) for one in view.runs if one.run.status == "queued"],
        "halted": plain(halted(view.ledger)),
        "timers": plain(forgotten(view.ledger, now=project.now())),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """What to do now: the two answers, since people and GPUs can work at once."""

    run: RankedIdea | None
    """The best idea that can run now."""
    implement: RankedIdea | None
    """The best idea whose code is still to be written."""


def next_steps(ranked: Sequence[RankedIdea]) -> NextSteps:
    """The best ready and the best open idea; ideas that come after undecided ones are passed over."""
    undecided = {row.idea.id for row in ranked if row.rank}
    free = [row for row in ranked if not undecided.intersection(row.idea.after)]
    return NextSteps(
        run=next((row for row in free if row.status == "ready"), None),
        implement=next((row for row in free if row.status == "open"), None),
    )


def next_facts(
    steps: NextSteps, why: dict[int, list[str]], stop: Stop | None = None, timers: Sequence[Attention] = ()
) -> Facts:
    """Both answers as JSON, each with its costs and why, reasons to stop, forgotten timers; `next --json`."""
    answers: Facts = {
        name: None if row is None else {**idea_facts(row), "cost": _cost(row), "why": why[row.idea.id]}
        for name, row in (("run", steps.run), ("implement", steps.implement))
    }
    return {**answers, "stop": plain(stop), "timers": plain(tuple(timers))}


def _cost(row: RankedIdea) -> Facts:
    """The two currencies, apart."""
    return {"human_hours": row.score.hours.implement, "gpu_hours": row.score.hours.gpu}
