"""The record of a project's guesses, and a new calibration because a person asks for one."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.outcome import Revision
from planner.domain.record import Record
from planner.rules.hindsight.record import record
from planner.rules.hindsight.words import not_enough
from planner.rules.wording.changes import counted
from planner.store.encoding import plain
from planner.workspace.facts import Facts
from planner.workspace.learning import learn
from planner.workspace.project import Project

THEMES = ("stated", "planner", "hours", "gain", "complexity")
"""What is recorded of everybody, of each person and of each category."""


def record_of(project: Project, *, by: str | None = None, category: str | None = None) -> Record:
    """How good the guesses were until now, of one person or one category where named.

    A Mistake when nobody, or no idea, goes by that name.
    """
    return record(project.store.read(), project.settings.goal, by=by, category=category)


def recorded_anew(project: Project, *, by: str | None = None, category: str | None = None) -> Record:
    """The same after a new calibration from the whole ledger, with the scores that it moved.

    A Mistake about `by` or `category` comes before anything is written.
    """
    record_of(project, by=by, category=category)
    moved = calibrate_now(project)
    return replace(record_of(project, by=by, category=category), moved=moved)


def record_facts(told: Record) -> Facts:
    """The record as JSON: `calibration --json`; the `note` of a theme that rests on too little says so."""
    facts: Facts = plain(told)
    for group in (facts["everybody"], *facts["people"].values(), *facts["categories"].values()):
        for theme in THEMES:
            count = group[theme]["wins" if theme == "gain" else "ideas"]
            group[theme]["note"] = not_enough(count, told.enough) if count < told.enough else ""
    return facts


def calibrate_now(project: Project) -> tuple[Revision, ...]:
    """Put a new calibration in force, made from the whole ledger; answers the scores that it moved."""
    settings = project.settings
    with project.store.transaction("calibrate anew", by=project.who) as tables:
        moved = learn(tables, settings, at=project.now(), because=f"asked for by {project.who}")
        tables.says = f"calibrate anew: {counted(('score', len(moved))) or 'no score'} moved"
        return moved
