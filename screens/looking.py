"""The part of the app that looks: the project and the GPUs, read beside the screen, again and again."""

from __future__ import annotations

from dataclasses import dataclass

from textual import work
from textual.app import App
from textual.message import Message
from textual.reactive import reactive

from planner.clock import Now
from planner.domain.mistake import Mistake
from planner.domain.view import View
from screens.engine import Engine
from screens.garbage import keep_for_good
from screens.notices import Notice, Noticing

LOOK_SECONDS = 0.5
"""How often the project is looked at; it is read only when something moved."""


class LookingApp(App[None]):
    """Reads in a thread, at most one look at a time; what a person changed ahead of the disk stays drawn."""

    view: reactive[View | None] = reactive(None, always_update=True, repaint=False)
    """The project as it was last read, with nudges not yet written; None before the first reading."""
    gpu: reactive[str] = reactive("", repaint=False)
    """The line about the GPUs."""
    trouble: reactive[str] = reactive("", repaint=False)
    """Why the project can't be read; empty while it can."""
    notices: reactive[tuple[Notice, ...]] = reactive((), repaint=False)
    """What a person should know and has not hidden."""

    @dataclass
    class Looked(Message):
        """The project was looked at in a thread, when so many nudges had been made."""

        view: View
        nudges: int

    @dataclass
    class Sensed(Message):
        """The GPUs were looked at in a thread, and what a person should know."""

        gpu: str
        notices: tuple[Notice, ...]

    @dataclass
    class Unreadable(Message):
        """The project could not be read."""

        why: str

    def __init__(self, engine: Engine, now: Now) -> None:
        super().__init__()
        self.engine = engine
        self.now = now
        self._looking = False
        self._look_again = False
        self._nudges = 0
        self._unwritten = 0
        self._noticing = Noticing()

    def on_mount(self) -> None:
        """Start to look."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look)

    def look(self) -> None:
        """Look at the project beside the screen; once more afterwards when already looking."""
        if self._looking:
            self._look_again = True
            return
        self._looking, self._look_again = True, False
        self._look()

    @work(thread=True, group="look")
    def _look(self) -> None:
        nudges, first = self._nudges, self.view is None
        try:
            view = self.engine.view()
            self.post_message(self.Looked(view, nudges))
            if not first:  # the GPUs can wait until the ideas are on the screen
                gpu = self.engine.gpu_line(self.size.width - 2)
                self.post_message(self.Sensed(gpu, self._noticing.look(view, self.now())))
        except Mistake as mistake:
            self.post_message(self.Unreadable(str(mistake)))

    def ahead(self, view: View) -> None:
        """Draw a change before it is written; until `written`, no look takes it back."""
        self.view = view
        self._nudges += 1
        self._unwritten += 1

    def written(self) -> None:
        """A change that was drawn ahead is on the disk, or will never be."""
        self._unwritten -= 1
        self.look()

    def hush(self) -> None:
        """Hide the first notice for as long as the planner is open."""
        self._noticing.hide(self.notices[0])
        self.notices = self._noticing.left(self.notices)

    # -- handlers -------------------------------------------------------------------------------

    def on_looking_app_looked(self, event: Looked) -> None:
        """Take the new picture, unless a nudge made since then would fall out of it."""
        self._looking = False
        self.trouble = ""
        if self.view is None:
            keep_for_good()
        stale = self._unwritten or event.nudges != self._nudges
        if not stale and event.view is not self.view:
            self.view = event.view
        if self._look_again:
            self.look()

    def on_looking_app_sensed(self, event: Sensed) -> None:
        """Take the newest line about the GPUs, and what was not hidden of the rest."""
        self.gpu = event.gpu
        self.notices = self._noticing.left(event.notices)

    def on_looking_app_unreadable(self, event: Unreadable) -> None:
        """Say so, and go on looking."""
        self._looking = False
        self.trouble = event.why
