"""A line of names of which one is chosen, by a key that turns through them or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from screens.text import clean, fit

LONGEST = 18
"""Cells of a name."""


class Chooser(Widget):
    """The first name stands for all of them; the chosen one is in brackets and always in sight."""

    DEFAULT_CSS = """
    Chooser { height: 1; padding: 0 1; color: $foreground-muted; text-wrap: nowrap; }
    """
    auto_links = False

    names: reactive[tuple[str, ...]] = reactive(())
    """What there is to choose from."""
    chosen: reactive[str] = reactive("")
    """The name that is chosen."""

    @dataclass
    class Chosen(Message):
        """Another name was chosen."""

        chooser: Chooser
        name: str

    def __init__(self, label: str, key: str, **options: Any) -> None:
        super().__init__(**options)
        self.label = label
        self.key = key

    def render(self) -> Content:
        """The key and its label, then as many names as fit around the chosen one."""
        head = Content.assemble((f"{self.key} ", "bold $text-accent"), f"{self.label} ")
        return head + Content("").join(self._in_sight(self.size.width - head.cell_length))

    def turn(self, step: int) -> None:
        """Choose the name beside."""
        if self.names:
            here = self.names.index(self.chosen) if self.chosen in self.names else 0
            self.post_message(self.Chosen(self, self.names[(here + step) % len(self.names)]))

    def action_take(self, place: int) -> None:
        """Choose what was clicked."""
        self.post_message(self.Chosen(self, self.names[place]))

    def _in_sight(self, room: int) -> Sequence[Content]:
        told = [self._told(place, name) for place, name in enumerate(self.names)]
        first = self.names.index(self.chosen) if self.chosen in self.names else 0
        while first and sum(each.cell_length for each in told[: first + 1]) > room:
            told, first = told[1:], first - 1
        return told

    def _told(self, place: int, name: str) -> Content:
        text = fit(clean(name), LONGEST).rstrip() or "–"
        here = name == self.chosen
        told = Content.styled(f"[{text}]" if here else f" {text} ", "bold $foreground" if here else "")
        return told.stylize(Style.from_meta({"@click": f"take({place})"}))
