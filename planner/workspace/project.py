"""One project as its verbs see it: where it lies, its store, its settings, the clock and the person."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planner.clock import Now, utc_now
from planner.domain.settings import Settings
from planner.store.config import load_settings
from planner.store.layout import Layout

if TYPE_CHECKING:
    from planner.store.store import Store


def person() -> str:
    """Who is at the keyboard: PLANNER_BY, else the login name."""
    for name in ("PLANNER_BY", "LOGNAME", "USER", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    return "me"


@dataclass(frozen=True)
class Project:
    """What every verb needs."""

    layout: Layout
    """Where its files lie."""
    now: Now = utc_now
    """The clock."""
    who: str = field(default_factory=person)
    """The person who acts, unless a verb is told otherwise."""

    @cached_property
    def store(self) -> Store:
        """The store, opened when first asked for."""
        from planner.store.store import Store

        return Store(self.layout)

    @property
    def settings(self) -> Settings:
        """What `planner.toml` says now; a Mistake names what is wrong with it."""
        return load_settings(self.layout)
