"""The rung `full`: the baseline's seeds, then the idea's own, until they decide."""

from __future__ import annotations

from itertools import count

from planner.domain.outcome import Evidence, Outcome
from planner.domain.run import LIVE
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.rules.judging import verdict
from planner.rules.judging.climb import Climb, attempts
from planner.rules.judging.comparison import baseline_values, evidence_so_far, idea_values, since_dispatch
from planner.rules.judging.outlook import outlook
from planner.rules.judging.steps import Settle, Start, Step, Wait, describe
from planner.rules.judging.sweeping import chosen_in_words, first_seed
from planner.rules.judging.trouble import baseline_trouble, own_trouble
from planner.rules.learning.settled import newest_outcomes


def full(climb: Climb) -> Step:
    """The next of the seeds that both sides need, or the verdict once they have decided."""
    return _baseline_seeds(climb) or _own_seeds(climb)


def _baseline_seeds(climb: Climb) -> Step | None:
    """The baseline's missing seeds, one after another; None when it has them all."""
    missing = missing_seeds(climb)
    if not missing:
        return None
    beside = [run for run in climb.beside if run.rung == "full"]
    for run in beside:
        if run.status in LIVE:
            return Wait(f"waits for {describe(run)}")
    tried = attempts(since_dispatch(climb.idea, beside), "full", missing[0])
    return baseline_trouble(climb, tried) or Start(None, "full", missing[0])


def missing_seeds(climb: Climb) -> list[int]:
    """The seeds of the baseline that have not come to a value yet."""
    values = baseline_values(climb.ledger, climb.version)
    return [seed for seed in range(_seeds(climb.settings)) if seed not in values]


def _own_seeds(climb: Climb) -> Step:
    """The idea's own seeds, one at a time, until they decide or there are to be no more."""
    most = (climb.idea.dispatch and climb.idea.dispatch.seeds) or _seeds(climb.settings)
    recent = [run for run in climb.recent if run.baseline == climb.version]
    for seed in sorted({run.seed for run in recent if run.rung == "full"}):
        if trouble := own_trouble(climb, attempts(recent, "full", seed)):
            return trouble
    evidence = evidence_so_far(climb.idea, climb.ledger, climb.settings)
    have = idea_values(climb.idea, climb.ledger)
    confirming = climb.idea.dispatch is not None and climb.idea.dispatch.confirm
    enough = len(have) >= most if confirming else not _wants_another(climb)
    decided = evidence and verdict.judge(evidence, most, confirming=confirming)
    if evidence and decided and enough:
        return Settle(_judged(climb, evidence, decided))
    return Start(
        climb.idea.id, "full", next(seed for seed in count(first_seed(climb.idea)) if seed not in have)
    )


def _wants_another(climb: Climb) -> bool:
    """Whether it was judged before and no seed has been added since: who dispatches it again wants one."""
    judged = newest_outcomes(climb.ledger).get(climb.idea.id)
    if judged is None or judged.evidence is None or judged.baseline != climb.version:
        return False
    return not any(run.rung == "full" and run.baseline == climb.version for run in climb.recent)


def _seeds(settings: Settings) -> int:
    return max(1, settings.rung("full").seeds)


def _judged(climb: Climb, evidence: Evidence, decided: Verdict) -> Outcome:
    """The outcome of an idea whose seeds have spoken."""
    reason = verdict.sentence(evidence, decided, climb.settings.goal)
    if decided == "inconclusive" and (more := outlook(climb.idea, climb.ledger, climb.settings)):
        reason += f"; {more}"
    if chosen := climb.idea.dispatch and climb.idea.dispatch.chosen:
        reason += f"; {chosen_in_words(chosen)}"
    return climb.judged("full", decided, reason, evidence)
