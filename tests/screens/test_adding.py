"""Ideas are added in a line and edited in a form; nothing typed is lost."""

from __future__ import annotations

import threading
from dataclasses import replace

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from planner.domain.idea import Change, Idea
from planner.domain.outcome import Baseline
from planner.rules.notation.sweeping import sweep as sweep_of
from screens.backlog import BacklogScreen
from screens.widgets.entry import Entry
from screens.widgets.idea_table import IdeaTable
from tests.screens import project
from tests.screens.story import drive, line_with, press, seen, settled, until, write
from tests.screens.table import here, order


def test_an_idea_is_added_in_one_line_and_pointed_at():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "gradient clipping -t 15m -l 25%")
        assert "chance 25 %" in seen(pilot.app)
        await press(pilot, "enter")
        await until(pilot, lambda: here(pilot) == 13)
        assert not pilot.app.screen.query(Entry)

    drive(engine, story)
    assert engine.done == [("add", "gradient clipping -t 15m -l 25%")]


def test_a_mistake_in_the_line_is_shown_and_the_text_stays():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "clip -l 300%")
        assert "! likelihood" in seen(pilot.app)
        await press(pilot, "enter")
        assert pilot.app.screen.query_one(Entry).text == "clip -l 300%"

    drive(engine, story)
    assert not engine.done


def test_a_line_that_can_t_be_written_stays_typed():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "clip")
        engine.refuse = "the disk is full: free some space, then try again"
        await press(pilot, "enter")
        assert "! the disk is full" in seen(pilot.app)
        assert pilot.app.screen.query_one(Entry).text == "clip"

    drive(engine, story)


def test_a_half_typed_idea_is_still_there_when_the_line_is_opened_again():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "half an idea")
        await press(pilot, "escape")
        assert not pilot.app.screen.query(Entry)
        await press(pilot, "a")
        assert pilot.app.screen.query_one(Entry).text == "half an idea"

    drive(project.engine(), story)


def test_an_added_idea_that_the_filter_hides_is_said():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "mixup")
        await press(pilot, "enter", "a")
        await write(pilot, "clip")
        await press(pilot, "enter")
        await until(pilot, lambda: "the filter hides it" in seen(pilot.app))

    drive(project.engine(), story)


def test_the_form_sends_only_what_was_changed():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "e")
        assert "idea #5" in seen(pilot.app)
        pilot.app.screen.query_one("#title").value = "cosine"  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#likelihood").value = "45%"  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BacklogScreen))
        await until(pilot, lambda: bool(line_with(pilot.app, "1 cosine ")))

    drive(engine, story)
    assert engine.done == [("edit", 5, {"title": "cosine"}), ("estimate", 5, "ana", {"likelihood": "45%"})]


def test_the_form_shows_a_mistake_in_place_and_keeps_what_was_typed():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "e")
        pilot.app.screen.query_one("#title").value = "  "  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#category").value = "loss"  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        assert "! the title is empty" in seen(pilot.app)
        assert pilot.app.screen.query_one("#category").value == "loss"  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BacklogScreen)

    drive(engine, story, size=(160, 45))
    assert not engine.done


def test_the_form_shows_the_estimate_of_the_person_whose_name_is_typed():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "e")
        assert pilot.app.screen.query_one("#likelihood").value == "30%"  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#by").value = "bo"  # type: ignore[attr-defined]
        await settled(pilot)
        assert pilot.app.screen.query_one("#likelihood").value == "60%"  # type: ignore[attr-defined]

    drive(project.engine(), story)


def test_an_idea_that_was_captured_is_no_draft_any_more():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "clip")
        await press(pilot, "enter")
        await until(pilot, lambda: here(pilot) == 13)
        await press(pilot, "a")
        assert pilot.app.screen.query_one(Entry).text == ""

    drive(project.engine(), story)


def test_a_line_closed_while_it_is_written_is_captured_all_the_same():
    engine = project.engine()
    engine.gate = threading.Event()

    async def story(pilot: Pilot[None]) -> None:
        assert engine.gate is not None
        await pilot.press("minus")  # holds the thread of verbs until the gate opens
        await pilot.press("a", "c", "l", "i", "p", "enter", "a", "escape")
        engine.gate.set()
        await until(pilot, lambda: len(order(pilot)) == 13)
        await press(pilot, "a")
        assert pilot.app.screen.query_one(Entry).text == ""

    drive(engine, story)


def test_a_range_can_be_typed_and_is_shown_again_as_it_was_typed():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await write(pilot, "clip -t 2h-5h -l 10-30%")
        assert "2–5 (middle 3.2) h" in seen(pilot.app)
        await press(pilot, "enter")
        await until(pilot, lambda: here(pilot) == 13)
        await press(pilot, "e")
        assert pilot.app.screen.query_one("#hours").value == "2h-5h"  # type: ignore[attr-defined]
        assert pilot.app.screen.query_one("#likelihood").value == "10%-30%"  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#impact").value = "0.1..0.5pp"  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BacklogScreen))
        await until(pilot, lambda: "2h–5h" in seen(pilot.app))

    drive(engine, story, size=(160, 45))
    assert engine.done[1:] == [("estimate", 13, "ana", {"impact": "0.1..0.5pp"})]
    assert engine.ledger.ideas[13].estimates["ana"].ranges["impact"] == (0.001, 0.005)


