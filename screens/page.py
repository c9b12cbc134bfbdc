"""What every screen shares: the project on top, the pulse and the live keys at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen

from planner.domain.view import View
from screens.widgets.banner import Banner
from screens.widgets.heading import Heading
from screens.widgets.key_line import KeyLine
from screens.widgets.notice_line import NoticeLine
from screens.widgets.pulse import Pulse

if TYPE_CHECKING:
    from screens.app import PlannerApp
    from screens.notices import Notice


class Page(Screen[None]):
    """A screen over the newest view; a screen behind another waits until it is seen again."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (130, "-wide")]
    PLACE: ClassVar[str] = ""
    """Which of the places it is, for the heading."""

    view: reactive[View | None] = reactive(None, always_update=True, repaint=False)
    """The project as it was last read; None before."""
    gpu: reactive[str] = reactive("", repaint=False)
    """The line about the GPUs."""
    trouble: reactive[str] = reactive("", repaint=False)
    """Why the project can't be read; empty while it can."""

    notices: reactive[tuple[Notice, ...]] = reactive((), repaint=False)
    """What a person should know."""

    @property
    def planner(self) -> PlannerApp:
        """The app, with its verbs."""
        from screens.app import PlannerApp

        assert isinstance(self.app, PlannerApp)
        return self.app

    def compose(self) -> ComposeResult:
        """Heading, body, what there is to know, pulse, keys."""
        yield Heading(self.planner.engine.name, self.PLACE).data_bind(Page.view)
        yield Banner().data_bind(Page.view, Page.trouble)
        yield from self.body()
        yield NoticeLine().data_bind(Page.notices)
        yield Pulse().data_bind(Page.view, Page.gpu)
        yield KeyLine()

    def body(self) -> ComposeResult:
        """What the screen is about."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow the app."""
        self.watch(self.app, "view", self._follow)
        self.watch(self.app, "gpu", self._follow)
        self.watch(self.app, "trouble", self._follow)
        self.watch(self.app, "notices", self._follow)

    def on_screen_resume(self) -> None:
        """Catch up with what happened meanwhile."""
        self._follow()

    def _follow(self) -> None:
        if self.is_current:
            self.gpu, self.trouble = self.planner.gpu, self.planner.trouble
            self.notices = self.planner.notices
            if self.view is not self.planner.view:
                self.view = self.planner.view
