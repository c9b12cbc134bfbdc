"""Which rung an idea is on, and which one ended it, as the backlog tells them."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from planner.domain.outcome import Outcome
from planner.domain.run import RUNGS, Run, Rung
from planner.domain.verdict import Verdict
from screens.climbed import climbed
from screens.widgets.why_panel import WhyPanel
from tests.screens import past, project
from tests.screens.fake import NOW, FakeEngine
from tests.screens.project_runs import run
from tests.screens.story import drive, line_with, seen, settled
from tests.screens.table import table


def on(rung: Rung, status: str = "finished", **more: object) -> Run:
    return run(RUNGS.index(rung) + 50, 10, rung, status, ended_at=NOW, hours=0.002, **more)


def outcome(rung: Rung, verdict: Verdict) -> Outcome:
    return Outcome(idea=10, at=NOW, verdict=verdict, reason=f"{verdict}: so it is", rung=rung, baseline=1)


def ended(rung: Rung, verdict: Verdict) -> FakeEngine:
    engine = project.engine()
    engine.ledger = replace(
        engine.ledger, outcomes=(*engine.ledger.outcomes, replace(outcome(rung, verdict), idea=10))
    )
    return engine


def test_an_idea_under_way_names_the_rung_it_is_on():
    async def story(pilot: Pilot[None]) -> None:
        assert "▶ running·full" in line_with(pilot.app, "batch normalisation")
        assert "… queued·small" in line_with(pilot.app, "label smoothing")

    drive(project.engine(), story)


def test_an_idea_that_a_cheap_rung_ended_names_it():
    async def worse(pilot: Pilot[None]) -> None:
        assert "✗ worse·small" in line_with(pilot.app, "more sevens")

    async def broken(pilot: Pilot[None]) -> None:
        assert "! invalid·check" in seen(pilot.app)

    async def usual(pilot: Pilot[None]) -> None:
        assert "= no gain " in line_with(pilot.app, "dropout 0.3")

    drive(ended("small", "worse"), worse, size=(160, 45))
    drive(ended("check", "invalid"), broken, size=(160, 45))
    drive(project.engine(), usual, size=(160, 45))


def test_the_climb_is_told_rung_by_rung():
    tiny = on("tiny", covers=("check",))
    assert climbed(10, [tiny], None) == ["✓ check · ✓ tiny 7s"]
    small = [tiny, on("small")]
    assert climbed(10, small, outcome("small", "worse")) == ["✓ check · ✓ tiny 7s · ✗ small 7s: worse"]
    assert climbed(10, [on("check", "failed")], outcome("check", "invalid")) == ["! check 7s: invalid"]
    two = [*small, on("full"), on("full")]
    assert climbed(10, two, None)[0].endswith("✓ small 7s · ✓ full 2 runs 14s")


def test_configurations_replays_and_other_ideas_are_no_part_of_the_climb():
    others = [on("full", config=3), on("full", replay_of="r1-0000"), replace(on("full"), idea=11)]
    assert climbed(10, others, None) == []


def test_a_settled_idea_begins_with_what_came_of_it_and_the_seeds_beside_the_baseline_s():
    async def story(pilot: Pilot[None]) -> None:
        table(pilot).point_at(21)
        await settled(pilot)
        told = [line.plain for line in pilot.app.screen.query_one(WhyPanel)._lines]
        labels = [line.split()[0] for line in told if line[:1].strip()]
        assert labels.index("outcome") < labels.index("chance")
        evidence = engine.ledger.outcomes[0].evidence
        assert evidence is not None
        pair = evidence.pairs[0]
        assert f"{pair.seed}: {pair.idea:.4f} beside {pair.baseline:.4f}" in " ".join(told)

    engine = past.engine()
    drive(engine, story)
