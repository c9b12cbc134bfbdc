"""The steps of the review in one line, with the week at the right; a click goes to a step or a week."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

STEPS = ("what happened", "what paid off", "how good the guesses", "what next")
"""The steps, in order; the number of each is its key."""
SHORT = ("what happened", "what paid off", "guesses", "what next")
"""The same where there is little room."""
ROOMY = 96
"""Cells from which the names are told in full."""


class Stepper(Widget):
    """Number and name of each step, the one in sight between arrows."""

    DEFAULT_CSS = "Stepper { height: 1; padding: 0 1; background: $surface; text-wrap: nowrap; }"
    auto_links = False

    step: reactive[int] = reactive(0)
    """The step in sight, from 0; bound by the screen."""
    week: reactive[str] = reactive("")
    """The week in sight; bound by the screen."""

    def render(self) -> Content:
        """The steps, then the week."""
        names = STEPS if self.size.width >= ROOMY else SHORT
        left = Content("→").join([self._step(place, name) for place, name in enumerate(names)])
        right = Content.assemble(
            _go("‹ ", "screen.week(-1)"), (self.week, "bold"), _go(" ›", "screen.week(1)")
        )
        return left + " " * max(1, self.size.width - left.cell_length - right.cell_length) + right

    def _step(self, place: int, name: str) -> Content:
        style = "bold reverse" if place == self.step else "$foreground-muted"
        told = Content.styled(f" {place + 1} {name} ", style)
        return told.stylize(Style.from_meta({"@click": f"screen.step_to({place})"}))


def _go(text: str, action: str) -> Content:
    return Content(text).stylize(Style.from_meta({"@click": action}))
