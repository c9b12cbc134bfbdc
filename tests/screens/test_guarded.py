"""Errors of the disk that a verb of the engine did not foresee: a sentence on the screen, never its end."""

from __future__ import annotations

import errno
import os

import pytest
from textual.pilot import Pilot

from planner.domain.mistake import Failed
from screens.app import PlannerApp
from screens.guarded import guarded
from tests.screens import project
from tests.screens.fake import FakeEngine
from tests.screens.story import drive, press, seen, until


class Failing(FakeEngine):
    """An engine whose disk fails where nobody expects it."""

    def undo(self) -> str:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), "/a/long/name")


def failing() -> Failing:
    made = project.engine()
    return Failing(made.settings, made.ledger, made.runs, made.details)


def test_an_unforeseen_error_of_the_disk_is_told_as_a_sentence() -> None:
    with pytest.raises(Failed, match=r"^/a/long/name: File name too long$"):
        guarded(failing()).undo()


def test_the_screen_stays_and_says_so() -> None:
    async def story(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, PlannerApp)
        pilot.app.engine = guarded(failing())
        await press(pilot, "u")
        await until(pilot, lambda: "/a/long/name: File name too long" in seen(pilot.app))

    drive(project.engine(), story)


def test_words_and_answers_come_through_as_they_are() -> None:
    engine = guarded(project.engine())
    assert (engine.who, engine.name, engine.view().ledger.ideas[1].id) == ("ana", "digits", 1)
