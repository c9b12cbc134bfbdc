"""What a person says over the seeds: overrule, decline, give up, strike out; and how each is taken back."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import get_args

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.domain.verdict import Verdict
from planner.rules.judging import correcting
from planner.rules.notation import limits, typed
from planner.rules.notation.limits import one_line
from planner.rules.reviewing.timers import measured
from planner.rules.status import status
from planner.rules.wording import numbers
from planner.rules.wording.changes import named
from planner.rules.wording.display import fit
from planner.workspace.adoption import adopt
from planner.workspace.amendment import Amendment, Corrected, amending
from planner.workspace.project import Project
from planner.workspace.strikes import strike, strike_back

SHORT = 24
"""Cells of a title in the cause of a calibration, which every score that moved repeats."""


class Corrections:
    """Every verb that corrects what is believed of an outcome or a run.

    Each is one transaction, can be undone, and makes a new calibration. What takes one back puts the scores
    where they would be without it.
    """

    def __init__(self, project: Project) -> None:
        self.project = project

    # -- the verdict --------------------------------------------------------------------------

    def overrule(self, idea_id: int, verdict: str, because: str) -> Corrected:
        """Put a person's verdict over that of the seeds, which is kept beside it.

        Overruled as invalid, an outcome is nobody's evidence: the scores are what they were before it landed.
        """
        wanted, reason = verdict_of(verdict), _reason(because)
        with amending(self.project) as now:
            idea, outcome = now.judged(idea_id)
            _check_overrule(outcome, wanted)
            said = now.tables.amend(correcting.overruled(outcome, wanted, reason, by=now.who, at=now.at))
            moved = now.learn(
                f"overrule the verdict on {named(idea)}: {outcome.verdict} → {wanted}",
                f"verdict on {_short(idea)} overruled by {now.who}",
                of=idea_id,
                back=wanted == "invalid",
            )
        seeds = said.overruled.verdict if said.overruled else outcome.verdict
        says = f"overruled the verdict on “{idea.title}”: {wanted}; the seeds had said {seeds}"
        return Corrected(says=says, moved=moved)

    def overrule_back(self, idea_id: int) -> Corrected:
        """Let the verdict of the seeds stand again, exactly as it was."""
        with amending(self.project) as now:
            idea, outcome = now.judged(idea_id)
            if outcome.overruled is None:
                raise NothingToDo(f"nobody has overruled the verdict on idea {idea_id}: {outcome.verdict}")
            stands = now.tables.amend(correcting.let_stand(outcome))
            moved = now.learn(
                f"let the verdict of the seeds on {named(idea)} stand: {outcome.verdict} → {stands.verdict}",
                f"overruling of {_short(idea)} taken back by {now.who}",
                of=idea_id,
                back=True,
            )
        verdict = "withdrawn, since no seed is left of it" if stands.withdrawn else stands.verdict
        return Corrected(
            says=f"the verdict on “{idea.title}” is that of the seeds again: {verdict}", moved=moved
        )

    # -- adoption -----------------------------------------------------------------------------

    def adopt(self, idea_id: int, *, anyway: bool = False) -> Corrected:
        """Make a win the next version of the baseline; a Mistake says what speaks against it."""
        return adopt(self.project, idea_id, anyway=anyway)

    def decline(self, idea_id: int, because: str) -> Corrected:
        """Do not adopt a win: it stays a win, and later work does not build on it."""
        reason = _reason(because)
        with amending(self.project) as now:
            idea, outcome = now.judged(idea_id)
            _check_decline(now, outcome)
            now.tables.amend(correcting.declined(outcome, reason))
            moved = now.learn(
                f"decline {named(idea)}", f"{_short(idea)} not adopted, by {now.who}", of=idea_id
            )
        return Corrected(says=f"“{idea.title}” improved and is not adopted: {reason}", moved=moved)

    def decline_back(self, idea_id: int) -> Corrected:
        """Keep a win that was declined after all."""
        with amending(self.project) as now:
            idea, outcome = now.judged(idea_id)
            if outcome.declined is None:
                raise NothingToDo(f"nobody has declined idea {idea_id}: {outcome.verdict}")
            now.tables.amend(correcting.not_declined(outcome))
            moved = now.learn(
                f"adopt {named(idea)} after all",
                f"{_short(idea)} kept after all, by {now.who}",
                of=idea_id,
                back=True,
            )
        return Corrected(says=f"“{idea.title}” is kept after all", moved=moved)

    # -- unworkable ideas ---------------------------------------------------------------------

    def give_up(self, idea_id: int, because: str, *, hours: str | None = None) -> Corrected:
        """Give an idea up as unworkable: it counts as a failure, with the hours it has cost.

        Those are its hours so far and, on top, the typed ones or else those of its running timer.
        """
        reason, more = _reason(because), None if hours is None else typed.hours(hours)
        with amending(self.project) as now:
            idea = now.idle(idea_id)
            _check_give_up(now, idea)
            spent = idea.spent_hours + (measured(idea, now.at) if more is None else more)
            now.tables.put(replace(idea, dispatch=None, timer_since=None, timer_by=None, spent_hours=spent))
            now.tables.put(_given_up(now, idea, reason, spent))
            moved = now.learn(f"give up {named(idea)}", f"{_short(idea)} given up by {now.who}", of=idea_id)
        after = f" after {numbers.hours(spent)} of work" if spent else ""
        return Corrected(says=f"gave up “{idea.title}”{after}: {reason}", moved=moved)

    def give_up_back(self, idea_id: int) -> Corrected:
        """Take an idea up again, exactly as it was when it was given up."""
        with amending(self.project) as now:
            idea, outcome = now.judged(idea_id)
            if outcome.given_up is None:
                raise NothingToDo(f"nobody has given up idea {idea_id}: {outcome.verdict}")
            now.tables.remove(Outcome, idea_id)
            again = now.tables.put(correcting.taken_up(idea, outcome))
            moved = now.learn(
                f"take up {named(idea)} again",
                f"{_short(idea)} taken up again by {now.who}",
                of=idea_id,
                back=True,
            )
            stands = status(again, (), now.tables.get(Outcome, idea_id))
        return Corrected(says=f"“{idea.title}” is {stands} again", moved=moved)

    # -- runs ---------------------------------------------------------------------------------

    def strike(self, name: str, because: str) -> Corrected:
        """Strike a run out: it is nobody's evidence, and what rested on it is judged without it."""
        return strike(self.project, name, _reason(because))

    def strike_back(self, name: str) -> Corrected:
        """Let a run count again; what rested on it is exactly as it was."""
        return strike_back(self.project, name)


