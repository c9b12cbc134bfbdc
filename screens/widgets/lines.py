"""The base of everything that is drawn line by line and scrolled."""

from __future__ import annotations

from typing import Any

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text: another number of them lays out nothing anew, and an equal line is not repainted.

    The scrollbar is therefore always there, and blank while everything fits.
    """

    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $foreground 20%;
        scrollbar-color-hover: $foreground 40%;
        scrollbar-color-active: $accent;
    }
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._painted: dict[int, Strip] = {}

    def set_length(self, lines: int) -> None:
        """So many lines there are now."""
        self.set_reactive(ScrollView.virtual_size, Size(0, lines))
        bar: Any = self.vertical_scrollbar
        if (bar.window_virtual_size, bar.window_size) != (lines, self.size.height):
            bar.window_virtual_size, bar.window_size = lines, self.size.height
            bar.refresh()
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def line(self, y: int) -> Strip:
        """What stands at line `y` of those in sight."""
        raise NotImplementedError

    def renew(self) -> None:
        """Repaint the lines in sight that are no longer what they were."""
        for y in range(self.size.height):
            if self._painted.get(y) != self.line(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw a line, and remember how."""
        self._painted[y] = self.line(y)
        return self._painted[y]

    def notify_style_update(self) -> None:
        """In another theme nothing is as it was."""
        super().notify_style_update()
        self._painted.clear()
