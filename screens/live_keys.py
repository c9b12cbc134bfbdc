"""The keys that work right now and what each does, in the words of the action itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

OF_TEXTUAL = ("focus_next", "focus_previous", "copy_text", "minimize", "help_quit")
"""Actions that come with Textual and explain themselves."""


def live_keys(screen: Screen[Any]) -> Iterator[tuple[DOMNode, Binding, str, str]]:
    """Node, binding, keys and explanation of every action; keys for the same one stand together."""
    found: dict[tuple[DOMNode, str], tuple[Binding, list[str]]] = {}
    for node, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.description and _name(binding) not in OF_TEXTUAL:
            _, keys = found.setdefault((node, binding.action), (binding, []))
            key = screen.app.get_key_display(binding)
            keys.extend([key] if key not in keys else [])
    for (node, action), (binding, keys) in sorted(found.items(), key=lambda each: _far(each[0][0])):
        yield node, binding, " ".join(keys), _told(node, binding) or action


def _far(node: DOMNode) -> int:
    """The screen's own verbs first, then those that work everywhere, then how to move about."""
    return 0 if isinstance(node, Screen) else 1 if isinstance(node, App) else 2


def _told(node: DOMNode, binding: Binding) -> str:
    """What the binding says of itself, as where one action serves several keys; else what the action does."""
    if binding.tooltip or "(" in binding.action:
        return binding.tooltip or binding.description
    owner: DOMNode | App[Any] = node.app if binding.action.startswith("app.") else node
    method = getattr(owner, f"action_{_name(binding)}", None) or getattr(
        node.app, f"action_{_name(binding)}", None
    )
    words = (method.__doc__ or "").strip().splitlines() if method else []
    # Textual explains its own actions to whoever writes a program.
    return words[0].rstrip(".") if words and method.__module__.startswith("screens") else binding.description


def _name(binding: Binding) -> str:
    return binding.action.partition("(")[0].rpartition(".")[2]
