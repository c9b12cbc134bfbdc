"""Whatever a ledger holds, every climb ends, asks for nothing twice, and answers alike when asked again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.idea import Dispatch
from planner.domain.ledger import Ledger
from planner.domain.run import Run
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging.comparison import has_value
from planner.rules.judging.ladder import next_step
from planner.rules.judging.steps import Halt, Settle, Start, Step, Wait
from tests.rules.ledgers import (
    ASKED,
    LATER,
    NOW,
    SETTINGS,
    a_ledger,
    a_run,
    an_idea,
    an_outcome,
    some_evidence,
    with_runs,
)

BEFORE = "2026-11-01T12:00:00.000Z"
MANY = 120
"""Runs within which a climb must end, crashes included."""

hard = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

smalls = st.sampled_from([
    RungSettings(),
    RungSettings(params={"epochs": 2}),
    RungSettings(fraction=0.5),
    RungSettings(params={"epochs": 2}, fraction=0.5, undo=("fraction",)),
    RungSettings(params={"epochs": 2}, fraction=0.5, undo=("epochs", "fraction")),
])  # fmt: skip
projects = st.builds(
    lambda small, seeds: replace(
        SETTINGS, rungs={"small": small, "full": RungSettings(seeds=seeds, hours=4)}
    ),
    smalls,
    st.integers(1, 5),
)
values = st.one_of(st.none(), st.floats(60.0, 80.0))
ends = st.sampled_from(["finished"] * 8 + ["crashed", "failed", "stopped"])
wishes = st.builds(
    lambda seeds, confirm, anyway: Dispatch(
        at=ASKED, by="ana", seeds=seeds, confirm=confirm, anyway="it ran" if anyway else None
    ),
    st.one_of(st.none(), st.integers(1, 7)),
    st.booleans(),
    st.booleans(),
)


@st.composite
def some_run(draw: st.DrawFn, project: Settings, number: int) -> Run:
    """A run that may have been made at any time, of anything, and have ended anyhow."""
    rung = draw(st.sampled_from(["check", "tiny", "small", "full"]))
    step = draw(st.integers(0, 2)) if rung == "small" else 0
    simpler = project.rung(rung).undone(step)
    of = draw(st.sampled_from([None, 1, 1, 2]))
    told = draw(st.booleans())
    fields: dict[str, Any] = {
        "rung": rung,
        "step": step,
        "rung_params": simpler.params if told else None,
        "fraction": simpler.fraction if told else None,
        "seed": draw(st.integers(0, 4)) if rung == "full" else 0,
        "status": draw(ends),
        "value": draw(values),
        "queued_at": draw(st.sampled_from([BEFORE, LATER])),
        "struck": draw(st.sampled_from([None, None, None, "broken"])),
        "replay_of": draw(st.sampled_from([None, None, None, "r0"])),
        "covers": draw(st.sampled_from([(), (), ("tiny",)])),
        "baseline": draw(st.sampled_from([1, 1, 0])),
    }
    return a_run(f"o{number}", of, **fields)


@st.composite
def some_ledger(draw: st.DrawFn) -> tuple[Ledger, Settings]:
    """An idea that is dispatched among runs of its own and of others, judged before or not."""
    project = draw(projects)
    runs = [draw(some_run(project, number)) for number in range(draw(st.integers(0, 12)))]
    judged = an_outcome(
        1, "worse", BEFORE, rung=draw(st.sampled_from(["small", "full"])), evidence=some_evidence(-1.0, 0.02)
    )
    outcomes = (judged,) if draw(st.booleans()) else ()
    idea = an_idea(1, dispatch=draw(wishes), edited_at=draw(st.sampled_from([None, BEFORE, LATER])))
    return a_ledger([idea, an_idea(2, dispatch=None)], runs, outcomes=outcomes), project


def asked(ledger: Ledger, project: Settings) -> Step:
    """The next step, asked twice."""
    found = next_step(ledger.ideas[1], ledger, project, now=NOW)
    assert found == next_step(ledger.ideas[1], ledger, project, now=NOW)
    return found


def queued(start: Start, ledger: Ledger, project: Settings, status: str, value: float | None) -> Run:
    """The run that the dispatcher would queue, as it ended."""
    simpler = project.rung(start.rung).undone(start.step)
    return a_run(
        f"n{len(ledger.runs)}",
        start.idea,
        rung=start.rung,
        seed=start.seed,
        step=start.step,
        retry_of=start.retry_of,
        rung_params=simpler.params,
        fraction=simpler.fraction,
        status=status,
        value=value,
        ended_at=LATER,
    )


def kind(run: Run | Start) -> tuple[object, ...]:
    return run.idea, run.rung, run.seed, run.step


@hard
@given(some_ledger(), st.data())
def test_every_climb_ends_and_nothing_that_has_its_answer_is_asked_again(
    made: tuple[Ledger, Settings], data: st.DataObject
) -> None:
    ledger, project = made
    answered = set()
    for _ in range(MANY):
        found = asked(ledger, project)
        if not isinstance(found, Start):
            break
        assert kind(found) not in answered
        run = queued(found, ledger, project, data.draw(ends), data.draw(values))
        live = asked(with_runs(ledger, replace(run, status="running", value=None)), project)
        # Beside a run of the baseline, the idea's own may go on, or may have ended it.
        assert isinstance(live, Wait) or run.idea is None
        assert not isinstance(live, Start) or kind(live) != kind(found)
        ledger = with_runs(ledger, run)
        if run.status == "finished" if run.rung in ("check", "tiny") else has_value(run):
            answered.add(kind(run))
    assert isinstance(found, Settle | Halt)
    if isinstance(found, Settle):
        assert found.outcome.rung in ("check", "tiny", "small", "full")
        assert (found.outcome.verdict == "invalid") == (found.outcome.evidence is None)
        assert found.outcome.verdict != "improved" or found.outcome.rung == "full"


@hard
@given(some_ledger())
def test_a_replay_or_another_ideas_run_changes_no_step(made: tuple[Ledger, Settings]) -> None:
    ledger, project = made
    others = [
        a_run("x1", 1, status="running", replay_of="r0"),
        a_run("x2", 1, status="failed", cause="broken", replay_of="r0"),
        a_run("x3", 2, status="running"),
        a_run("x4", 1, value=99.0, config=3),
    ]
    found, again = asked(ledger, project), asked(with_runs(ledger, *others), project)
    if isinstance(found, Settle) and isinstance(again, Settle):
        # Hours are spent whatever for.
        found = Settle(replace(found.outcome, run_hours=0.0))
        again = Settle(replace(again.outcome, run_hours=0.0))
    assert found == again