def test_the_params_of_a_sweep_are_seen_and_edited_with_their_values():
    engine = project.engine()
    idea = engine.ledger.ideas[5]
    sweep = sweep_of(["lr=1e-4..1e-1", "width=32,64"], method="tpe", configs="30")
    swept = replace(idea, change=replace(idea.change, sweep=sweep))
    engine.ledger = replace(engine.ledger, ideas={**engine.ledger.ideas, 5: swept})

    async def story(pilot: Pilot[None]) -> None:
        assert pilot.app.screen.query_one(IdeaTable).point_at(5)
        await until(pilot, lambda: "lr=0.0001..0.1" in seen(pilot.app))
        await press(pilot, "e")
        page = pilot.app.screen.query_one("#sweep")
        assert page.text == "lr=0.0001..0.1\nwidth=32,64"  # type: ignore[attr-defined]
        page.text = "lr=0.001..0.1\nwidth=32,64\n"  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BacklogScreen))

    drive(engine, story, size=(160, 45))
    assert engine.done == [("edit", 5, {"sweep": ["lr=0.001..0.1", "width=32,64"]})]


def test_a_sweep_is_given_to_an_idea_in_the_words_of_the_command_line():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "e")
        screen = pilot.app.screen
        screen.query_one("#sweep", TextArea).text = "lr=1e-4..1e-1\n\nwidth=32,64\n"
        for name, text in (("method", "tpe"), ("configs", "30"), ("nuisance", "lr, width")):
            screen.query_one(f"#{name}", Input).value = text
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BacklogScreen))

    drive(engine, story, size=(160, 45))
    given = {
        "sweep": ["lr=1e-4..1e-1", "width=32,64"],
        "method": "tpe",
        "configs": "30",
        "nuisance": ["lr", "width"],
    }
    assert engine.done == [("edit", 5, given)]


def test_how_a_sweep_is_searched_is_seen_and_goes_with_it_when_it_is_taken_away():
    engine = project.engine()
    idea = engine.ledger.ideas[5]
    sweep = sweep_of(["lr=1e-4..1e-1", "width=32,64"], nuisance=["lr"], method="tpe", configs="30")
    swept = replace(idea, change=replace(idea.change, sweep=sweep))
    engine.ledger = replace(engine.ledger, ideas={**engine.ledger.ideas, 5: swept})

    async def story(pilot: Pilot[None]) -> None:
        assert pilot.app.screen.query_one(IdeaTable).point_at(5)
        await press(pilot, "e")
        screen = pilot.app.screen
        shown = {
            name: screen.query_one(f"#{name}", Input).value for name in ("method", "configs", "nuisance")
        }
        assert shown == {"method": "tpe", "configs": "30", "nuisance": "lr"}
        screen.query_one("#sweep", TextArea).text = ""
        screen.query_one("#configs", Input).value = ""
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BacklogScreen))

    drive(engine, story, size=(160, 45))
    assert engine.done == [("edit", 5, {"sweep": []})]


def test_what_is_wrong_with_a_sweep_is_said_in_the_form_where_it_is_seen():
    engine = project.engine()
    engine.edit = refused  # type: ignore[method-assign]

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "e")
        pilot.app.screen.query_one("#sweep", TextArea).text = "lr=1..0.1"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "upside down; write lr=0.1..1" in seen(pilot.app))

    drive(engine, story, size=(80, 24))


def refused(idea_id: int, **fields: object) -> Idea:
    sweep_of(fields["sweep"])  # type: ignore[arg-type]
    raise AssertionError("it should have been refused")


def test_how_far_a_sweep_is_and_its_best_configuration_stand_beside_it():
    engine = project.engine()
    idea = engine.ledger.ideas[5]
    swept = replace(idea, change=Change(sweep=sweep_of(["lr=1e-4..1e-1"], configs="30")))
    baseline = Baseline(version=1, params={"epochs": 20}, at="2026-11-01T00:00:00.000Z")
    usual = next(one for one in engine.runs if one.run.status == "finished" and one.run.rung == "full")
    for number, (lr, value) in enumerate([(0.01, 0.97), (0.02, 0.96)]):
        given = {"config": number, "params": {"epochs": 20, "lr": lr}, "value": value}
        run = replace(usual.run, id=f"r{90 + number}-0000", idea=5, seed=0, **given)
        engine.runs.append(replace(usual, run=run))
    engine.ledger = replace(engine.ledger, ideas={**engine.ledger.ideas, 5: swept}, baselines=(baseline,))

    async def story(pilot: Pilot[None]) -> None:
        assert pilot.app.screen.query_one(IdeaTable).point_at(5)
        await until(pilot, lambda: "2 of at most 30 configurations tried" in seen(pilot.app))
        assert "the best: lr 0.01: val_accuracy 0.9700" in seen(pilot.app)

    drive(engine, story, size=(160, 45))
