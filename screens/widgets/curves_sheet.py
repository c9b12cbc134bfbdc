"""As many plots of a run as fit, the goal's metric first; the plotting library is loaded when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.containers import Container
from textual.widgets import Static

from planner.domain.view import RunDetail
from screens import curves
from screens.widgets.run_sheets import READING

if TYPE_CHECKING:
    from screens.widgets.plot_card import PlotCard

HEIGHT = 10
"""Lines one plot needs."""
WIDTH = 70
"""Cells one plot needs."""
NOTHING = "No epoch has ended."
"""What to say of a run that has nothing to draw."""


class CurvesSheet(Container):
    """Plots over one axis of epochs; more of them than fit are turned through."""

    DEFAULT_CSS = """
    CurvesSheet { layout: grid; grid-size: 1; grid-gutter: 0 1; }
    CurvesSheet > Static { padding: 0 1; color: $foreground-muted; }
    """

    _plots: tuple[curves.Plot, ...] = ()
    _epochs: float | None = None
    _first = 0
    _instead = READING
    """What to say while there is nothing to draw."""

    def show(self, detail: RunDetail, goal: str) -> None:
        """Draw the newest there is."""
        progress = detail.run.progress
        self._plots, self._instead = curves.plots(detail, goal), NOTHING
        self._epochs = float(progress.epochs or progress.epoch) or None
        self._draw()

    def turn(self) -> None:
        """Go on to the plots that did not fit."""
        fit = self._fit()
        self._first = self._first + fit if self._first + fit < len(self._plots) else 0
        self._draw()

    def on_resize(self, _: events.Resize) -> None:
        """Another size fits another number."""
        self._draw()

    def _fit(self) -> int:
        return max(1, self.size.width // WIDTH) * max(1, self.size.height // HEIGHT)

    def _draw(self) -> None:
        if not self.size:
            return
        shown = self._plots[self._first : self._first + self._fit()]
        across = min(max(1, self.size.width // WIDTH), max(1, len(shown)))
        self.styles.grid_size_columns = across
        for number, (card, plot) in enumerate(zip(self._cards(len(shown)), shown, strict=True), 1):
            last_alone = number == len(shown) and number % across == 1
            card.styles.column_span = across if last_alone else 1
            card.show(plot, self._epochs)

    def _cards(self, count: int) -> list[PlotCard]:
        """So many cards, those there are already first."""
        from screens.widgets.plot_card import PlotCard

        cards = list(self.query(PlotCard))
        for card in cards[count:]:
            card.remove()
        new = [PlotCard() for _ in range(count - len(cards))]
        self.query(Static).filter(".empty").remove()
        if new:
            self.mount(*new)
        elif not count:
            self.mount(Static(self._instead, classes="empty", markup=False))
        return [*cards[:count], *new]
