"""Striking a run out, and letting it count again: what rests on it is judged anew."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.rules.judging.striking import strikable, struck_anew
from planner.rules.judging.trouble import MEASURED
from planner.rules.judging.verdict import signed
from planner.rules.wording.changes import named
from planner.workspace.amendment import Amendment, Corrected, amending
from planner.workspace.lookup import find_run
from planner.workspace.project import Project
from planner.workspace.worth import with_worth


def strike(project: Project, name: str, reason: str) -> Corrected:
    """Strike a run out; a Mistake when it is nobody's evidence anyway."""
    with amending(project) as now:
        run = find_run(now.ledger.runs, name)
        _check(run)
        if run.struck is not None:
            raise NothingToDo(f"run {run.id} is struck out already: {run.struck}")
        also = _judge_anew(now, now.tables.put(replace(run, struck=reason)))
        moved = now.learn(
            f"strike out run {_named(now, run)}", f"run {run.id} struck out by {now.who}", of=None
        )
    return Corrected(says=f"struck out run {run.id}: {reason}", also=also, moved=moved)


def strike_back(project: Project, name: str) -> Corrected:
    """Let a run that was struck out count again."""
    with amending(project) as now:
        run = find_run(now.ledger.runs, name)
        if run.struck is None:
            raise NothingToDo(f"run {run.id} is not struck out")
        also = _judge_anew(now, now.tables.put(replace(run, struck=None)))
        because = f"run {run.id} counts again, by {now.who}"
        moved = now.learn(f"let run {_named(now, run)} count again", because, of=None, back=True)
    return Corrected(says=f"run {run.id} counts again", also=also, moved=moved)


def _check(run: Run) -> None:
    if strikable(run):
        return
    if run.replay_of is not None:
        what = f"a replay of run {run.replay_of}"
    elif run.config is not None:
        what = "a configuration that a sweep tried"
    elif run.rung not in MEASURED:
        what = f"a run of the rung {run.rung}"
    else:
        what = run.status if run.status != "finished" else "without a number for the metric"
    raise Mistake(
        f"run {run.id} is {what}, so it is nobody's evidence: "
        "only finished runs of small and full can be struck out"
    )


def _named(now: Amendment, run: Run) -> str:
    idea = None if run.idea is None else now.ledger.ideas.get(run.idea)
    return f"{run.id} of {named(idea) if idea else 'the baseline'}"


def _judge_anew(now: Amendment, run: Run) -> tuple[str, ...]:
    """Put in what the outcomes that rest on a run are without it, or with it again; a sentence for each."""
    ledger = replace(now.ledger, runs=now.ledger.runs | {run.id: run})
    outcomes = now.tables.numbered(Outcome)
    said = []
    for number, anew in struck_anew(outcomes, run, ledger, now.settings).items():
        idea = ledger.ideas.get(anew.idea)
        if idea is not None and anew.unstruck is not None and anew.overruled is None:
            anew = with_worth(anew, idea, ledger, now.settings)
        now.tables.put_in_place(number, anew)
        said.append(_told(outcomes[number], anew, idea.title if idea else f"idea {anew.idea}"))
    return tuple(said)


def _told(before: Outcome, after: Outcome, title: str) -> str:
    """What striking has done to one outcome."""
    if after.withdrawn:
        return f"the verdict on “{title}” is withdrawn: no seed is left to compare; it is to be tried again"
    if before.withdrawn:
        return f"the verdict on “{title}” stands again: {after.verdict}"
    if before.verdict != after.verdict:
        again = f"; `planner dispatch {after.idea}` runs the missing seeds" if _open(after) else ""
        return f"“{title}”: {before.verdict} → {after.verdict}{again}"
    gains = [signed(one.evidence.gain) if one.evidence else "none" for one in (before, after)]
    return f"“{title}” stays {after.verdict}; its gain by the seeds {gains[0]} → {gains[1]} MEI"


def _open(outcome: Outcome) -> bool:
    """Whether the seeds that are left do not decide it."""
    return outcome.verdict == "inconclusive" and outcome.unstruck is not None
