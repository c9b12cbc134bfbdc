"""Runs of the same code, data and params as an idea would have now, and what a dispatch makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.repeat import Repeat, RepeatKind
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.duplicates.tried import seeds_of
from planner.rules.duplicates.wording import outcome_in_words, seeds_in_words
from planner.rules.judging.comparison import expected_params
from planner.rules.learning.settled import newest_outcomes
from planner.rules.wording import numbers
from planner.rules.wording.changes import named

CLIMBS = "it climbs all the same, and its seeds are run"
"""What becomes of an idea that another one, or the baseline, has run before it."""
ANEW = "it is measured anew"
"""What becomes of an idea whose earlier seeds speak of something else."""


def exact(
    idea: Idea, same: Sequence[Run], ledger: Ledger, settings: Settings, commit: str | None = None
) -> Repeat | None:
    """What the idea would repeat, given the finished runs that are the same but for the seed, if anything.

    Of several, its own measurement counts before the baseline's, and that before another idea's. `commit` is
    the one it would run now; None for the work tree.
    """
    own = [run for run in same if run.idea == idea.id]
    judged = newest_outcomes(ledger).get(idea.id)
    if own:  # without a verdict it climbs on from where it stands, and repeats nothing
        return _own(idea, own, judged, ledger, settings, commit) if judged and judged.evidence else None
    if of_baseline := [run for run in same if run.idea is None]:
        return _of_baseline(idea, of_baseline, settings)
    others = [run for run in same if run.idea in ledger.ideas]
    if not others:
        return None
    newest = others[-1].idea
    assert newest is not None
    return _of_another(
        idea, ledger.ideas[newest], [run for run in others if run.idea == newest], ledger, settings
    )


def failed(idea: Idea, run: Run, judged: Outcome) -> Repeat:
    """That an idea ended invalid on exactly the code, data and params that it has now."""
    day = (run.ended_at or run.queued_at)[:10]
    return Repeat(
        idea=idea.id,
        kind="same",
        of=idea.id,
        says=f"{named(idea)} ended invalid on exactly this: {judged.reason} ({run.id}, {day})",
        reading="it climbs once more from the start",
        runs=(run.id,),
        at=run.ended_at,
        verdict=judged.verdict,
    )


def unchanged(idea: Idea, baseline: Baseline) -> Repeat | None:
    """That an idea changes nothing, where the baseline has not run yet; None where it changes something."""
    if idea.change.sweep or idea.change.ref is not None or expected_params(idea, baseline) != baseline.params:
        return None
    says = f"{named(idea)} changes nothing: it runs what the baseline runs"
    return Repeat(idea=idea.id, kind="baseline", says=says, reading=CLIMBS)


def twin(idea: Idea, beside: Iterable[Idea], baseline: Baseline) -> Repeat | None:
    """Another idea on its way to its verdict that runs the same; None when there is none."""
    wanted = expected_params(idea, baseline), idea.change.ref
    for other in beside:
        same = (expected_params(other, baseline), other.change.ref) == wanted
        if same and other.id != idea.id and not (idea.change.sweep or other.change.sweep):
            says = f"{named(idea)} is the same as {named(other)}, which is on its way"
            return Repeat(idea=idea.id, kind="same", of=other.id, says=says, reading=CLIMBS)
    return None


def afresh(idea: Idea, files: Sequence[str], *, moved: bool) -> Repeat:
    """That an idea's own earlier runs are of other code than it would run on now, or data without `files`.

    `moved`: whether its branch stands for another commit by now.
    """
    what = f"the code has changed ({_named_files(files)})" if files else "the data have changed"
    return Repeat(
        idea=idea.id,
        kind="changed",
        of=idea.id,
        says=f"{what} since {named(idea)} ran",
        # Seeds of a branch are told apart by their commit, those of the work tree by a person alone.
        reading=ANEW if moved else "its earlier seeds count on beside a further one",
    )


def older_baseline(idea: Idea, baseline: Baseline, files: Sequence[str]) -> Repeat:
    """That the baseline ran on other code than an idea would run on now, or on other data without `files`."""
    what = f"the code has changed ({_named_files(files)})" if files else "the data have changed"
    return Repeat(
        idea=idea.id,
        kind="code",
        says=f"{what} since baseline {baseline.version} ran",
        reading="ideas are compared with what it measured then",
    )


def untold(idea: Idea, why: str) -> Repeat:
    """That nobody can tell what an idea would repeat, since git does not say how the code stands."""
    return Repeat(
        idea=idea.id,
        kind="unknown",
        says=f"whether {named(idea)} would run what ran before is not known ({why})",
        reading="it climbs, with its earlier seeds where it has any",
    )


def _own(
    idea: Idea,
    runs: Sequence[Run],
    judged: Outcome,
    ledger: Ledger,
    settings: Settings,
    commit: str | None,
) -> Repeat:
    seeds = seeds_of(runs)
    taken = {run.seed for run in runs}
    further = next(seed for seed in range(len(taken) + 1) if seed not in taken)
    says = f"{named(idea)} has run exactly this: {outcome_in_words(judged)}, {_measured(runs, settings)}"
    in_force = ledger.baselines[-1].version if ledger.baselines else 0
    # Seeds of two commits are never pooled, though their code may do the same.
    pooled = judged.baseline == in_force and any(run.commit in (None, commit) for run in runs)
    adds = f"it gets a further seed, {further}" if pooled else ANEW
    return _told(idea, runs, says, adds, seeds=seeds, of=idea.id, verdict=judged.verdict)


def _of_baseline(idea: Idea, runs: Sequence[Run], settings: Settings) -> Repeat:
    says = f"{named(idea)} changes nothing: it is the baseline, {_measured(runs, settings)}"
    return _told(idea, runs, says, CLIMBS, seeds=seeds_of(runs), of=None, verdict=None)


def _of_another(idea: Idea, other: Idea, runs: Sequence[Run], ledger: Ledger, settings: Settings) -> Repeat:
    judged = newest_outcomes(ledger).get(other.id)
    came = outcome_in_words(judged) if judged else "no verdict yet"
    says = f"{named(idea)} is the same as {named(other)}: {came}, {_measured(runs, settings)}"
    verdict = judged.verdict if judged else None
    return _told(idea, runs, says, CLIMBS, seeds=seeds_of(runs), of=other.id, verdict=verdict)


def _told(
    idea: Idea,
    runs: Sequence[Run],
    says: str,
    reading: str,
    *,
    seeds: tuple[int, ...],
    of: int | None,
    verdict: str | None,
) -> Repeat:
    """A repeat of these runs: of a seed that would run now, or of others alone."""
    at_once = of == idea.id or 0 in seeds
    kind: RepeatKind = "baseline" if of is None else "same"
    values = [run.value for run in runs if run.value is not None]
    return Repeat(
        idea=idea.id,
        kind=kind if at_once else "replicate",
        of=of,
        says=says if at_once else f"{says}; seed 0 is a new one",
        reading=reading,
        runs=tuple(run.id for run in runs),
        seeds=seeds,
        at=max((run.ended_at or run.queued_at for run in runs), default=None),
        verdict=verdict,
        value=sum(values) / len(values) if values else None,
    )


def _measured(runs: Sequence[Run], settings: Settings) -> str:
    """Its metric over its seeds, with the newest run and its day."""
    values = [run.value for run in runs if run.value is not None]
    newest = max(runs, key=lambda run: run.ended_at or run.queued_at)
    mean = numbers.metric(sum(values) / len(values))
    day = (newest.ended_at or newest.queued_at)[:10]
    return f"{settings.goal.metric} {mean} over {seeds_in_words(seeds_of(runs))} ({newest.id}, {day})"


def _named_files(files: Sequence[str]) -> str:
    return ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
