"""The rung `small`: the idea against the baseline on one seed of a simplified training."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.goal import Goal
from planner.domain.outcome import Evidence
from planner.domain.run import LIVE, Run
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging import transfer, verdict
from planner.rules.judging.climb import Climb
from planner.rules.judging.comparison import (
    base_for,
    idea_values,
    measured_noise,
    newest_value,
    since_dispatch,
)
from planner.rules.judging.steps import Settle, Start, Step, Wait, describe
from planner.rules.judging.trouble import baseline_trouble, own_trouble
from planner.rules.learning.settled import newest_outcomes

SEED = 0
"""The one seed that both sides run with."""
CLEARLY_WORSE = 0.02
"""A q of at most this ends an idea: of fifty that it ends, at most one would have won.

Stricter than the verdict's own 10 %, since nobody looks again at an idea that one seed has ended.
"""

SHOWN = 0.95
"""A share of less than this is worth a word."""


def small(climb: Climb) -> Step | None:
    """What the rung still needs, or the end of an idea that is clearly worse; None once it is passed."""
    if climb.past("small") or _decided_before(climb):
        return None
    for number, simpler in enumerate(steps(climb.settings)):
        if found := _at(climb, number, simpler):
            return found
    return None


def steps(settings: Settings) -> list[RungSettings]:
    """The rung with ever fewer simplifications, as long as any is left; empty when not in force."""
    rung = settings.rung("small")
    every = (rung.undone(many) for many in range(len(rung.undo) + 1))
    return [one for one in every if one.simplifies]


def sentence(evidence: Evidence, goal: Goal, simpler: str) -> str:
    """The end of an idea on this rung, in words that claim no more than a seed shows; `simpler` says how."""
    seen = replace(evidence, effect=evidence.effect / evidence.share)
    left = f", of which {evidence.share:.0%} are usually left in full".replace("%", " %")
    return (
        f"worse: {verdict.signed(seen.effect)} MEI ({verdict.change(seen, goal)}) on one simplified seed "
        f"({simpler}), clearly behind the baseline{left if evidence.share < SHOWN else ''}; "
        f"chance that it gains anything in full {verdict.per_cent(evidence.q)}"
    )


def in_words(simpler: RungSettings) -> str:
    """What is simplified, such as `epochs = 5, 20 % of the data`."""
    parts = [f"{name} = {value}" for name, value in simpler.params.items()]
    share = [] if simpler.fraction is None else [f"{simpler.fraction:.3g} of the data"]
    return ", ".join(parts + share)


def _decided_before(climb: Climb) -> bool:
    """Whether seeds have spoken in full, or the rung has: who dispatches it again wants it to go on."""
    if idea_values(climb.idea, climb.ledger):
        return True
    judged = newest_outcomes(climb.ledger).get(climb.idea.id)
    if judged is None or judged.evidence is None or judged.baseline != climb.version:
        return False
    return (climb.idea.edited_at or "") <= judged.at


def _at(climb: Climb, number: int, simpler: RungSettings) -> Step | None:
    """One step of the rung: the baseline's run and the idea's, side by side, and then what they say."""
    theirs = baseline_value(climb, simpler, number)
    if isinstance(theirs, Step) and not isinstance(theirs, Wait):
        return theirs
    own = [run for run in climb.as_it_is if transfer.simplified(run, simpler) and not run.struck]
    ours = newest_value(own)
    if ours is None:
        return _own_run(climb, own, number)
    return theirs if isinstance(theirs, Wait) else judged(climb, ours, theirs, simpler)


def baseline_value(climb: Climb, simpler: RungSettings, number: int = 0) -> float | Step:
    """What the baseline came to in one step of the rung, or what has to happen before anybody knows."""
    beside = [run for run in climb.beside if transfer.simplified(run, simpler)]
    theirs, live = newest_value(beside), [run for run in beside if run.status in LIVE]
    if theirs is not None:
        return theirs
    if live:
        return Wait(f"waits for {describe(live[0])}")
    tried = since_dispatch(climb.idea, beside)
    return baseline_trouble(climb, tried) or Start(None, "small", SEED, step=number)


def _own_run(climb: Climb, own: list[Run], number: int) -> Step:
    """The idea's own run, or what to do about the one since the dispatch that came to nothing."""
    tried = since_dispatch(climb.idea, own)
    trouble = own_trouble(climb, tried) if tried else None
    return trouble or Start(climb.idea.id, "small", SEED, step=number)


def judged(
    climb: Climb, ours: float, theirs: float, simpler: RungSettings, besides: str = ""
) -> Settle | None:
    """The end of an idea that is clearly worse, told with what there is to say `besides`; None for others."""
    goal, ledger = climb.settings.goal, climb.ledger
    noise = measured_noise(ledger, goal)
    learned = transfer.learned(ledger, goal, simpler)
    error, base = transfer.error(noise, goal, learned.apart), base_for(climb.idea, ledger)
    found = transfer.evidence(ours, theirs, goal, share=learned.share, error=error, noise=noise, base=base)
    if found.q > CLEARLY_WORSE:
        return None
    reason = sentence(found, goal, in_words(simpler)) + besides
    return Settle(climb.judged("small", "worse", reason, found))
