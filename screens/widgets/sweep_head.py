"""What a sweep searches, how far it is, and where its idea stands, over its configurations."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from planner.domain.view import RankedIdea
from planner.rules.judging.correcting import in_a_sentence
from planner.rules.judging.sweeping import chosen_in_words
from planner.rules.sweeping.swept import Swept
from planner.rules.wording.sweeps import standing, sweep_in_words, values_in_words
from screens import signs
from screens.text import plain


class SweepHead(Widget):
    """A few lines; as high as they are."""

    DEFAULT_CSS = "SweepHead { height: auto; max-height: 8; padding: 0 1; }"

    told: reactive[Content] = reactive(Content("reading the sweep…"), repaint=False)
    """What is said of it."""

    def render(self) -> Content:
        """Title, search, standing, and what comes next or what came of it."""
        return self.told

    def show(self, row: RankedIdea, found: Swept) -> None:
        """Say it anew; only another number of lines needs another layout."""
        told = Content("\n").join(list(_head(row, found)))
        if not told.is_same(self.told):
            self.told = told
            self.refresh(layout=self.size.height != len(told.wrap(max(1, self.size.width))))


def _head(row: RankedIdea, found: Swept) -> Iterator[Content]:
    fixed = values_in_words(row.idea.change.params)
    searched = sweep_in_words(found.sweep).removeprefix("sweep ")
    yield plain(f"#{row.idea.id} {row.idea.title} · {signs.of_idea(row)}", "bold")
    yield plain(f"{searched}{f'; fixed: {fixed}' if fixed else ''}", "$foreground-muted")
    on = f" · on {found.rung}, seed 0"
    yield plain(f"{standing(found.tried, found.sweep)}{on if found.tried else ''}")
    text, tone = stands(row, found)
    if text:
        yield plain(text, tone)


def stands(row: RankedIdea, found: Swept) -> tuple[str, str]:
    """What comes next, or what came of it, and in which colour."""
    wish = row.idea.dispatch
    if wish is not None and wish.halted:
        return f"■ halted: {wish.halted} · d goes on", "$text-warning"
    if wish is not None and wish.chosen is not None:
        return f"chosen: {chosen_in_words(wish.chosen)}; fresh seeds decide", "$text-primary"
    if wish is not None:
        first = "" if found.tried else "first check and tiny look at one configuration for all of them"
        return first, "$foreground-muted"
    if row.outcome is None:
        return f"not dispatched · d {'goes on' if found.tried else 'begins'}", "$text-warning"
    verdict = signs.VERDICT[row.outcome.verdict]  # the why-panel has the whole sentence
    since = f" · baseline v{found.baseline} is no longer in force: d begins anew" if found.past else ""
    return f"{verdict.sign} {in_a_sentence(row.outcome).partition('; ')[0]}{since}", ""
