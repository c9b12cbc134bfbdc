"""Rows under a heading, drawn line by line: only what is visible is ever rendered."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from screens.text import fit
from screens.widgets.lines import Lines

Row = TypeVar("Row")

REMEMBERED = 512
"""Drawn rows that are kept."""
TONES = ("dim", "good", "bad", "warn", "live", "strong")
"""What a cell may look like beside plain; each is a component class `rows--…`."""
KINDS = ("plain", "odd", "marked", "moved", "cursor")
"""What a whole row may look like, the last that holds wins."""


class Column(NamedTuple):
    """One column as wide as it is drawn."""

    name: str
    """What the row is asked for."""
    heading: str
    """What stands above it."""
    width: int
    """In cells."""
    right: bool = False
    """Whether its cells stand at the right, as numbers do."""


class Cell(NamedTuple):
    """What one row shows in one column."""

    text: str
    """Outside text is welcome: it is cleaned when drawn."""
    tone: str = ""
    """One of TONES, or empty."""


class Rows(Lines, Generic[Row], inherit_bindings=False):
    """A table of any length with a cursor that stays on its row when rows move."""

    BINDINGS = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("home,g", "jump(0)", "First", show=False),
        Binding("end,G", "jump(-1)", "Last", show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--heading",
        "rows--empty",
        *(f"rows--{name}" for name in TONES),
        *(f"rows--{name}" for name in KINDS),
    }

    DEFAULT_CSS = """
    Rows {
        & > .rows--heading { color: $foreground-muted; text-style: bold; background: $surface; }
        & > .rows--empty { color: $foreground-muted; }
        & > .rows--plain { color: $foreground; }
        & > .rows--odd { color: $foreground; background: $foreground 3%; }
        & > .rows--marked { color: $foreground; background: $accent 18%; }
        & > .rows--moved { color: $foreground; background: $success 25%; }
        & > .rows--cursor { color: $foreground; background: $primary 25%; }
        &:focus > .rows--cursor { color: $foreground; background: $primary 45%; text-style: bold; }
        & > .rows--dim { color: $foreground-muted; }
        & > .rows--good { color: $text-success; }
        & > .rows--bad { color: $text-error; }
        & > .rows--warn { color: $text-warning; }
        & > .rows--live { color: $text-primary; }
        & > .rows--strong { text-style: bold; }
    }
    """

    rows: reactive[Sequence[Row]] = reactive((), repaint=False, always_update=True)
    """What is shown, in this order; bound by the screen."""
    cursor: reactive[int] = reactive(0, repaint=False)
    """The row the cursor rests on, from 0."""
    empty: reactive[str] = reactive("")
    """What to say when there is no row: what to do next."""

    @dataclass
    class Highlighted(Message):
        """The cursor rests on another row, or on a row that changed; None when there is none."""

        table: Rows[Any]
        row: Any

        @property
        def control(self) -> Rows[Any]:
            """The table it happened in."""
            return self.table

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._drawn: LRUCache[tuple[str, int, tuple[Cell, ...]], Strip] = LRUCache(REMEMBERED)
        """Rows as they were drawn: a row that only moved costs nothing."""

    # -- what a table says of its rows ----------------------------------------------------------

    def key(self, row: Row) -> Hashable:
        """What stays the same when the row changes."""
        raise NotImplementedError

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit `width` cells, one blank between them."""
        raise NotImplementedError

    def cell(self, index: int, row: Row, column: str) -> Cell:
        """What a row shows in a column."""
        raise NotImplementedError

    def kind(self, row: Row) -> str:  # noqa: ARG002 - a table that has kinds looks at the row
        """What a whole row looks like: one of KINDS, or empty for the usual."""
        return ""

    # -- state ----------------------------------------------------------------------------------

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None without rows."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def index_of(self, key: Hashable) -> int | None:
        """Where the row of that key stands; None when it is not shown."""
        return next((i for i, row in enumerate(self.rows) if self.key(row) == key), None)

    def point_at(self, key: Hashable) -> bool:
        """Put the cursor on the row of that key; False when it is not shown."""
        index = self.index_of(key)
        if index is not None:
            self.cursor = index
        return index is not None

    def watch_rows(self, old: Sequence[Row], new: Sequence[Row]) -> None:
        """Keep the cursor on its row; at its height when the row is gone."""
        held = old[self.cursor] if 0 <= self.cursor < len(old) else None
        index = None if held is None else self.index_of(self.key(held))
        place = min(self.cursor, max(0, len(new) - 1)) if index is None else index
        self.set_length(len(new) + 1)
        self.renew()
        if place != self.cursor:
            self.cursor = place
        elif self.current is not held:
            self.post_message(self.Highlighted(self, self.current))

    def validate_cursor(self, cursor: int) -> int:
        """Never past the last row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint two lines, not the table."""
        self.refresh_line(old + 1)
        self.refresh_line(new + 1)
        self._show_cursor()
        self.post_message(self.Highlighted(self, self.current))

    def _show_cursor(self) -> None:
        page = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + page:
            self.scroll_to(y=self.cursor - page + 1, animate=False)

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self.set_length(len(self.rows) + 1)
        self._show_cursor()

    # -- drawing --------------------------------------------------------------------------------

    def line(self, y: int) -> Strip:
        """The heading, or the row that stands at line `y` of what is visible."""
        width = self.size.width
        if y == 0:
            return self._heading(width)
        index = self.scroll_offset.y + y - 1
        if index < len(self.rows):
            return self._row(index, width)
        return self._blank(y, width)

    def _heading(self, width: int) -> Strip:
        style = self.get_component_rich_style("rows--heading")
        cells = [(_aligned(column, column.heading), style) for column in self.columns(width)]
        return _strip(cells, style, width)

    def _row(self, index: int, width: int) -> Strip:
        row = self.rows[index]
        kind = "cursor" if index == self.cursor else self.kind(row) or ("odd" if index % 2 else "plain")
        columns = self.columns(width)
        cells = tuple(self.cell(index, row, column.name) for column in columns)
        drawn = self._drawn.get((kind, width, cells))
        if drawn is None:
            styled = [
                (_aligned(column, cell.text), self._style(kind, cell.tone))
                for column, cell in zip(columns, cells, strict=True)
            ]
            drawn = self._drawn[kind, width, cells] = _strip(styled, self._style(kind), width)
        return drawn

    def notify_style_update(self) -> None:
        """In another theme everything is drawn anew."""
        super().notify_style_update()
        self._drawn.clear()

    def _blank(self, y: int, width: int) -> Strip:
        style = self.get_component_rich_style("rows--empty")
        lines = self.empty.splitlines() if not self.rows else []
        text = lines[y - 2] if 0 <= y - 2 < len(lines) else ""
        return Strip([Segment(fit("  " + text, width), style)], width)

    def _style(self, kind: str, tone: str = "") -> Style:
        style = self.get_component_rich_style(f"rows--{kind}")
        if not tone:
            return style
        ink = self.get_component_rich_style(f"rows--{tone}")
        return _inked(style, ink)

    # -- handlers -------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click points, a second one is Enter."""
        index = self.scroll_offset.y + event.y - 1
        if event.y < 1 or index >= len(self.rows):
            return
        self.cursor = index
        if event.chain == 2:
            self.app.simulate_key("enter")

    # -- actions --------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self.cursor += step

    def action_page(self, step: int) -> None:
        """Move the cursor by what fits on a page."""
        self.cursor += step * max(1, self.size.height - 2)

    def action_jump(self, index: int) -> None:
        """Move the cursor to a row, counted from the end when negative."""
        self.cursor = index if index >= 0 else len(self.rows) + index


def _aligned(column: Column, text: str) -> str:
    if column.right:
        text = " " * (column.width - cell_len(text)) + text
    return fit(text, column.width)


def _strip(cells: list[tuple[str, Style]], style: Style, width: int) -> Strip:
    """The cells with one blank between them and before the first, padded to the width, in few segments."""
    segments = [Segment(" ", style)]
    for text, cell_style in cells:
        if segments[-1].style is cell_style:
            segments[-1] = Segment(f"{segments[-1].text}{text} ", cell_style)
        else:
            segments.append(Segment(f"{text} ", cell_style))
    used = 1 + sum(cell_len(text) + 1 for text, _ in cells)
    if used < width:
        segments.append(Segment(" " * (width - used), style))
    return Strip(segments).crop(0, width)


@lru_cache(maxsize=256)
def _inked(style: Style, ink: Style) -> Style:
    """A style with the colour of another, and its weight."""
    return style + Style(color=ink.color, bold=ink.bold or None)
