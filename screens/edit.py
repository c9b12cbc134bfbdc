"""The whole idea in one form: what it is, what it changes, and one person's estimate."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Label, Static, TextArea

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.rules.notation.as_typed import as_typed
from planner.rules.notation.estimating import CRITERIA
from screens.text import brief, clean, page
from screens.widgets.entry import Line

if TYPE_CHECKING:
    from screens.app import PlannerApp

HINTS = {
    "hours": "2-5h",
    "complexity": "0-5",
    "impact": "+0.5pp  2%",
    "likelihood": "20%",
    "method": "grid, random, tpe",
    "configs": "20",
    "nuisance": "lr",
}
"""What a person may type, by criterion, and of a sweep."""
HOW = ("method", "configs", "nuisance")
"""How a sweep is searched, each by the name of its option."""


class Page(TextArea):
    """Several lines of text, safe to paste anything into."""

    def get_line(self, line_index: int) -> Text:
        """One line as it is drawn: control characters as signs."""
        line = super().get_line(line_index)
        line.plain = clean(line.plain, keep="\t")
        return line


class Tick(Checkbox):
    """A box whose tick is seen without colour."""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's own name
        """A tick, or nothing."""
        return "✓" if self.value else " "


class EditScreen(ModalScreen[None]):
    """Fields as they are; saving sends only what was changed, and a mistake leaves everything as typed."""

    CSS_PATH = "edit.tcss"
    HELP = """
    Everything about one idea. Tab goes on, Ctrl+S saves, Esc leaves it as it was.
    Params stand one on a line, such as lr=1e-3; so do those to search over, such as lr=1e-4..1e-1,
    width=32,64,128 or dropout=0..0.5:0.1. Beside them: the method (grid, random or tpe), how many
    configurations, and which params nobody asks about. The estimate is that of the person named beside it.
    """
    BINDINGS: ClassVar = [
        Binding("ctrl+s", "save", "save", key_display="^s", priority=True),
        Binding("escape", "dismiss", "leave as it was", tooltip="Close the form and change nothing"),
    ]

    def __init__(self, idea: Idea, criterion: str) -> None:
        super().__init__()
        self.idea = idea
        self.criterion = criterion

    def compose(self) -> ComposeResult:
        """The idea above, the estimate below."""
        idea, who = self.idea, self.planner.engine.who
        with VerticalScroll(id="form", can_focus=False) as form:
            form.border_title = Content(f"idea #{idea.id}")
            form.border_subtitle = "^s saves · Esc leaves it as it was"
            yield from _field("title", Line(clean(idea.title), id="title"))
            yield from _field(
                "hypothesis",
                Page(
                    page(idea.hypothesis), id="hypothesis", tab_behavior="focus", highlight_cursor_line=False
                ),
            )
            yield from _field("category", Line(clean(idea.category), id="category"))
            yield from _field("tags", Line(clean(" ".join(idea.tags)), id="tags"))
            yield from _field(
                "params",
                Page(page(_params(idea)), id="params", tab_behavior="focus", highlight_cursor_line=False),
            )
            yield from _field(
                "sweep",
                Page(
                    page(_swept(idea)["sweep"]), id="sweep", tab_behavior="focus", highlight_cursor_line=False
                ),
            )
            with Horizontal(classes="edit--sweep"):
                for name in HOW:
                    yield Label(name, markup=False)
                    yield Line(clean(_swept(idea)[name]), id=name, placeholder=HINTS[name])
            yield from _field("git ref", Line(clean(idea.change.ref or ""), id="ref"))
            yield from _field(
                "", Tick("the recipe has it already", idea.change.implemented, id="implemented")
            )
            yield from _field("estimate by", Line(clean(who), id="by"))
            with Horizontal(classes="edit--estimate"):
                for name in CRITERIA:
                    yield Label(name, markup=False)
                    yield Line(id=name, placeholder=HINTS[name])
            yield Static(id="mistake", markup=False)

    # -- handlers -------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Fill in the estimate and begin where one was looking."""
        self._fill(self.planner.engine.who)
        self.query_one(f"#{self.criterion}").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another person's estimate appears when their name is typed."""
        if event.input.id == "by" and event.value in self.idea.estimates:
            self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    # -- actions --------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Write what was changed."""
        self._save()

    # -- parts ----------------------------------------------------------------------------------

    @property
    def planner(self) -> PlannerApp:
        """The app, with its verbs."""
        from screens.app import PlannerApp

        assert isinstance(self.app, PlannerApp)
        return self.app

    @work
    async def _save(self) -> None:
        """First the idea, then the estimate; the form closes when both are written."""
        engine, number = self.planner.engine, self.idea.id
        fields, said = self._fields(), self._said()
        try:
            if fields:
                self.idea = await self.planner.perform(partial(engine.edit, number, **fields))
            if said:
                await self.planner.perform(
                    partial(engine.estimate, number, by=self._text("by") or None, **said)
                )
        except Mistake as mistake:
            told = self.query_one("#mistake", Static)
            told.update(Content(brief(f"! {mistake}")))
            self.call_after_refresh(told.scroll_visible)
        else:
            self.dismiss()

    def _fields(self) -> dict[str, Any]:
        """What differs from the idea, as `edit` wants it."""
        idea = self.idea
        changed: dict[str, Any] = {}
        for name, was in (("title", idea.title), ("category", idea.category), ("ref", idea.change.ref or "")):
            if self._text(name) != clean(was):
                changed[name] = self._text(name)
        if self._page("hypothesis") != page(idea.hypothesis):
            changed["hypothesis"] = self._page("hypothesis")
        if self._text("tags") != clean(" ".join(idea.tags)):
            changed["tags"] = self._text("tags").split()
        if self._page("params") != page(_params(idea)):
            changed["params"] = [line for line in self._page("params").splitlines() if line.strip()]
        changed |= self._searched()
        if (implemented := self.query_one(Checkbox).value) != idea.change.implemented:
            changed["implemented"] = implemented
        return changed

    def _searched(self) -> dict[str, Any]:
        """What differs of the sweep; how it is searched goes with it where there is none any more."""
        was, found = _swept(self.idea), dict[str, Any]()
        lines = [line for line in self._page("sweep").splitlines() if line.strip()]
        if self._page("sweep") != page(was["sweep"]):
            found["sweep"] = lines
        how: dict[str, Any] = {name: text for name in HOW if (text := self._text(name)) != clean(was[name])}
        if "nuisance" in how:
            how["nuisance"] = how["nuisance"].replace(",", " ").split()
        return found | (how if lines or not self.idea.change.sweep else {})

    def _said(self) -> dict[str, str]:
        """Criteria whose text differs from what that person said, and is not empty."""
        old = as_typed(self.idea.estimates.get(self._text("by")))
        return {name: text for name in CRITERIA if (text := self._text(name)) and text != old[name]}

    def _fill(self, who: str) -> None:
        for name, text in as_typed(self.idea.estimates.get(who)).items():
            self.query_one(f"#{name}", Line).value = text

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Line).value.strip()

    def _page(self, name: str) -> str:
        return self.query_one(f"#{name}", Page).text


def _field(label: str, widget: Line | Page | Checkbox) -> ComposeResult:
    with Horizontal(classes="edit--field"):
        yield Label(label, markup=False)
        yield widget


def _params(idea: Idea) -> str:
    from json import dumps

    return "\n".join(
        f"{name}={dumps(value, ensure_ascii=False)}" for name, value in idea.change.params.items()
    )


def _swept(idea: Idea) -> dict[str, str]:
    """A sweep as it is typed: its params with their values, one on a line, and how they are searched."""
    sweep = idea.change.sweep
    if sweep is None:
        return dict.fromkeys(("sweep", *HOW), "")
    from planner.rules.notation.axis import as_typed

    return {
        "sweep": "\n".join(map(as_typed, sweep.axes)),
        "method": sweep.method,
        "configs": str(sweep.configs),
        "nuisance": " ".join(axis.name for axis in sweep.axes if axis.nuisance),
    }
