"""The home screen does what its keys say."""

from __future__ import annotations

import threading
from dataclasses import replace

from textual import events
from textual.pilot import Pilot

from screens.backlog import BacklogScreen
from screens.widgets.entry import Entry
from screens.widgets.idea_table import IdeaTable
from tests.screens import project
from tests.screens.story import drive, line_with, planner, press, seen, settled, until, write


def table(pilot: Pilot[None]) -> IdeaTable:
    return pilot.app.screen.query_one(IdeaTable)


def order(pilot: Pilot[None]) -> list[int]:
    return [row.idea.id for row in table(pilot).rows]


def here(pilot: Pilot[None]) -> int:
    row = table(pilot).current
    assert row is not None
    return row.idea.id


# -- moving about -------------------------------------------------------------------------------


def test_the_best_idea_is_first_and_explained():
    async def story(pilot: Pilot[None]) -> None:
        assert here(pilot) == 9
        assert "rank 1  batch normalisation" in seen(pilot.app)
        assert "base rate" in seen(pilot.app)

    drive(project.engine(), story)


def test_keys_move_the_cursor_and_the_panel_follows():
    async def story(pilot: Pilot[None]) -> None:
        ideas = order(pilot)
        await press(pilot, "j", "down")
        assert here(pilot) == ideas[2]
        assert "muon optimizer   " in line_with(pilot.app, "rank 3  muon")
        await press(pilot, "k", "end")
        assert here(pilot) == ideas[-1]
        await press(pilot, "home", "up")
        assert here(pilot) == ideas[0]
        await press(pilot, "pagedown")
        assert here(pilot) == ideas[8]

    drive(project.engine(), story)


def test_a_click_points_and_the_wheel_scrolls():
    async def story(pilot: Pilot[None]) -> None:
        await pilot.click(IdeaTable, offset=(10, 4))
        await settled(pilot)
        assert here(pilot) == order(pilot)[3]
        before = line_with(pilot.app, "batch normalisation after eve")
        table(pilot).scroll_down(animate=False)
        await settled(pilot)
        assert before
        assert not line_with(pilot.app, "   1 batch")

    drive(project.engine(), story)


def test_the_cursor_stays_on_its_idea_when_rows_move():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j", "j")
        idea = here(pilot)
        await press(pilot, *["minus"] * 6)
        assert here(pilot) == idea
        assert order(pilot).index(idea) != 3

    drive(project.engine(), story)


def test_the_cursor_stays_on_its_idea_when_somebody_else_adds_one():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j")
        idea = here(pilot)
        planner(pilot).engine.add("a quick win -t 5m -c 0 -i +3pp -l 95% --set a=1")
        await until(pilot, lambda: len(order(pilot)) == 13)
        assert here(pilot) == idea

    drive(project.engine(), story)


# -- criteria -----------------------------------------------------------------------------------


def test_plus_raises_the_chosen_criterion_and_the_row_moves_and_is_marked_as_moved():
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
        await pilot.pause()
        assert table(pilot).rows[0].score.value != score or here(pilot) != order(pilot)[0]
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


# -- adding and editing ---------------------------------------------------------------------------


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


# -- verbs ----------------------------------------------------------------------------------------


def test_d_dispatches_the_highlighted_idea():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "d")
        await until(pilot, lambda: "… queued" in line_with(pilot.app, "cosine schedule"))

    drive(engine, story)
    assert engine.done == [("dispatch", 5)]


def test_verbs_are_about_all_that_are_marked():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "space", "space")
        assert line_with(pilot.app, "cosine schedule").strip().startswith("◆")
        await press(pilot, "p")
        await until(pilot, lambda: len(engine.done) == 2)
        await settled(pilot)
        assert not table(pilot).marked

    drive(engine, story)
    assert engine.done == [("park", 5), ("park", 4)]


def test_a_dropped_idea_leaves_the_cursor_where_it_was_and_u_brings_it_back():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        first, second, *_ = order(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: order(pilot)[0] == second)
        assert here(pilot) == second
        await press(pilot, "u")
        await until(pilot, lambda: order(pilot)[0] == first)
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: order(pilot)[0] == second)

    drive(engine, story)


def test_p_parks_and_brings_back():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "end", "p")
        await until(pilot, lambda: "○ open" in line_with(pilot.app, "mixture of experts"))

    drive(engine, story)
    assert engine.done == [("restore", 6)]


def test_s_starts_and_stops_the_timer():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "s")
        await until(pilot, lambda: "timer" in line_with(pilot.app, "cosine schedule"))
        await press(pilot, "s")
        await until(pilot, lambda: "ready" in line_with(pilot.app, "cosine schedule"))

    drive(engine, story)
    assert engine.done == [("start_timer", 5), ("stop_timer", 5)]


def test_nothing_to_undo_is_said():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "u")
        await until(pilot, lambda: "nothing to undo" in seen(pilot.app))

    drive(project.engine(), story)


