"""Textual's own palette, whose line shows what is pasted into it as our lines do."""

from __future__ import annotations

from textual.app import App
from textual.command import CommandPalette
from textual.widgets import Input

from screens.widgets.entry import LIMIT, Visible


class PaletteApp(App[None]):
    """Makes the palette's line visible and bounded as soon as it is open."""

    def on_command_palette_opened(self) -> None:
        """The palette of commands, or of themes."""
        if isinstance(self.screen, CommandPalette):
            for line in self.screen.query(Input):
                line.highlighter, line.max_length = Visible(), LIMIT
