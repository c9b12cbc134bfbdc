"""A line under the heading that is there only while something is wrong."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from planner.domain.view import View
from screens.text import brief


class Banner(Widget):
    """What is wrong with the store or the settings, and why nothing starts."""

    DEFAULT_CSS = """
    Banner { height: auto; max-height: 4; padding: 0 1; background: $warning 25%; color: $foreground; }
    """

    view: reactive[View | None] = reactive(None, repaint=False, always_update=True)
    """The project; bound by the page."""
    trouble: reactive[str] = reactive("", repaint=False)
    """Why the project can't be read; bound by the page."""
    told: reactive[tuple[str, ...]] = reactive((), layout=True)
    """What there is to say."""

    def render(self) -> Content:
        """Each trouble on a line of its own."""
        return Content("\n").join([Content(f"! {brief(told)}") for told in self.told])

    def watch_view(self) -> None:
        """See what there is to say."""
        self.told = self._all()

    def watch_trouble(self) -> None:
        """Likewise."""
        self.told = self._all()

    def watch_told(self, told: tuple[str, ...]) -> None:
        """Be there only when there is something to say."""
        self.display = bool(told)

    def _all(self) -> tuple[str, ...]:
        told = [self.trouble, self.view.warning if self.view else ""]
        if self.view and self.view.ledger.paused:
            told.append(f"nothing starts by itself: {self.view.ledger.paused} · c on the runs screen goes on")
        return tuple(each for each in told if each)