# -- filter ---------------------------------------------------------------------------------------


def test_the_filter_narrows_at_once_and_escape_clears_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "status:ready tag:lr")
        assert order(pilot) == [5]
        assert "1 of 12" in seen(pilot.app)
        await press(pilot, "enter")
        assert pilot.app.focused is table(pilot)
        await press(pilot, "escape")
        assert len(order(pilot)) == 12

    drive(project.engine(), story)


def test_a_filter_without_matches_says_how_to_clear_it():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await write(pilot, "zzz")
        assert "No idea matches" in seen(pilot.app)

    drive(project.engine(), story)


def test_text_typed_right_after_slash_lands_in_the_filter():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        for character in "/mixup x":
            pilot.app.post_message(
                events.Key({"/": "slash", " ": "space"}.get(character, character), character)
            )
        await until(
            pilot,
            lambda: (
                bool(pilot.app.screen.query(Entry)) and pilot.app.screen.query_one(Entry).text == "mixup x"
            ),
        )

    drive(engine, story)
    assert not engine.done


# -- the rest -------------------------------------------------------------------------------------


def test_an_empty_backlog_teaches_what_to_do():
    async def story(pilot: Pilot[None]) -> None:
        assert "Press a and type the first one" in seen(pilot.app)
        assert "edit" not in seen(pilot.app).splitlines()[-1]

    drive(project.empty(), story)


def test_a_warning_about_the_store_is_always_in_sight():
    engine = project.engine()
    engine.warning = "the backlog is read-only: `planner doctor --restore` brings back the newest good backup"

    async def story(pilot: Pilot[None]) -> None:
        assert "! the backlog is read-only" in seen(pilot.app)
        await press(pilot, "r")
        assert "! the backlog is read-only" in seen(pilot.app)

    drive(engine, story)


def test_a_project_that_can_t_be_read_is_said_and_read_again():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        engine.unreadable = "planner.toml: line 3 is no TOML"
        await until(pilot, lambda: "! planner.toml: line 3" in seen(pilot.app))
        engine.unreadable = None
        await until(pilot, lambda: "planner.toml" not in seen(pilot.app))

    drive(engine, story)


def test_the_palette_holds_every_action():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "colon")
        await write(pilot, "dispatch")
        await until(pilot, lambda: "climb the ladder" in seen(pilot.app))

    drive(project.engine(), story)


def test_help_explains_the_screen_and_its_keys():
    async def story(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        assert "The ideas still to decide, best first" in seen(pilot.app)
        assert "Type an idea in one line" in seen(pilot.app)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BacklogScreen)

    drive(project.engine(), story, size=(100, 40))


def test_columns_give_way_to_the_title_when_it_is_narrow():
    async def story(pilot: Pilot[None]) -> None:
        assert "category" not in seen(pilot.app)
        await pilot.resize_terminal(60, 20)
        await settled(pilot)
        assert "batch normalisation" in seen(pilot.app)
        await pilot.resize_terminal(200, 40)
        await settled(pilot)
        assert "category" in seen(pilot.app)

    drive(project.engine(), story)


def test_only_what_is_visible_is_drawn():
    engine = project.engine()
    sample = engine.ledger.ideas[1]
    many = {number: replace(sample, id=number, title=f"idea {number}") for number in range(1, 3001)}
    engine.ledger = replace(engine.ledger, ideas=many, outcomes=(), revisions=())
    drawn: list[int] = []

    async def story(pilot: Pilot[None]) -> None:
        cell = table(pilot).cell
        table(pilot).cell = lambda index, row, column: drawn.append(index) or cell(index, row, column)  # type: ignore[method-assign, func-returns-value]
        await press(pilot, "end")
        assert here(pilot) == order(pilot)[-1]
        assert len(set(drawn)) <= 20

    drive(engine, story)


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


def test_a_click_on_a_name_above_goes_there_and_a_click_on_a_key_below_presses_it():
    async def story(pilot: Pilot[None]) -> None:
        above = seen(pilot.app).splitlines()[0]
        await pilot.click(offset=(above.index("runs") + 1, 0))
        await until(pilot, lambda: pilot.app.current_mode == "runs")
        await press(pilot, "b")
        below = seen(pilot.app).splitlines()[-1]
        await pilot.click(offset=(below.index("add"), 23))
        await until(pilot, lambda: bool(pilot.app.screen.query(Entry)))

    drive(project.engine(), story)


def test_a_reading_in_which_nothing_changed_repaints_no_row():
    engine = project.engine()

    async def story(pilot: Pilot[None]) -> None:
        drawn: list[int] = []
        draw = table(pilot).render_line
        table(pilot).render_line = lambda y: drawn.append(y) or draw(y)  # type: ignore[method-assign, func-returns-value]
        engine.ledger = replace(engine.ledger, generation=engine.ledger.generation + 1)
        await until(pilot, lambda: planner(pilot).view is engine.view())
        await settled(pilot)
        assert drawn == []

    drive(engine, story)
