"""A word to whoever has typed what looks like a secret into the backlog."""

from __future__ import annotations

from collections.abc import Mapping

from planner.cli import say
from planner.domain.idea import Change


def typed_values(change: Change) -> dict[str, object]:
    """Every param of an idea's change that has a value, with those that its sweep chooses from."""
    axes = change.sweep.axes if change.sweep else ()
    return {**change.params, **{axis.name: axis.choices[0] for axis in axes if axis.choices}}


def warn_of_secrets(params: Mapping[str, object]) -> None:
    """Name the params that look like secrets on stderr, with where they are kept and what is better."""
    if not params:
        return
    from planner.store import encoding
    from planner.store.redact import redacted

    plain = encoding.plain(dict(params))
    names = [name for name, value in plain.items() if redacted({name: value}) != {name: value}]
    if names:
        say.note(
            f"{', '.join(names)}: what looks like a secret stays in the backlog as typed (no run folder has "
            "it); better let the recipe read it from the environment"
        )
