"""A few words that are repainted only when they change, so that what is always in sight costs little."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class Plaque(Widget):
    """Words made from what is bound to it; a subclass says which, and calls `renew` when something moved."""

    _shown = Content()

    def words(self) -> Content:
        """What there is to read now."""
        raise NotImplementedError

    def renew(self) -> None:
        """Repaint if there is something else to read."""
        if not self.words().is_same(self._shown):
            self.refresh()

    def render(self) -> Content:
        """The words of now."""
        self._shown = self.words()
        return self._shown
