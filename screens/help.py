"""What the focused thing is, and every key that works there."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen, Screen

from screens.live_keys import live_keys
from screens.text import fit, wrap
from screens.widgets.sheet import Sheet

KEY = 14
"""Cells of the keys at the left."""


class HelpSheet(Sheet):
    """The explanation, then the keys."""

    def __init__(self, explained: Sequence[str], keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.explained = explained
        self.keys = keys

    def lines(self, width: int) -> Sequence[Content]:
        """Paragraphs, then one key a line."""
        said = [Content(line) for text in self.explained for line in [*_paragraph(text, width), ""]]
        return [*said, *(_told(key, does) for key, does in self.keys)]


class HelpScreen(ModalScreen[None]):
    """Over any screen; any of Esc, ? and q closes it."""

    BINDINGS: ClassVar = [Binding("escape,question_mark,q", "dismiss", "close", tooltip="Close the help")]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self.about = about

    def compose(self) -> ComposeResult:
        """One sheet in a frame."""
        sheet = HelpSheet(_explained(self.about), [(key, told) for _, _, key, told in live_keys(self.about)])
        sheet.border_title = "help"
        sheet.border_subtitle = "Esc closes"
        yield sheet


def _explained(about: Screen[Any]) -> list[str]:
    """The words of the focused thing and of what holds it, innermost first."""
    nodes = (about.focused or about).ancestors_with_self
    texts = [cleandoc(text) for node in nodes if (text := getattr(node, "HELP", None))]
    return list(dict.fromkeys(texts))


def _paragraph(text: str, width: int) -> list[str]:
    return [part for line in text.splitlines() for part in (wrap(line, width) if line.strip() else [""])]


def _told(key: str, does: str) -> Content:
    return Content.assemble((fit(key, KEY), "bold $text-accent"), does)
