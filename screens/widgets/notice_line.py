"""What a person should know, calmly, a line each, until it is over or hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.text import clean, fit

if TYPE_CHECKING:
    from screens.notices import Notice

MOST = 2
"""Lines it may take; the rest are told when these are hidden."""
HIDES = " · z hides it"
"""How it is hidden."""


class NoticeLine(Widget):
    """There only while there is something to know."""

    DEFAULT_CSS = """
    NoticeLine {
        height: auto; max-height: 2; padding: 0 1; text-wrap: nowrap; display: none;
        background: $surface; color: $foreground-muted;
    }
    """

    notices: reactive[tuple[Notice, ...]] = reactive((), layout=True)
    """What there is to know; bound by the page."""

    def render(self) -> Content:
        """One a line, in short where there is little room."""
        return Content("\n").join([Content(self._told(one)) for one in self.notices[:MOST]])

    def watch_notices(self, notices: tuple[Notice, ...]) -> None:
        """Be there only then."""
        self.display = bool(notices)

    def _told(self, notice: Notice) -> str:
        room = self.size.width - len(HIDES)
        text = clean(notice.text)
        return fit(text if Content(text).cell_length <= room else notice.short, room).rstrip() + HIDES
