"""The review of a week: as a fact, as JSON, as the page in its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.review import Review
from planner.domain.settings import Settings
from planner.rules.reviewing.comeback import judged_runs, newest_run
from planner.rules.reviewing.notes import page
from planner.rules.reviewing.page import review_markdown
from planner.rules.reviewing.review import is_past, review
from planner.rules.reviewing.weeks import week_named, week_of
from planner.rules.scoring.ranking import rank
from planner.store import files
from planner.store.encoding import plain
from planner.store.lock import held
from planner.store.refusal import explained
from planner.store.runfolder import RunFolder
from planner.workspace.facts import Facts
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
