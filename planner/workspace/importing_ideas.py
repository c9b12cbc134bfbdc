"""Bring ideas in, and what several people expect of them, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner.domain.idea import Change, Idea
from planner.domain.imported import BadRow, Imported
from planner.imports.cells import as_utc
from planner.imports.ideas_source import read_ideas
from planner.imports.proposal import Ideas, Proposal
from planner.imports.tidy import normal
from planner.rules.learning.merging import merged
from planner.rules.notation import limits
from planner.rules.wording.changes import counted
from planner.workspace.importing import THERE, refuse_bad
from planner.workspace.project import Project

if TYPE_CHECKING:
    from planner.store.tables import Tables


def import_ideas(
    project: Project,
    path: Path,
    *,
    mapped: Mapping[str, str],
    by: str | None = None,
    skip_bad: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Bring in the ideas and estimates of a file; what has the title of an idea here is merged with it.

    All of it or nothing. No score moves: an idea moves no other's, and there is nothing to learn from.
    """
    who = by or project.who
    ideas = read_ideas(path, project.settings.goal, mapped=mapped, by=who)
    said_at = _written_at(path, project.now())
    with project.store.transaction(f"import ideas of {ideas.name}", by=project.who) as tables:
        arrivals = _Arrivals(tables, ideas, who=who, said_at=said_at, now=project.now())
        arrivals.sort_out()
        refuse_bad(ideas.name, arrivals.bad, skip_bad)
        if not dry_run:
            arrivals.put()
            told = counted(("new idea", len(arrivals.new)), ("estimate", arrivals.estimates))
            tables.says = f"import ideas of {ideas.name}: {told or 'a few words more'}"
        base = tables.calibration()
    return Imported(
        file=ideas.name,
        kind=ideas.kind,
        dry_run=dry_run,
        columns=ideas.columns,
        unused=ideas.unused,
        ideas=tuple(arrivals.new),
        matched=len(arrivals.changed - set(arrivals.new)),
        estimates=arrivals.estimates,
        people=tuple(sorted(arrivals.people)),
        skipped=dict(arrivals.skipped),
        bad=arrivals.bad,
        base_before=base.base,
        base_after=base.base,
        run_hours=base.run_hours,
    )


def _written_at(path: Path, now: str) -> str:
    """When a file was written, which is when its numbers were said unless it says so itself; stdin: now."""
    if str(path) == "-":
        return now
    return min(now, as_utc(datetime.fromtimestamp(path.stat().st_mtime, UTC)))


class _Arrivals:
    """The ideas as they will be: those that are here, and those that the file adds."""

    def __init__(self, tables: Tables, ideas: Ideas, *, who: str, said_at: str, now: str) -> None:
        self._tables, self._proposals = tables, ideas.proposals
        self._who, self._said_at, self._now = who, said_at, now
        self._ideas = {idea.id: idea for idea in tables.all(Idea)}
        self._by_title: dict[str, int] = {}
        for idea in self._ideas.values():
            self._by_title.setdefault(normal(idea.title), idea.id)
        self.new: list[int] = []
        """Numbers of new ideas."""
        self.changed: set[int] = set()
        """Numbers of ideas that are new or learned something."""
        self.estimates = 0
        """Estimates that came in."""
        self.people: set[str] = set()
        """Whose they are."""
        self.skipped: defaultdict[str, int] = defaultdict(int, ideas.skipped)
        """What was left out, by the reason."""
        self.bad: tuple[BadRow, ...] = ideas.bad
        """What can't be read or found."""

    def sort_out(self) -> None:
        """Find a place for every proposal."""
        for proposal in self._proposals:
            known, problem = self._meant(proposal)
            if problem:
                bad = BadRow(line=proposal.line, column="id", problem=problem)
                self.bad = tuple(sorted([*self.bad, bad], key=lambda row: row.line))
            elif known is None:
                self._add(proposal)
            else:
                self._merge(known, proposal)

    def put(self) -> None:
        """Write every idea that is new or changed."""
        for number in sorted(self.changed):
            self._tables.put(self._ideas[number])

    def _meant(self, proposal: Proposal) -> tuple[Idea | None, str]:
        """The idea here that a proposal means, None for a new one; or what is wrong with its number."""
        titled = self._ideas.get(self._by_title.get(normal(proposal.title), 0))
        if proposal.id is None:
            return titled, ""
        numbered = self._ideas.get(proposal.id)
        if numbered and (numbered.created_at == proposal.created_at or not proposal.title):
            return numbered, ""
        if titled or (proposal.title and (numbered is None or proposal.created_at)):
            return titled, ""
        if numbered is None:
            return None, f"there is no idea {proposal.id} here; write its title beside the number"
        return None, (
            f"idea {proposal.id} is “{numbered.title}” here and not “{proposal.title}”; "
            "leave its number empty for a new idea, or its title for that one"
        )

    def _add(self, proposal: Proposal) -> None:
        idea = Idea(
            id=self._tables.next_id(Idea),
            title=proposal.title,
            created_at=self._now,
            created_by=self._who,
            hypothesis=proposal.hypothesis,
            category=proposal.category or "other",
            tags=proposal.tags,
            change=Change(params=proposal.params),
        )
        self.new.append(idea.id)
        self.changed.add(idea.id)
        self._by_title[normal(idea.title)] = idea.id
        self._ideas[idea.id] = self._with_estimate(idea, proposal)

    def _merge(self, idea: Idea, proposal: Proposal) -> None:
        """Fill what nobody has said of an idea yet, and take the estimate."""
        filled = self._with_estimate(_filled(idea, proposal, self._now), proposal)
        if filled == idea:
            self.skipped[THERE] += 1
        else:
            self.changed.add(idea.id)
            self._ideas[idea.id] = filled

    def _with_estimate(self, idea: Idea, proposal: Proposal) -> Idea:
        said = proposal.estimate
        if said is None:
            return idea
        at = min(self._now, said.at) if said.at else self._said_at
        learned = merged(idea, replace(said, at=at), dated=bool(said.at))
        if learned is not idea:
            self.estimates += 1
            self.people.add(said.by)
        return learned


def _filled(idea: Idea, proposal: Proposal, now: str) -> Idea:
    """The idea with what a proposal adds to its gaps; what a person has written stays."""
    extra = [tag for tag in proposal.tags if tag.lower() not in {own.lower() for own in idea.tags}]
    filled = replace(
        idea,
        hypothesis=idea.hypothesis or proposal.hypothesis,
        category=proposal.category if idea.category == "other" and proposal.category else idea.category,
        tags=(*idea.tags, *extra)[: max(limits.TAGS, len(idea.tags))],
    )
    if proposal.params and not idea.change.runnable and idea.dispatch is None:
        return replace(filled, change=replace(idea.change, params=proposal.params), edited_at=now)
    return filled
