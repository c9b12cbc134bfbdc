"""Adopting a win: its params go into `planner.toml`, its seeds become the baseline's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.executors.refs import commit_of, contains, merged
from planner.rules.judging.adopting import Adoption, adoption, seeds_taken, surely, untested
from planner.rules.judging.comparison import current_baseline
from planner.rules.judging.correcting import not_declined
from planner.rules.judging.keep import going_rate, keep
from planner.rules.scoring.ranking import rank
from planner.rules.wording.changes import named
from planner.rules.wording.display import fit
from planner.store.baseline_text import baseline_rewritten, by_hand
from planner.workspace.amendment import Amendment, Corrected, amending
from planner.workspace.project import Project
from planner.workspace.queue import check_whole

TITLE = 24
"""Cells of a title in the cause of a calibration, which every score that moved repeats."""


def adopt(project: Project, idea_id: int, *, anyway: bool = False) -> Corrected:
    """Make a win the next version of the baseline, which ideas are compared with from then on.

    A Mistake when it is no win, or when something speaks against it and nobody said `anyway`. planner.toml is
    written first and put back if the rest fails: adopting again after a death in between does no harm.
    """
    with ExitStack() as afterwards, amending(project) as now:
        idea, outcome = now.judged(idea_id)
        check_whole(idea)
        found = _with_commit(project, adoption(idea, outcome, now.ledger, now.settings, at=now.at))
        doubts = tuple(_doubts(now, idea, outcome, found))
        if doubts and not anyway:
            raise Mistake(
                f"idea {idea_id} is not adopted: {'; '.join(doubts)}; --anyway adopts it all the same"
            )
        afterwards.enter_context(baseline_rewritten(project.layout, found.baseline.params))
        also = (*_told(now, outcome, found), *_again(now, found))
        now.tables.put(replace(found.baseline, because="; although ".join([found.baseline.because, *doubts])))
        if not outcome.kept:
            now.tables.amend(not_declined(outcome))
        _clear_queue(now, found)
        moved = now.learn(
            f"adopt {named(idea)}", f"“{fit(idea.title, TITLE)}” adopted by {now.who}", of=idea_id
        )
    return Corrected(
        says=f"adopted “{idea.title}”: it is baseline {found.baseline.version}", also=also, moved=moved
    )


def without_adopted(project: Project, idea_ids: Iterable[int]) -> list[str]:
    """Ideas whose own code lacks what was adopted and is not merged yet, a sentence each."""
    ledger = project.store.read()
    newest, folder = current_baseline(ledger), project.layout.project
    if newest is None or newest.ref is None or newest.commit is None or merged(folder, newest.commit):
        return []
    changes = {number: ledger.ideas[number].change for number in idea_ids if number in ledger.ideas}
    lack = [
        number
        for number, change in changes.items()
        if change.implemented or (change.ref and not contains(folder, change.ref, newest.commit))
    ]
    return [
        f"#{number} runs without the code of baseline {newest.version}, which is on {newest.ref} and not "
        "merged, and is compared with it"
        for number in lack
    ]


def _doubts(now: Amendment, idea: Idea, outcome: Outcome, found: Adoption) -> Iterator[str]:
    """What speaks against it, a few words each."""
    if outcome.evidence is not None:
        others = [row.score for row in rank(now.ledger, now.settings) if row.rank and row.idea.id != idea.id]
        gain, rate = outcome.evidence.gain, going_rate(others)
        worth, sentence = keep(idea, gain, rate, now.settings, complexity=outcome.complexity)
        if not worth:
            yield sentence
    if (never := untested(found, outcome, now.settings)) is not None:
        yield never
    ref, commit = found.before.ref, found.before.commit
    if found.own_code and ref and commit and not _has(now.project, found, commit):
        yield (
            f"{found.baseline.ref} has not got the code of baseline {found.before.version}, which is on "
            f"{ref}: merge that into it, and `planner dispatch {idea.id}` tries the two together"
        )


def _has(project: Project, found: Adoption, commit: str) -> bool:
    return contains(project.layout.project, found.baseline.commit or "HEAD", commit)


def _with_commit(project: Project, found: Adoption) -> Adoption:
    """With the commit of its branch, where the records of its runs do not say."""
    ref = found.baseline.ref
    if not found.own_code or ref is None or found.baseline.commit is not None:
        return found
    commit = commit_of(project.layout.project, ref)
    return replace(found, baseline=replace(found.baseline, commit=commit))


def _told(now: Amendment, outcome: Outcome, found: Adoption) -> Iterator[str]:
    """What has come of it, a sentence each."""
    if found.baseline.params != now.settings.baseline.params:
        brings = ", ".join(f"{name} = {by_hand(value)}" for name, value in found.brings.items())
        yield f"wrote {brings} into [baseline] of planner.toml"
    if found.own_code:
        yield (
            f"its code stays on {found.baseline.ref}: runs check it out from there, until you merge it "
            f"(`git merge {found.baseline.ref}`)"
        )
    have, seeds = seeds_taken(found, outcome), now.settings.rung("full").seeds
    if have < seeds:
        yield f"it begins with {have} of {seeds} seeds; the others run with the next dispatch"
    if (sure := surely(outcome, now.settings)) is not None:
        yield sure


def _again(now: Amendment, found: Adoption) -> Iterator[str]:
    """The ideas that are under way."""
    under_way = [one.id for one in now.ledger.ideas.values() if one.dispatch and not one.dispatch.halted]
    if under_way:
        names = ", ".join(f"#{number}" for number in under_way)
        version = found.baseline.version
        yield f"under way, and measured anew against baseline {version}: {names}"


def _clear_queue(now: Amendment, found: Adoption) -> None:
    """Take what was queued against the old version out: the ladder asks for what it needs against the new."""
    for run in now.ledger.runs.values():
        if run.baseline == found.before.version and _only_queued(now, run):
            now.tables.remove(Run, run.id)


def _only_queued(now: Amendment, run: Run) -> bool:
    """Whether it is a run of the ladder that nobody has begun."""
    if run.status != "queued" or run.replay_of is not None:
        return False
    return not now.project.layout.run(run.id).claim.exists()
