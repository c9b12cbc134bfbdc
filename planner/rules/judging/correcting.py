"""What a person says of an outcome, over what the seeds said; and the way back from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.outcome import GivenUp, Outcome, Overruled
from planner.domain.run import Run
from planner.domain.verdict import Verdict

NO_RUNG = "none"
"""The rung of an outcome that no run decided."""


def overruled(outcome: Outcome, verdict: Verdict, because: str, *, by: str, at: str) -> Outcome:
    """The outcome with a person's verdict and reason; what the seeds had said is kept beside it.

    A win counts as kept from then on, anything else does not. Whether it is worth its complexity is left
    open: the keep rule weighs the measured gain, and that is what the person disputes.
    """
    seeds = outcome.overruled or Overruled(
        verdict=outcome.verdict,
        reason=outcome.reason,
        kept=outcome.kept,
        worth=outcome.worth,
        declined=outcome.declined,
        by=by,
        at=at,
    )
    return replace(
        outcome,
        verdict=verdict,
        reason=because,
        kept=verdict == "improved",
        worth=None,
        declined=None,
        overruled=replace(seeds, by=by, at=at),
    )


def let_stand(outcome: Outcome) -> Outcome:
    """The outcome as the seeds decided it, where a person had overruled them."""
    seeds = outcome.overruled
    if seeds is None:
        return outcome
    return replace(
        outcome,
        verdict=seeds.verdict,
        reason=seeds.reason,
        kept=seeds.kept,
        worth=seeds.worth,
        declined=seeds.declined,
        overruled=None,
        withdrawn=outcome.unstruck is not None and outcome.evidence is None,
    )


def declined(outcome: Outcome, because: str) -> Outcome:
    """A win that is not kept, with the reason."""
    return replace(outcome, declined=because, kept=False)


def not_declined(outcome: Outcome) -> Outcome:
    """The win as it was before it was declined."""
    return replace(outcome, declined=None, kept=outcome.verdict == "improved")


def given_up(
    idea: Idea, runs: Iterable[Run], because: str, *, by: str, at: str, hours: float, baseline: int
) -> Outcome:
    """The outcome of an idea that a person gives up as unworkable: a failure, with what it has cost.

    `hours` are all those spent on implementing it, `runs` those of the idea.
    """
    own = tuple(runs)
    energies = [run.energy_wh for run in own if run.energy_wh is not None]
    return Outcome(
        idea=idea.id,
        at=at,
        verdict="no gain",
        reason=f"given up: {because}",
        rung=NO_RUNG,
        baseline=baseline,
        hours=hours or None,
        run_hours=sum(run.hours for run in own),
        energy_wh=sum(energies) if energies else None,
        given_up=GivenUp(
            by=by,
            at=at,
            spent_hours=idea.spent_hours,
            hours=hours,
            timer_since=idea.timer_since,
            timer_by=idea.timer_by,
        ),
    )


def taken_up(idea: Idea, outcome: Outcome) -> Idea:
    """The idea as it was before it was given up; hours that were changed since stay as they are now."""
    before = outcome.given_up
    if before is None or idea.timer_since is not None or idea.spent_hours != before.hours:
        return idea
    return replace(
        idea, spent_hours=before.spent_hours, timer_since=before.timer_since, timer_by=before.timer_by
    )


def in_words(outcome: Outcome) -> str:
    """The verdict as a table shows it, such as `improved, not adopted`."""
    if outcome.given_up:
        return "given up"
    declined = outcome.verdict == "improved" and outcome.declined is not None
    said = "improved, not adopted" if declined else outcome.verdict
    return f"{said} (overruled)" if outcome.overruled else said


def at_rung(outcome: Outcome) -> str:
    """Where it was decided, as it follows a name: ` at small`; empty where no run of this project did."""
    return f" at {outcome.rung}" if outcome.rung != NO_RUNG and not outcome.imported else ""


def in_a_sentence(outcome: Outcome) -> str:
    """The verdict with its reason, and what a person said over that of the seeds."""
    begins = outcome.reason.startswith(outcome.verdict)
    told = [outcome.reason if begins else f"{outcome.verdict}: {outcome.reason}"]
    if outcome.overruled:
        told.append(f"(overruled by {outcome.overruled.by}; the seeds had said {outcome.overruled.verdict})")
    if outcome.verdict == "improved" and outcome.declined is not None:
        told.append(f"(not adopted: {outcome.declined})")
    return " ".join(told)
