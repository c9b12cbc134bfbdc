"""The bottom line: the keys that work right now, the most useful first, each clickable."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.keys import format_key
from textual.reactive import reactive
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

LAST = ("command_palette", "help")
"""Actions that keep their place at the right, whatever the width."""


class KeyLine(Widget):
    """The live keys, cut to the width: what does not fit is in the palette and in the help."""

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $panel; color: $foreground-muted; padding: 0 1; text-wrap: nowrap; }
    """

    auto_links = False
    keys: reactive[tuple[Binding, ...]] = reactive(())
    """What works now, in the order it is bound."""

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def render(self) -> Content:
        """As many as fit, then the ways to all others."""
        last = Content("  ").join([self._told(key) for key in self.keys if key.action in LAST])
        shown, room = Content(), self.size.width - last.cell_length
        for key in self.keys:
            part = self._told(key) + "  "
            if key.action in LAST or shown.cell_length + part.cell_length > room:
                continue
            shown += part
        return shown + " " * (self.size.width - shown.cell_length - last.cell_length) + last

    def _told(self, key: Binding) -> Content:
        press = Style.from_meta({"@click": f"app.simulate_key({key.key!r})"})
        name = self.app.get_key_display(key)
        return Content.assemble((name, "bold $text-accent"), f" {key.description}").stylize(press)

    def _follow(self, screen: Screen[object]) -> None:
        typing = screen.focused is not None and screen.focused.check_consume_key("a", "a")
        active = [each.binding for each in screen.active_bindings.values() if each.enabled]
        active = [each for each in active if not (typing and len(format_key(each.key)) == 1)]
        first: dict[str, Binding] = {}
        for binding in active:
            if binding.show:
                first.setdefault(binding.action, binding)
        self.keys = tuple(first.values())
