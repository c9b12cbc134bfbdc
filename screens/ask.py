"""A question on top of a screen: a choice, a line or two to type; a mistake leaves everything as typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Label, Static

from planner.domain.mistake import Mistake
from screens.text import brief, clean
from screens.widgets.entry import Line

if TYPE_CHECKING:
    from screens.app import PlannerApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked for."""

    name: str
    """Under which the verb is given what was typed."""
    label: str
    """What stands before it."""
    hint: str = ""
    """What may be typed."""
    choices: tuple[str, ...] = ()
    """What there is to choose from, the first one chosen; empty where it is typed."""


class Choice(Widget, can_focus=True):
    """One of a few words: the arrows or a click choose; the chosen one stands in brackets."""

    BINDINGS: ClassVar = [
        Binding("left", "choose(-1)", "choice before", show=False),
        Binding("right,space", "choose(1)", "choose", key_display="←→"),
    ]
    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; color: $foreground-muted; text-wrap: nowrap; }
    """
    auto_links = False

    chosen: reactive[str] = reactive("")
    """The word that is chosen."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self.words = tuple(words)
        self.set_reactive(Choice.chosen, words[0])

    def render(self) -> Content:
        """All of the words."""
        return Content("").join([self._told(word) for word in self.words])

    def _told(self, word: str) -> Content:
        here = word == self.chosen
        style = ("bold reverse" if self.has_focus else "bold $foreground") if here else ""
        told = Content.styled(f"[{word}]" if here else f" {word} ", style)
        return told.stylize(Style.from_meta({"@click": f"take({word!r})"}))

    def on_focus(self, _: events.Focus) -> None:
        """The focus is seen."""
        self.refresh()

    def on_blur(self, _: events.Blur) -> None:
        """Likewise when it goes."""
        self.refresh()

    def action_choose(self, step: int) -> None:
        """Choose the word beside."""
        self.chosen = self.words[(self.words.index(self.chosen) + step) % len(self.words)]

    def action_take(self, word: str) -> None:
        """Choose what was clicked."""
        self.chosen = word


class AskScreen(ModalScreen[None]):
    """Enter goes on, and in the last field does it; what the verb answers is said on the screen below."""

    HELP = """
    Tab goes on, Enter in the last line does it, Esc leaves everything as it is.
    What was done is said below, and u undoes it.
    """
    BINDINGS: ClassVar = [
        Binding("enter", "go_on", "do it", key_display="⏎"),
        Binding("ctrl+s", "do", "do it", show=False, priority=True),
        Binding("escape", "dismiss", "leave it", tooltip="Leave everything as it is"),
    ]
    CSS = """
    AskScreen {
        align: center middle;
        #question {
            width: 84; max-width: 100%; height: auto; max-height: 100%;
            border: round $accent; background: $surface; padding: 0 1;
        }
        #about { height: auto; color: $foreground-muted; }
        .ask--field { height: 1; }
        Label { width: 12; color: $foreground-muted; }
        Line { width: 1fr; background: $background; padding: 0 1; }
        Line:focus { background: $primary 30%; }
        #mistake { color: $text-warning; height: auto; }
    }
    AskScreen:ansi { Line:focus { text-style: reverse; } }
    """

    def __init__(self, title: str, about: str, fields: Sequence[Field], verb: Callable[..., str]) -> None:
        super().__init__()
        self.question = title
        self.about = about
        self.fields = tuple(fields)
        self.verb = verb
        """Does it, given each field's text under its name; answers a sentence, empty where it did nothing."""

    def compose(self) -> ComposeResult:
        """What it is about, the fields, and a place for a mistake."""
        with Vertical(id="question") as frame:
            frame.border_title = Content(clean(self.question))
            frame.border_subtitle = "⏎ does it · Esc leaves it as it is"
            yield Static(Content(brief(self.about)), id="about")
            for field in self.fields:
                with Horizontal(classes="ask--field"):
                    yield Label(field.label, markup=False)
                    yield _asked(field)
            yield Static(id="mistake", markup=False)

    # -- handlers -------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin with the first."""
        self.query_one(f"#{self.fields[0].name}").focus()

    def on_input_submitted(self) -> None:
        """Enter goes on from a line too."""
        self.action_go_on()

    # -- actions --------------------------------------------------------------------------------

    def action_go_on(self) -> None:
        """On to the next field, or do it."""
        last = self.fields[-1].name
        if self.focused is not None and self.focused.id != last:
            self.focus_next()
        else:
            self._do()

    def action_do(self) -> None:
        """Do it from wherever one is."""
        self._do()

    # -- parts ----------------------------------------------------------------------------------

    @property
    def planner(self) -> PlannerApp:
        """The app, with its verbs."""
        from screens.app import PlannerApp

        assert isinstance(self.app, PlannerApp)
        return self.app

    @work
    async def _do(self) -> None:
        said = {field.name: self._text(field) for field in self.fields}
        try:
            told = await self.planner.perform(partial(self.verb, **said))
        except Mistake as mistake:
            self.query_one("#mistake", Static).update(Content(brief(f"! {mistake}")))
        else:
            self.dismiss()
            if told:
                self.planner.say(f"{told} · u undoes it")

    def _text(self, field: Field) -> str:
        widget = self.query_one(f"#{field.name}")
        return widget.chosen if isinstance(widget, Choice) else self.query_one(f"#{field.name}", Line).value


def _asked(field: Field) -> Choice | Line:
    if field.choices:
        return Choice(field.choices, id=field.name)
    return Line(id=field.name, placeholder=field.hint)