def verdict_of(text: str) -> Verdict:
    """The verdict a person means, such as `no-gain`; a Mistake that names the nearest one."""
    typed_as = " ".join(text.replace("-", " ").replace("_", " ").lower().split())
    known: dict[str, Verdict] = {name: name for name in get_args(Verdict)} | {"nogain": "no gain"}
    if typed_as in known:
        return known[typed_as]
    near = get_close_matches(typed_as, known, n=1)
    hint = f"did you mean {known[near[0]]!r}; " if near else ""
    raise Mistake(f"no verdict {text!r}: {hint}there are {', '.join(get_args(Verdict))}")


def _reason(text: str) -> str:
    """Why, on one line; a Mistake when it says nothing or too much."""
    if not text.split():
        raise Mistake("the reason is empty: say why in a few words, with --because TEXT")
    return one_line(text, "reason", limits.REASON)


def _short(idea: Idea) -> str:
    return f"“{fit(idea.title, SHORT)}”"


def _check_overrule(outcome: Outcome, wanted: Verdict) -> None:
    if outcome.given_up:
        raise Mistake(
            f"idea {outcome.idea} was given up, so there is no verdict of seeds to overrule; "
            f"`planner give-up {outcome.idea} --back` takes it up again"
        )
    if outcome.verdict == wanted and outcome.overruled is None:
        raise NothingToDo(f"the verdict on idea {outcome.idea} is {wanted} already")


def _check_decline(now: Amendment, outcome: Outcome) -> None:
    idea = outcome.idea
    if outcome.verdict != "improved":
        raise Mistake(f"idea {idea} is no win but {outcome.verdict}: only what improved can be declined")
    adopted = next((one.version for one in now.ledger.baselines if one.adopted == idea), None)
    if adopted is not None:
        raise Mistake(
            f"idea {idea} became baseline {adopted}, which later runs build on: too late to decline"
        )
    if not outcome.kept and outcome.declined is None:
        raise NothingToDo(f"idea {idea} is not kept as it is")


def _check_give_up(now: Amendment, idea: Idea) -> None:
    outcome = now.tables.get(Outcome, idea.id)
    if outcome is not None and outcome.given_up:
        raise NothingToDo(f"idea {idea.id} is given up already: {outcome.reason}")
    stands = status(idea, (), outcome)
    if stands in ("parked", "dropped"):
        raise Mistake(f"idea {idea.id} is {stands}: bring it back first (`planner restore {idea.id}`)")
    if outcome is not None and stands == "done":
        raise Mistake(
            f"idea {idea.id} has its verdict: {outcome.verdict}; "
            f"`planner overrule {idea.id} VERDICT` says another"
        )


def _given_up(now: Amendment, idea: Idea, reason: str, spent: float) -> Outcome:
    baselines, runs = now.ledger.baselines, now.ledger.runs.values()
    return correcting.given_up(
        idea,
        [run for run in runs if run.idea == idea.id],
        reason,
        by=now.who,
        at=now.at,
        hours=spent,
        baseline=baselines[-1].version if baselines else 0,
    )
