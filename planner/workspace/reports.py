"""What a person asks to look back and ahead: the review of a week, how things stand, what next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.domain.review import Review, Standing
from planner.domain.view import RankedIdea, View
from planner.rules.attention import halted
from planner.rules.ranking import rank
from planner.rules.review import review
from planner.rules.review_markdown import review_markdown
from planner.rules.weeks import week_of
from planner.store import files
from planner.store.encoding import plain
from planner.workspace.facts import Facts, idea_facts, run_facts
from planner.workspace.project import Project


def review_of(project: Project, week: str | None = None) -> Review:
    """The review of a week such as `2026-W47`, this one when None; a Mistake when there is no such week."""
    ledger, settings, now = project.store.read(), project.settings, project.now()
    return review(ledger, settings, week=week or week_of(now), now=now, ranked=rank(ledger, settings))


def review_text(project: Project, week: str | None = None, *, write: bool = False) -> str:
    """That review as Markdown; written to its file when asked."""
    told = review_of(project, week)
    text = review_markdown(told)
    if write:
        write_review(project, told.week, text)
    return text


def write_review(project: Project, week: str, text: str) -> Path:
    """Write the page of one week, whole; answers where it is."""
    path = project.layout.reviews / f"{week}.md"
    files.make_folder(path.parent)
    files.write_whole(path, text.encode())
    return path


def standing_of(project: Project, view: View) -> Standing:
    """How far the project is on its way to the goal."""
    now = project.now()
    return review(view.ledger, view.settings, week=week_of(now), now=now).standing


def status_facts(project: Project, view: View) -> Facts:
    """How things stand: `status --json`."""
    goal = view.settings.goal
    return {
        "dispatcher": view.dispatcher,
        "paused": view.ledger.paused,
        "warning": view.warning,
        "goal": {**plain(goal), **plain(standing_of(project, view))},
        "ideas": dict(Counter(row.status for row in view.ranked)),
        "running": [run_facts(one, project.layout) for one in view.runs if one.run.status == "running"],
        "queued": [run_facts(one, project.layout) for one in view.runs if one.run.status == "queued"],
        "halted": plain(halted(view.ledger)),
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


def next_facts(steps: NextSteps, why: dict[int, list[str]]) -> Facts:
    """Both answers as JSON, each with its costs and why; `next --json`."""
    return {
        name: None if row is None else {**idea_facts(row), "cost": _cost(row), "why": why[row.idea.id]}
        for name, row in (("run", steps.run), ("implement", steps.implement))
    }


def _cost(row: RankedIdea) -> Facts:
    """The two currencies, apart."""
    return {"human_hours": row.score.hours.implement, "gpu_hours": row.score.hours.gpu}
