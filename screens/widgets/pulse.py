"""Two lines that are always there: what the GPUs do, and what is running with its progress."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from planner.domain.view import RunView, View
from screens import numbers
from screens.text import clean, fit
from screens.widgets.plaque import Plaque

BAR = 8
"""Cells of a progress bar."""
TITLE = 22
"""Cells of a running idea's title."""


class Pulse(Plaque):
    """GPU state, and the running runs with progress and ETA."""

    DEFAULT_CSS = """
    Pulse { height: 2; background: $surface; color: $foreground-muted; padding: 0 1; text-wrap: nowrap; }
    """

    view: reactive[View | None] = reactive(None, repaint=False, always_update=True)
    """The project; bound by the page."""
    gpu: reactive[str] = reactive("")
    """The line about the GPUs; bound by the page."""

    def watch_view(self) -> None:
        """Read anew."""
        self.renew()

    def words(self) -> Content:
        """The two lines."""
        return Content.assemble(fit(self.gpu or "looking for GPUs…", self.size.width), "\n", self._runs())

    def _runs(self) -> Content:
        if self.view is None:
            return Content("reading the project…")
        running = [run for run in self.view.runs if run.run.status == "running"]
        return self._several(running) if running else self._idle(self.view)

    def _idle(self, view: View) -> Content:
        queued = sum(1 for run in view.runs if run.run.status == "queued")
        if view.ledger.paused:
            return Content.styled("‖ paused, nothing runs", "$text-warning")
        if queued:
            return Content(f"… {queued} queued" + ("" if view.dispatcher else ", no dispatcher is running"))
        return Content("nothing runs")

    def _several(self, running: list[RunView]) -> Content:
        parts = [told(run) for run in running]
        shown: list[Content] = []
        for number, part in enumerate(parts):
            more = len(parts) - number - 1
            used = sum(each.cell_length + 3 for each in shown) + part.cell_length
            if shown and used + (len(f"  +{more}") if more else 0) > self.size.width:
                break
            shown.append(part)
        left = len(parts) - len(shown)
        return Content("   ").join(shown) + (f"  +{left}" if left else "")


def told(run: RunView) -> Content:
    """A running run in a few words: what, how far, how long still."""
    progress = run.progress
    what = clean(run.title[:TITLE])
    where = f"{run.run.rung}·{run.run.seed}"
    if not progress.epochs:
        return Content.assemble(
            ("▶ ", "$text-primary"), what, f" {where} ", "starting" if not progress.epoch else ""
        )
    share = numbers.bar(progress.epoch / progress.epochs, BAR)
    eta = progress.eta_seconds
    return Content.assemble(
        ("▶ ", "$text-primary"),
        (what, "$foreground"),
        f" {where} ",
        (share, "$text-primary"),
        f" {progress.epoch}/{progress.epochs}",
        "" if eta is None else f" {numbers.duration(eta)} left",
    )
