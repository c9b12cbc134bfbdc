"""The line an idea is typed in: what it would become is told at every key; it stays until it is captured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from planner.domain.mistake import Mistake
from screens.widgets.entry import Entry

if TYPE_CHECKING:
    from screens.app import PlannerApp

SYNTAX = "title  -t hours  -c complexity 0-5  -i gain  -l chance  --set param=value  --tag word  --ref branch"
EXAMPLE = "label smoothing 0.1 -t 15m -i +0.3pp -l 25%"


class AddLine(Entry):
    """One idea in one line, in the words of `planner add`."""

    HELP = """
    One idea in one line. Only the title is needed:

      -t 30m, 2h, 1.5d     hours to implement        -c 0 to 5    complexity added to the code
      -i +0.5pp, 2%        gain if it works          -l 20%       chance that it does
      --set lr=1e-3        what it changes           --ref branch where its code is
      --category loss      --tag word                --by name    --hypothesis "…"
    """

    @dataclass
    class Captured(Message):
        """The idea is on disk."""

        idea_id: int

    def __init__(self, draft: str) -> None:
        super().__init__("add", draft, EXAMPLE, id="add")

    @property
    def planner(self) -> PlannerApp:
        """The app, with its verbs."""
        from screens.app import PlannerApp

        assert isinstance(self.app, PlannerApp)
        return self.app

    def on_mount(self) -> None:
        """Tell what a draft would become."""
        self.foretell()

    def on_entry_typed(self) -> None:
        """Tell it anew."""
        self.foretell()

    def foretell(self) -> None:
        """What the line would become, or what is wrong with it."""
        text, self.hint, self.mistake = self.text.strip(), SYNTAX, ""
        if text:
            try:
                self.hint = self.planner.engine.hint(text)
            except Mistake as mistake:
                self.mistake = str(mistake)

    def capture(self) -> None:
        """Write the idea; the draft is kept until that is done."""
        self.planner.draft = self.text
        self.planner.run_worker(self._capture(self.text), group="verbs")

    async def _capture(self, text: str) -> None:
        """Runs beside the line, so that closing it meanwhile stops nothing."""
        try:
            idea = await self.planner.perform(partial(self.planner.engine.add, text))
        except Mistake as mistake:
            if not self.is_attached:
                self.planner.complain(mistake)
                return
            self.mistake = str(mistake)
            self.screen.set_focus(self.line)
        else:
            self.planner.draft = ""
            self.post_message(self.Captured(idea.id))
