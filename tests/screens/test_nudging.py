"""Criteria are chosen and moved, and the row slides to its place."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot

from screens.widgets import idea_table
from tests.screens import project
from tests.screens.story import LASTING, drive, line_with, press, seen, until
from tests.screens.table import here, order, table


def test_plus_raises_the_chosen_criterion_and_the_row_moves_and_is_marked_as_moved(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(idea_table, "GLOW_SECONDS", LASTING)
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j")
        before = order(pilot).index(here(pilot))
        await press(pilot, *["plus"] * 4)
        assert order(pilot).index(here(pilot)) < before
        assert "▲" in line_with(pilot.app, "cosine schedule")

    drive(engine, story)
    assert engine.done == [("nudge", 5, "likelihood", 1)] * 4


def test_the_criterion_is_chosen_by_arrows_and_by_number():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "right", "minus", "3", "plus", "left", "plus")
        assert "complexity" in line_with(pilot.app, "±").split("±")[0].split("hours")[1]

    drive(engine, story)
    assert [done[2:] for done in engine.done] == [("hours", -1), ("impact", 1), ("complexity", 1)]


def test_a_nudge_is_drawn_before_it_is_written():
    engine = project.engine()
    engine.gate = threading.Event()

    async def story(pilot: Pilot[None]) -> None:
        score = table(pilot).rows[0].score.value
        await pilot.press("minus")
        await until(pilot, lambda: table(pilot).rows[0].score.value != score)
        assert not engine.done
        assert engine.gate is not None
        engine.gate.set()
        await until(pilot, lambda: bool(engine.done))

    drive(engine, story)


def test_a_nudge_that_can_t_be_written_is_taken_back_and_said():
    engine = project.engine()
    engine.refuse = "the disk is full: free some space, then try again"

    async def story(pilot: Pilot[None]) -> None:
        before = table(pilot).rows
        await press(pilot, "minus")
        await until(pilot, lambda: "the disk is full" in seen(pilot.app))
        await until(pilot, lambda: table(pilot).rows == before)

    drive(engine, story)
