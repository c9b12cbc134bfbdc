"""The ranked backlog, one idea a row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache

from textual.reactive import reactive
from textual.timer import Timer

from planner.domain.view import RankedIdea
from planner.rules.scoring.ranking import alike
from screens import numbers, signs
from screens.climbed import rung_of
from screens.widgets.rows import Cell, Column, Rows

GLOW_SECONDS = 1.6
"""How long a row that moved is lit."""


class IdeaTable(Rows[RankedIdea]):
    """Ideas by score, best first; says what the researcher points at."""

    marked: reactive[frozenset[int]] = reactive(frozenset())
    """Ideas marked for a common action, by number."""
    moved: reactive[dict[int, int]] = reactive(dict, repaint=False)
    """Places each idea that just moved has risen, below 0 when it fell, by number."""

    rungs: reactive[Mapping[int, str]] = reactive(dict, repaint=False)
    """The rung each dispatched idea is on, by number."""

    _glow: Timer | None = None

    # -- rows -----------------------------------------------------------------------------------

    def key(self, row: RankedIdea) -> Hashable:
        """The idea's number."""
        return row.idea.id

    def columns(self, width: int) -> Sequence[Column]:
        """As many as fit: a narrow table keeps rank, title, score and status."""
        return _columns(width)

    def kind(self, row: RankedIdea) -> str:
        """Lit after a move, tinted when marked."""
        if row.idea.id in self.moved:
            return "moved"
        return "marked" if row.idea.id in self.marked else ""

    def cell(self, index: int, row: RankedIdea, column: str) -> Cell:
        """What an idea shows in a column."""
        if column == "title":
            return Cell(row.idea.title, "" if row.rank else "dim")
        if column == "status":
            sign, rung = signs.of_idea(row), rung_of(row, self.rungs)
            return Cell(f"{sign}·{rung}" if rung and sign is not signs.TIMER else str(sign), sign.tone)
        if column == "mark":
            return Cell(self._mark(row.idea.id), "live")
        if column == "near":
            return Cell("≈" if self._near(index) else "", "dim")
        return Cell(_text(row, column), "" if row.rank and column in ("rank", "score") else "dim")

    # -- state ----------------------------------------------------------------------------------

    def watch_rows(self, old: Sequence[RankedIdea], new: Sequence[RankedIdea]) -> None:
        """Once they are drawn, light the rows that a person or an outcome has moved."""
        super().watch_rows(old, new)
        self.call_after_refresh(self._light, old, new)

    def watch_moved(self, old: dict[int, int], new: dict[int, int]) -> None:
        """Repaint the rows that are lit or no longer lit, and only those in sight."""
        top = self.scroll_offset.y
        for index in range(top, min(top + self.size.height, len(self.rows))):
            if self.rows[index].idea.id in old or self.rows[index].idea.id in new:
                self.refresh_line(index + 1)

    def toggle_mark(self) -> None:
        """Mark the idea under the cursor, or take its mark away, and go on to the next."""
        if self.current is not None:
            self.marked ^= {self.current.idea.id}
            self.action_move(1)

    def chosen(self) -> list[int]:
        """The marked ideas, best first, or else the one under the cursor."""
        marked = [row.idea.id for row in self.rows if row.idea.id in self.marked]
        return marked or ([self.current.idea.id] if self.current else [])

    def step_off(self, ids: Sequence[int]) -> None:
        """Rest on the next idea that stays, so that one can go on from here."""
        after = [row.idea.id for row in self.rows[self.cursor :] if row.idea.id not in ids]
        before = [row.idea.id for row in self.rows[: self.cursor] if row.idea.id not in ids]
        if after or before:
            self.point_at(after[0] if after else before[-1])

    def _light(self, old: Sequence[RankedIdea], new: Sequence[RankedIdea]) -> None:
        moved = risen(old, new)
        if moved:
            self.moved = moved
            if self._glow is not None:
                self._glow.stop()
            self._glow = self.set_timer(GLOW_SECONDS, self._fade)

    def _fade(self) -> None:
        self.moved = {}

    def _mark(self, idea_id: int) -> str:
        risen = self.moved.get(idea_id, 0)
        if risen:
            return "▲" if risen > 0 else "▼"
        return "◆" if idea_id in self.marked else ""

    def _near(self, index: int) -> bool:
        """Whether the next idea is as good as this one."""
        if index + 1 >= len(self.rows):
            return False
        this, below = self.rows[index], self.rows[index + 1]
        if not (this.rank and below.rank):
            return False
        return alike(this.score.value, below.score.value)


def risen(old: Sequence[RankedIdea], new: Sequence[RankedIdea]) -> dict[int, int]:
    """Places risen, by number, of every idea whose score changed so much that it passed another.

    Ideas that come or go move nothing: places are counted among those ranked before and after.
    """
    before = {row.idea.id: row for row in old if row.rank}
    changed = [
        row.idea.id
        for row in new
        if row.rank and (then := before.get(row.idea.id)) and then.score.value != row.score.value
    ]
    if not changed:
        return {}
    after = {row.idea.id for row in new if row.rank}
    was = _places(number for number in before if number in after)
    now = _places(row.idea.id for row in new if row.idea.id in before and row.rank)
    return {number: was[number] - now[number] for number in changed if was[number] != now[number]}


def _places(numbers: Iterable[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers)}


def _text(row: RankedIdea, column: str) -> str:
    score = row.score
    if column == "rank":
        return str(row.rank or "")
    if column == "id":
        return f"#{row.idea.id}"
    if row.status == "done" and column in FORECAST:
        return _measured(row) if column == "gain" else ""
    if column == "score":
        return numbers.score(score.value, score.per_hour)
    if column == "chance":
        return numbers.chance(score.chance.used)
    if column == "gain":
        return numbers.compact(score.gain.used)
    if column == "hours":
        return numbers.compact(score.hours.used)
    return row.idea.category


def _measured(row: RankedIdea) -> str:
    """What a settled idea gained, with its sign."""
    gain = row.outcome.gain if row.outcome else None
    return "" if gain is None else numbers.gain(gain)


FORECAST = ("score", "chance", "gain", "hours")
"""Columns that look ahead: nothing of it is left to say of a settled idea, but for what it gained."""

_FIXED = (
    Column("mark", "", 1),
    Column("rank", "", 4, right=True),
    Column("title", "idea", 0),
    Column("score", "score", 6, right=True),
    Column("near", "", 1),
    Column("chance", "P", 5, right=True),
    Column("gain", "G", 4, right=True),
    Column("hours", "H", 5, right=True),
    Column("status", "status", 15),
    Column("category", "category", 14),
)
_GIVEN_UP = (("category", 40), ("gain", 26), ("hours", 24), ("chance", 22), ("near", 20))
"""Columns left out one after the other, each until the title has so many cells."""


@lru_cache(maxsize=8)
def _columns(width: int) -> tuple[Column, ...]:
    kept = list(_FIXED)
    for name, enough in _GIVEN_UP:
        if _room(kept, width) >= enough:
            break
        kept = [column for column in kept if column.name != name]
    title = Column("title", "idea", max(1, _room(kept, width)))
    return tuple(title if column.name == "title" else column for column in kept)


def _room(columns: list[Column], width: int) -> int:
    """Cells left for the title."""
    return width - 1 - sum(column.width + 1 for column in columns)
