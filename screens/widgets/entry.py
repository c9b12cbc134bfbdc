"""One line to type in, at the bottom of a screen, with what is made of it told underneath as one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from screens.text import clean

LIMIT = 2000
"""Characters that fit on the line."""


class Visible(Highlighter):
    """Shows typed and pasted control characters as signs."""

    def highlight(self, text: Text) -> None:
        """Replace each by one character, so that the cursor stays where it is."""
        text.plain = clean(text.plain)


class Line(Input):
    """One line of text, safe to paste anything into."""

    def __init__(self, value: str = "", **options: object) -> None:
        super().__init__(value, compact=True, highlighter=Visible(), max_length=LIMIT, **options)  # type: ignore[arg-type]  # passed on as they are

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of it as one, where Textual takes the first and says nothing of the others."""
        event.prevent_default()
        event.stop()
        self.replace(" ".join(event.text.splitlines()), *self.selection)

    def restricted(self) -> None:
        """Say why nothing is taken: what stands there already is untouched."""
        self.app.notify(f"A line holds {LIMIT:,} characters: this does not fit.", severity="warning")


class Entry(Vertical):
    """A prompt, a line, and a hint or a mistake under it; the text stays until it is taken or thrown away.

    That the text is confirmed is said by the line's own `Input.Submitted`.
    """

    BINDINGS: ClassVar = [Binding("escape", "leave", "close")]

    DEFAULT_CSS = """
    Entry {
        height: 2; background: $surface; padding: 0 1;
        & > Horizontal { height: 1; }
        & .entry--prompt { width: auto; color: $text-accent; text-style: bold; padding: 0 1 0 0; }
        & .entry--keys { width: auto; color: $foreground-muted; padding: 0 0 0 1; }
        & Line { width: 1fr; background: $surface; }
        & > .entry--hint { height: 1; color: $foreground-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > .entry--hint.-mistake { color: $text-warning; }
    }
    """

    hint: reactive[str] = reactive("")
    """What would be made of the line."""
    mistake: reactive[str] = reactive("")
    """What is wrong with the line; shown instead of the hint."""

    @dataclass
    class Typed(Message):
        """The text changed."""

        entry: Entry
        text: str

    @dataclass
    class Left(Message):
        """The entry was closed with this text in it."""

        entry: Entry
        text: str

    def __init__(self, prompt: str, text: str = "", placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.prompt = prompt
        self.line = Line(text, placeholder=placeholder, select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Prompt and line, and the hint below."""
        with Horizontal():
            yield Static(self.prompt, classes="entry--prompt", markup=False)
            yield self.line
            yield Static("⏎ takes it", classes="entry--keys", markup=False)
        yield Static("", classes="entry--hint", markup=False)

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self.line.value

    def watch_hint(self) -> None:
        """Tell it below the line."""
        self._tell()

    def watch_mistake(self) -> None:
        """Likewise, marked by a sign."""
        self._tell()

    def _tell(self) -> None:
        if not self.is_mounted:
            return
        told = self.query_one(".entry--hint", Static)
        told.set_class(bool(self.mistake), "-mistake")
        told.update(Content(clean(f"! {self.mistake}" if self.mistake else self.hint)), layout=False)

    # -- handlers -------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Tell what to type."""
        self._tell()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say so as the entry."""
        event.stop()
        self.post_message(self.Typed(self, event.value))

    # -- actions --------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Close without taking the text."""
        self.post_message(self.Left(self, self.text))
