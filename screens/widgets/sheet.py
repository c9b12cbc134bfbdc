"""A sheet of lines that is read by scrolling: broken anew for every width, drawn only where it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.selection import Selection
from textual.strip import Strip

from screens.text import fit, wrap
from screens.widgets.lines import Lines

LABEL = 9
"""Cells of the labels at the left of a sheet."""


class Sheet(Lines, inherit_bindings=False):
    """Styled lines; a subclass says which, and calls `rewrite` when they change."""

    BINDINGS = [
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown,space", "page_down", "Page down", show=False),
        Binding("home,g", "scroll_home", "Top", show=False),
        Binding("end,G", "scroll_end", "Bottom", show=False),
    ]

    DEFAULT_CSS = """
    Sheet { padding: 0 0 0 1; }
    """

    _lines: Sequence[Content] = ()
    _width = 0

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._drawn: dict[int, Strip] = {}

    def lines(self, width: int) -> Sequence[Content]:
        """What is on the sheet, each line at most `width` cells."""
        raise NotImplementedError

    def rewrite(self, *, top: bool = False) -> None:
        """Write the sheet anew, from its top when asked."""
        self._width = self.scrollable_content_region.width
        self._drawn.clear()
        self._lines = self.lines(self._width - 1) if self._width > 1 else ()
        if top:
            self.scroll_to(y=0, animate=False)
        self.set_length(len(self._lines))
        self.renew()

    def on_resize(self) -> None:
        """Another width breaks lines elsewhere."""
        if self.scrollable_content_region.width != self._width:
            self.rewrite()
        else:
            self.set_length(len(self._lines))

    def line(self, y: int) -> Strip:
        """One line of those in sight."""
        index = self.scroll_offset.y + y
        if index >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        if self.text_selection is None and index in self._drawn:
            return self._drawn[index]
        line = self._selected(index, self._lines[index])
        strip = Strip(line.render_segments(self.visual_style))
        drawn = strip.adjust_cell_length(self.size.width, self.rich_style).apply_offsets(0, index)
        if self.text_selection is None:
            self._drawn[index] = drawn
        return drawn

    def notify_style_update(self) -> None:
        """In another theme everything is drawn anew."""
        super().notify_style_update()
        self._drawn.clear()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What a person selected with the mouse, to copy it."""
        return selection.extract("\n".join(line.plain for line in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's own signature
        """Show the selection as it grows."""
        self.refresh()

    def _selected(self, index: int, line: Content) -> Content:
        span = self.text_selection.get_span(index) if self.text_selection else None
        if span is None:
            return line
        start, end = span
        style = self.screen.get_visual_style("screen--selection")
        return line.stylize(style, start, len(line) if end == -1 else end)


def labelled(label: str, texts: Sequence[str], width: int, hang: int = 0) -> Iterator[Content]:
    """Texts of any length with their label at the left of the first, after a blank line.

    All but the first line of each are set in by `hang` cells.
    """
    if texts:
        yield Content()
    for number, text in enumerate(texts):
        for part, line in enumerate(wrap(text, max(10 + hang, width - LABEL), hang)):
            start = fit(label if number == part == 0 else "", LABEL)
            yield Content.assemble((start, "bold $text-accent"), line)
