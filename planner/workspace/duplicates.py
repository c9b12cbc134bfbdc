"""What a dispatch would do over again, looked up in the ledger and the folders of earlier runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Failed, Mistake
from planner.domain.outcome import Baseline
from planner.domain.repeat import Repeat
from planner.domain.run import Run
from planner.executors.refs import commit_of
from planner.provenance.asking import Unanswered
from planner.provenance.sameness import DataFiles, Seen, Standing, seen
from planner.rules.duplicates.exact import afresh, exact, failed, older_baseline, twin, unchanged, untold
from planner.rules.duplicates.near import near
from planner.rules.duplicates.tried import failures, tried
from planner.rules.judging.comparison import baseline_runs, code_of, expected_params
from planner.rules.judging.next_baseline import next_baseline
from planner.rules.learning.settled import newest_outcomes
from planner.workspace.project import Project
from planner.workspace.queue import QueueVerbs

LOOKED_AT = 30
"""Runs of the same params whose folders are looked at, at most, the newest."""


class Duplicates:
    """Answers for the ideas of one dispatch; the work tree, the data and each folder are read once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._settings = project.settings
        self._ledger: Ledger = project.store.read()
        has_code = QueueVerbs(project).has_merged()
        self._baseline: Baseline = next_baseline(self._ledger, self._settings, merged=has_code)
        self._judged = newest_outcomes(self._ledger)
        self._data = DataFiles(project.layout.project, self._settings.recipe.data)
        self._standing: dict[str | None, Standing] = {}
        self._seen: dict[str, Seen | None] = {}
        self._silent: str | None = None
        """Why git can't be asked; None while it answers."""

    def of(self, idea_ids: Sequence[int]) -> tuple[Repeat, ...]:
        """What a person should know before these ideas are dispatched, by idea, in their order."""
        ideas = self._ledger.ideas
        asked = [ideas[number] for number in dict.fromkeys(idea_ids) if number in ideas]
        climbing = [one for one in ideas.values() if one.dispatch and not one.dispatch.halted]
        found: list[Repeat] = []
        for place, idea in enumerate(asked):
            if idea not in climbing:
                found += self._of(idea, [*climbing, *asked[:place]])
        return tuple(found)

    def _of(self, idea: Idea, beside: Sequence[Idea]) -> Iterator[Repeat]:
        if not idea.change.sweep and self._silent is None:
            try:
                yield from [*self._compared(idea, beside)]
                return
            except Unanswered as reason:  # the others need not wait for it as long once more
                self._silent = str(reason)
        if not idea.change.sweep:
            yield untold(idea, self._silent or "")
        yield from near(idea, self._ledger)

    def _compared(self, idea: Idea, beside: Sequence[Idea]) -> Iterator[Repeat]:
        """What git, and what earlier runs wrote down, tell of it; Unanswered where git is slow."""
        commit = self._commit(idea)
        if commit is None and idea.change.ref is not None:  # the dispatch itself says that it is not there
            return
        repeats = self._repeated(idea, beside, commit)
        yield from repeats or near(idea, self._ledger)
        beside_it = idea.change.params and idea.change.ref is None and not any(one.exact for one in repeats)
        if beside_it and self._older is not None:
            yield older_baseline(idea, self._baseline, self._older)

    def _repeated(self, idea: Idea, beside: Sequence[Idea], commit: str | None) -> list[Repeat]:
        """What it would repeat exactly, or that its own runs are of other code or data by now."""
        params = expected_params(idea, self._baseline)
        runs = tried(params, self._settings.rung("full"), self._ledger)[-LOOKED_AT:]
        same = [run for run in runs if self._is_same(run, commit)]
        own = [run for run in runs if run.idea == idea.id]
        judged = self._judged.get(idea.id)
        if judged is not None and judged.verdict == "invalid":
            broken = [run for run in failures(idea, params, self._ledger)[-1:] if self._is_same(run, commit)]
            return [failed(idea, run, judged) for run in broken]
        if judged is not None and judged.evidence and own and not any(run.idea == idea.id for run in same):
            changed = self._changed(own[-1], commit)
            moved = own[-1].commit not in (None, commit)
            return [] if changed is None else [afresh(idea, changed, moved=moved)]
        found = exact(idea, same, self._ledger, self._settings, commit) or twin(idea, beside, self._baseline)
        if found is None and not any(run.idea is None for run in runs):
            found = unchanged(idea, self._baseline)
        return [found] if found else []

    def _is_same(self, run: Run, commit: str | None) -> bool:
        """Whether a run saw the code and the data that stand there now; the data are looked at last."""
        known = commit is not None and run.commit == commit
        told = self._told(run)
        if told is None or not (known or self._stand(commit).changed(told) == ()):
            return False
        return self._data.same(told)

    def _changed(self, run: Run, commit: str | None) -> tuple[str, ...] | None:
        """The files of code that changed since a run, none where the data did; None when nobody knows."""
        told = self._told(run)
        if told is None:
            return None
        if files := self._stand(commit).changed(told):
            return files
        return () if self._data.changed(told) else None

    @cached_property
    def _older(self) -> tuple[str, ...] | None:
        """What has changed since the baseline in force was measured, as `_changed` tells it."""
        by_seed = {run.seed: run for run in baseline_runs(self._ledger, self._baseline.version)}
        changes = (self._changed(run, code_of(self._baseline)[1]) for run in by_seed.values())
        return next((one for one in changes if one is not None), None)

    def _commit(self, idea: Idea) -> str | None:
        """The commit whose code the idea would run; None for the work tree, and where its ref names none.

        Failed when git can't be asked, as it would be of the dispatch itself.
        """
        if idea.change.ref is None:
            return code_of(self._baseline)[1]
        try:
            return commit_of(self._project.layout.project, idea.change.ref)
        except Failed:
            raise
        except Mistake:
            return None

    def _told(self, run: Run) -> Seen | None:
        if run.id not in self._seen:
            self._seen[run.id] = seen(self._project.layout.run(run.id))
        return self._seen[run.id]

    def _stand(self, commit: str | None) -> Standing:
        if commit not in self._standing:
            self._standing[commit] = Standing(self._project.layout.project, self._data, commit)
        return self._standing[commit]
