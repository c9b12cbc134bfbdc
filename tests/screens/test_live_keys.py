"""Every key says what it does, in the palette and in the help, in more than its own name."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen

from screens.app import PlannerApp
from screens.live_keys import live_keys
from tests.screens import project_sweep
from tests.screens.project_sweep import IDEA
from tests.screens.story import drive, planner, press, settled


def unexplained(screen: Screen[object]) -> list[str]:
    """Keys of a screen or of the app that only repeat their name."""
    return [
        f"{keys} {told}"
        for node, binding, keys, told in live_keys(screen)
        if isinstance(node, Screen | PlannerApp) and told.lower() == binding.description.lower()
    ]


def test_no_key_only_repeats_its_name():
    engine = project_sweep.finished()

    async def story(pilot: Pilot[None]) -> None:
        found = unexplained(pilot.app.screen)
        for key in ("r", "v", "3", "4"):
            await press(pilot, key)
            found += unexplained(pilot.app.screen)
        planner(pilot).open_sweep(IDEA)
        await settled(pilot)
        found += unexplained(pilot.app.screen)
        for key in ("m", "e", "question_mark"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, ModalScreen)
            found += unexplained(pilot.app.screen)
            await press(pilot, "escape")
        await press(pilot, "enter")
        found += unexplained(pilot.app.screen)
        assert found == []

    drive(engine, story)
