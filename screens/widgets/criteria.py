"""What one says of the highlighted idea, in one line, with the criterion that `+` and `-` move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from planner.domain.estimate import Estimate
from planner.rules.notation.estimating import CRITERIA
from screens import numbers
from screens.text import clean

WIDEST = 10
"""Cells that one criterion may take."""


class CriteriaLine(Widget):
    """One's own estimate; a click or ←→ chooses a criterion."""

    DEFAULT_CSS = """
    CriteriaLine {
        height: 1; padding: 0 1; background: $surface; color: $foreground-muted; text-wrap: nowrap;
    }
    """
    auto_links = False

    estimate: reactive[Estimate | None] = reactive(None)
    """What one has said; None before."""
    criterion: reactive[str] = reactive("likelihood")
    """What is moved; bound by the screen."""

    @dataclass
    class Chosen(Message):
        """A criterion was clicked."""

        criterion: str

    def __init__(self, who: str) -> None:
        super().__init__()
        self.who = who

    def render(self) -> Content:
        """Who, and the four numbers."""
        texts = zip(CRITERIA, said(self.estimate), strict=True)
        return Content(" ").join(
            [Content.styled(clean(self.who), "bold"), *(self._told(*each) for each in texts)]
        )

    def _told(self, name: str, text: str) -> Content:
        chosen = name == self.criterion
        told = Content.styled(
            f" {name} {text}{' ±' if chosen else ''} ", "bold $text on $accent" if chosen else ""
        )
        return told.stylize(Style.from_meta({"@click": f"choose({name!r})"}))

    def action_choose(self, criterion: str) -> None:
        """Say which one was clicked."""
        self.post_message(self.Chosen(criterion))


def said(estimate: Estimate | None) -> tuple[str, str, str, str]:
    """An estimate's four numbers as people write them, in the order of CRITERIA."""
    if estimate is None:
        return (numbers.NOTHING,) * 4
    ranges = estimate.ranges
    complexity = numbers.NOTHING if estimate.complexity is None else f"{estimate.complexity:g}"
    return (
        _range(numbers.hours, ranges.get("hours")) or numbers.hours(estimate.hours),
        _range("{:g}".format, ranges.get("complexity")) or complexity,
        _impact(estimate),
        _range(lambda end: f"{end * 100:.3g}", ranges.get("likelihood"), " %")
        or numbers.percent(estimate.likelihood),
    )


def _range(write: Callable[[float], str], ends: tuple[float, float] | None, unit: str = "") -> str:
    """Both ends where they fit into a column, such as `2h–5h`; empty where they don't, or without a range."""
    told = "" if ends is None else f"{write(ends[0])}–{write(ends[1])}{unit}"
    return told if len(told) <= WIDEST else ""


def _impact(estimate: Estimate) -> str:
    if estimate.impact is None:
        return numbers.NOTHING
    times, unit = (100, "%") if estimate.relative else (1, "")
    whole = _range(lambda end: f"{times * end:+.3g}", estimate.ranges.get("impact"), unit)
    return whole or f"{times * estimate.impact:+.3g}{unit}"
