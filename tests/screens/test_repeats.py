"""Dispatching what ran before: it is asked about, with what came of it the first time."""

from __future__ import annotations

from textual.pilot import Pilot

from planner.domain.repeat import Repeat
from screens.ask import AskScreen
from tests.screens import past, project
from tests.screens.fake import FakeEngine
from tests.screens.story import drive, press, seen, settled, until
from tests.screens.table import here, table

SAYS = (
    "#21 “ran before” has run exactly this: improved, +2.5 MEI (2026-11-16), val_accuracy 0.9512 over seed 0"
)


def repeating(own: bool = True) -> FakeEngine:
    engine = past.engine()
    kind = "same" if own else "baseline"
    engine.repeated = (
        Repeat(idea=21, kind=kind, says=SAYS, of=21 if own else None, seeds=(0,)),  # type: ignore[arg-type]
    )
    return engine


async def on(pilot: Pilot[None], idea: int) -> None:
    table(pilot).point_at(idea)
    await settled(pilot)
    assert here(pilot) == idea
    await press(pilot, "d")
    await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))


def test_the_first_result_is_shown_and_enter_adds_a_seed():
    engine = repeating()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        shown = " ".join(seen(pilot.app).split())
        assert "dispatch #21" in shown
        assert "improved, +2.5 MEI" in shown
        assert "[a further seed]" in shown
        await press(pilot, "enter")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("dispatch", 21)]


def test_the_same_again_is_recorded_with_what_was_said():
    engine = repeating()

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        await press(pilot, "right", "enter")
        await until(pilot, lambda: engine.done)

    drive(engine, story)
    assert engine.done == [("dispatch", 21, SAYS)]


def test_left_as_it_is_nothing_runs():
    engine = repeating(own=False)

    async def story(pilot: Pilot[None]) -> None:
        await on(pilot, 21)
        assert "[leave it]" in seen(pilot.app)
        await press(pilot, "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, AskScreen))
        await on(pilot, 21)
        await press(pilot, "escape")
        await settled(pilot)

    drive(engine, story)
    assert not engine.done


def test_what_only_comes_close_is_said_beside_the_dispatch():
    engine = project.engine()
    engine.repeated = (
        Repeat(idea=5, kind="near", says="#3 had lr = 0.01, a step from 0.012: no gain", of=3),
    )

    async def story(pilot: Pilot[None]) -> None:
        table(pilot).point_at(5)
        await settled(pilot)
        await press(pilot, "d")
        await until(pilot, lambda: "a step from 0.012" in " ".join(seen(pilot.app).split()))

    drive(engine, story)
    assert engine.done == [("dispatch", 5)]
