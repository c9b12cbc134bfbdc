"""The top line: which project, which screen, and how far the goal is."""

from __future__ import annotations

from bisect import bisect_left

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style

from planner.domain.view import View
from screens import numbers
from screens.text import clean
from screens.widgets.plaque import Plaque

PLACES = (("backlog", "b"), ("runs", "r"), ("review", "v"))
"""The screens one can go to, and the key of each."""


class Heading(Plaque):
    """One line; a click on a screen's name goes there."""

    DEFAULT_CSS = """
    Heading { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    auto_links = False
    view: reactive[View | None] = reactive(None, repaint=False, always_update=True)
    """The project; bound by the page."""

    def __init__(self, project: str, place: str) -> None:
        super().__init__()
        self.project = project
        self.place = place

    def watch_view(self) -> None:
        """Read anew."""
        self.renew()

    def words(self) -> Content:
        """Project and places at the left, the goal at the right where there is room."""
        left = Content.assemble((clean(self.project), "bold"), "  ", *self._places())
        for words in self._goal():
            goal = Content.styled(words, "$foreground-muted")
            gap = self.size.width - left.cell_length - goal.cell_length
            if gap > 1:
                return left + " " * gap + goal
        return left

    def _places(self) -> list[Content]:
        return [self._tab(place, key) for place, key in PLACES]

    def _tab(self, place: str, key: str) -> Content:
        here = place == self.place
        before, _, after = place.partition(key)
        style = "bold reverse" if here else "$foreground-muted"
        go = Style.from_meta({"@click": f"app.go({place!r})"})
        name = Content.assemble(
            (f" {before}", style), (key, f"{style} underline"), (f"{after}{self._count(place)} ", style)
        )
        return name.stylize(go)

    def _count(self, place: str) -> str:
        if self.view is None or place == "review":
            return ""
        if place == "backlog":
            return f" {bisect_left(self.view.ranked, True, key=lambda row: row.rank is None):,}"
        live = sum(1 for run in self.view.runs if run.run.status in ("running", "queued"))
        return f" {live}" if live else ""

    def _goal(self) -> tuple[str, ...]:
        """Metric, where it stands and where it should be: in full, and shorter where there is little room."""
        if self.view is None:
            return ()
        goal, reference = self.view.settings.goal, self.view.ledger.calibration.reference
        name = f"{clean(goal.metric)} {'↑' if goal.direction == 'max' else '↓'}"
        stands = "" if reference is None else f" baseline {numbers.metric(reference)}"
        aim = "" if goal.target is None else f" target {numbers.metric(goal.target)}"
        return (
            f"{name}{stands}{aim} · 1 MEI {goal.minimum_effect:g}",
            f"{name}{stands}{aim}",
            f"{name}{stands}",
            name,
        )
