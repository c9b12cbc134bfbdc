"""One plot with its legend; loads the plotting library, so it is imported only when a run is opened."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from textual.app import ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from screens.curves import Line, Plot
from screens.text import clean

COLOURS = {
    "band": "foreground-muted",
    "train": "text-primary",
    "validation": "text-accent",
    "utilisation": "text-success",
    "memory": "text-primary",
    "temperature": "text-error",
    "power": "text-warning",
}
"""The theme's colour of each role."""
MARKS = {"band": "┄", "train": "─", "validation": "━"}
"""What stands before a name in the legend, so that it is not told by colour alone."""


class Powers(NumericAxisFormatter):
    """Marks at whole powers of ten, such as 1e-3."""

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """The whole numbers within, every second or third where they are many."""
        within = range(ceil(min_), floor(max_) + 1)
        return [float(power) for power in within[:: max(1, -(-len(within) // max_ticks))]]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """Each as people write a learning rate."""
        return [f"1e{round(tick)}" for tick in ticks]


class Axes(PlotWidget, inherit_bindings=False):
    """Axes without the library's wide margins, and with keys that leave ours alone."""

    HELP = "A plot: + and − zoom, the arrows move, 0 shows everything again; wheel and mouse do the same."
    BINDINGS = [
        Binding("plus,equals_sign", "zoom_in", "zoom", key_display="+−"),
        Binding("minus", "zoom_out", "zoom out", show=False),
        Binding("left", "pan_left", "pan", key_display="←→"),
        Binding("right", "pan_right", "pan right", show=False),
        Binding("up", "pan_up", "pan up", show=False),
        Binding("down", "pan_down", "pan down", show=False),
        Binding("0", "reset_scales", "whole"),
    ]

    DEFAULT_CSS = """
    Axes {
        height: 1fr;
        & > .plot--axis { color: $foreground 30%; }
        & > .plot--tick { color: $foreground 70%; text-style: none; }
        &:focus > .plot--axis { color: $accent; }
    }
    """

    def on_mount(self) -> None:
        """Narrow margins: every cell shows data."""
        self.margin_top, self.margin_bottom, self.margin_left = 0, 1, 8


class PlotCard(Vertical):
    """A legend line over the axes."""

    DEFAULT_CSS = """
    PlotCard { height: 1fr; }
    PlotCard > Static { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    plot: Plot | None = None
    epochs: float | None = None
    _limits: tuple[str, float | None] | None = None

    def compose(self) -> ComposeResult:
        """Legend and axes."""
        yield Static(markup=False)
        yield Axes()

    def on_mount(self) -> None:
        """Draw, and again in another theme."""
        self.watch(self.app, "theme", self.redraw)

    def show(self, plot: Plot, epochs: float | None) -> None:
        """Draw another plot, or the same one grown."""
        self.plot, self.epochs = plot, epochs
        self.redraw()

    def redraw(self) -> None:
        """Draw every line over an axis that spans all epochs."""
        if self.plot is None or not self.query("#legend"):
            return
        axes = self.query_one(Axes)
        axes.clear()
        limits = (self.plot.title, self.epochs)
        if limits != self._limits or self.plot.powers:
            self._limits = limits
            axes.set_x_formatter(Powers() if self.plot.powers else NumericAxisFormatter())
            axes.set_xlimits(*(self.plot.powers or (0, self.epochs)))
            axes.set_ylimits(*(self.plot.span or (None, None)))
        for line in self.plot.lines:
            self._draw(axes, line)
        self.query_one(Static).update(self._legend(self.plot), layout=False)

    def _draw(self, axes: PlotWidget, line: Line) -> None:
        x, y = [x for x, _ in line.points], [y for _, y in line.points]
        if len(x) == 1:
            axes.scatter(x, y, marker="•", marker_style=self._colour(line.role))
        elif x:
            axes.plot(x, y, line_style=self._colour(line.role), hires_mode=HiResMode.BRAILLE)

    def _colour(self, role: str) -> str:
        """The theme's colour of a role; the band stands back."""
        variables = self.app.theme_variables
        if role == "band":
            return Color.parse(variables["background"]).blend(Color.parse(variables["foreground"]), 0.45).hex6
        return Color.parse(variables[COLOURS[role]]).hex6

    def _legend(self, plot: Plot) -> Content:
        parts = [Content.styled(clean(plot.title), "bold")]
        for line in plot.lines:
            if line.name and line.points:
                parts.append(
                    Content.styled(f"{MARKS.get(line.role, '─')} {line.name}", f"${COLOURS[line.role]}")
                )
        return Content("   ").join(parts)
