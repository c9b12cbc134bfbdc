"""Take every dispatched idea one step up its ladder, or write down where it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from planner.dispatcher.complexity import code_added
from planner.dispatcher.measuring import UNTOLD, Measured, Measurements
from planner.dispatcher.searching import Searches
from planner.domain.idea import Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging.comparison import code_of, expected_code, expected_params
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Choose, Halt, Search, Settle, Start, Wait, where
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.scoring.ranking import rank
from planner.rules.sweeping.proposing import Numbers, Question
from planner.searcher.ask import NoSearcher
from planner.store.tables import Tables
from planner.workspace.learning import learn
from planner.workspace.project import Project
from planner.workspace.queue import new_run_id
from planner.workspace.worth import with_worth


class Answer(NamedTuple):
    """What the searcher said to a question, or why it could not."""

    question: Question
    """The question."""
    said: Numbers | Halt
    """The answer."""


def climb(project: Project, searches: Searches, measurements: Measurements) -> None:
    """One step for each dispatched idea, best first; each step is its own transaction."""
    ledger, settings = project.store.read(), project.settings
    wanted = [
        row.idea for row in rank(ledger, settings) if row.idea.dispatch and not row.idea.dispatch.halted
    ]
    searching, settling = set(), set()
    for place, idea in enumerate(wanted, start=1):
        step = next_step(idea, project.store.read(), settings, now=project.now())
        answer = added = None
        if isinstance(step, Search):
            searching.add(idea.id)
            answer = _asked(searches, idea, step.question)
            if answer is None:
                continue
        if isinstance(step, Settle):
            settling.add(idea.id)
            added = _added(project, measurements, idea, step)
            if added is None:
                continue
        if not isinstance(step, Wait):
            _take(project, settings, idea.id, place, added, answer)
    searches.keep(searching)
    measurements.keep(settling)


def _asked(searches: Searches, idea: Idea, question: Question) -> Answer | None:
    """What the searcher says; None while it is asked, which others need not wait for."""
    try:
        said = searches.answer(idea.id, question)
    except NoSearcher as reason:
        return Answer(question, Halt(str(reason)))
    return None if said is None else Answer(question, said)


def _added(project: Project, measurements: Measurements, idea: Idea, step: Settle) -> Measured | None:
    """The complexity of a judged idea; None while it is measured, which others need not wait for."""
    if step.outcome.verdict == "invalid":
        return UNTOLD
    return measurements.of(idea.id, code_added(project, idea, project.store.read(), step.outcome.baseline))


def _take(
    project: Project,
    settings: Settings,
    idea_id: int,
    place: int,
    added: Measured | None,
    answer: Answer | None,
) -> None:
    """Look again inside the transaction, since somebody may have written meanwhile, and act on that.

    `added` is the complexity of the idea, without which it is not settled; `answer` what the searcher said,
    which counts where this is still the question.
    """
    with project.store.transaction("climb", by="dispatcher", undoable=False) as tables:
        ledger = tables.ledger()
        idea = ledger.ideas.get(idea_id)
        if idea is None or idea.dispatch is None or idea.dispatch.halted:
            return
        step = next_step(idea, ledger, settings, now=project.now())
        if isinstance(step, Search) and answer is not None and answer.question == step.question:
            said = answer.said
            step = (
                said
                if isinstance(said, Halt)
                else next_step(idea, ledger, settings, now=project.now(), answer=said)
            )
        if isinstance(step, Start):
            _queue(tables, ledger, settings, step, idea.dispatch, place, project.now())
        elif isinstance(step, Settle):
            if added is not None:
                _settle(tables, ledger, settings, idea, replace(step.outcome, complexity=added.complexity))
        elif isinstance(step, Halt):
            tables.says = f"halt {idea.title!r}"
            tables.put(replace(idea, dispatch=replace(idea.dispatch, halted=step.reason)))
        elif isinstance(step, Choose):
            tables.says = f"sweep of {idea.title!r}: {chosen_in_words(step.chosen)}"
            tables.put(replace(idea, dispatch=replace(idea.dispatch, chosen=step.chosen)))


def _queue(
    tables: Tables, ledger: Ledger, settings: Settings, step: Start, wish: Dispatch, place: int, at: str
) -> None:
    """Queue the run that a step asks for."""
    baseline = ledger.baselines[-1]
    idea = ledger.ideas[step.idea] if step.idea is not None else None
    number = 1 + max((int(run.split("-")[0][1:]) for run in ledger.runs), default=0)
    params = expected_params(idea, baseline) if idea else baseline.params
    ref, commit = expected_code(idea, baseline) if idea else code_of(baseline)
    rung = settings.rung(step.rung).undone(step.step)
    run = Run(
        id=new_run_id(number),
        idea=step.idea,
        baseline=baseline.version,
        rung=step.rung,
        seed=step.seed,
        params={**params, **(step.params or {})},
        ref=ref,
        # A clock set back must not make this run older than the wish it answers.
        queued_at=max(at, wish.at),
        # What the baseline owes, others wait for; ideas stand in the order of their scores.
        order=float(place if idea else 0),
        retry_of=step.retry_of,
        step=step.step,
        commit=commit,
        config=step.config,
        rung_params=rung.params,
        fraction=rung.fraction,
    )
    tables.says = f"queue {run.id}: {where(run)}, of {idea.title if idea else 'the baseline'!r}"
    tables.put(run)


def _settle(tables: Tables, ledger: Ledger, settings: Settings, idea: Idea, outcome: Outcome) -> None:
    tables.says = f"verdict on {idea.title!r} at {outcome.rung}: {outcome.verdict}"
    judged = with_worth(outcome, idea, ledger, settings)
    tables.put(replace(idea, dispatch=None))
    tables.put(judged)
    if outcome.verdict != "invalid":
        learn(
            tables, settings, at=outcome.at, because=f"{idea.title!r}: {outcome.verdict}", outcome_of=idea.id
        )
