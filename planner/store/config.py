"""Reads `planner.toml`: checked once, then remembered in its checked form."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.domain.settings import (
    BaselineSettings,
    DispatchSettings,
    RecipeSettings,
    RungSettings,
    ScoreSettings,
    Settings,
)
from planner.store import encoding, files
from planner.store.layout import Layout
from planner.store.seal import digest, seal, unseal

SIZE_LIMIT = 1_000_000
"""Bytes a settings file may have."""

_CACHE_FORMAT = 2


def load_settings(layout: Layout) -> Settings:
    """What `planner.toml` says, defaults filled in; a Mistake names file, key and what would be right."""
    data = _bytes(layout.toml)
    found = digest(data)
    return _remembered(layout, found) or _remember(layout, found, _checked(data, layout.toml))


def schema() -> dict[str, Any]:
    """The JSON Schema of `planner.toml`."""
    from planner.store import keys

    return keys.schema()


def initial_toml(
    *,
    entry: str | None = None,
    metric: str = "val_accuracy",
    direction: str = "max",
    minimum_effect: float = 0.002,
    target: float | None = None,
) -> str:
    """The text of a new project's `planner.toml`, with a comment for what may be set."""
    from planner.store import initial

    return initial.text(
        entry=entry, metric=metric, direction=direction, minimum_effect=minimum_effect, target=target
    )


def _bytes(path: Path) -> bytes:
    try:
        data = files.read(path, limit=SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise Mistake(f"there is no {path}; `planner init` makes one") from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > SIZE_LIMIT:
        raise Mistake(f"{path} has more than {SIZE_LIMIT:,} bytes; settings need a few hundred")
    return data


def _checked(data: bytes, path: Path) -> Settings:
    from planner.store.settingscheck import checked  # needs pydantic, and only when the file has changed

    return checked(data, path)


def _remembered(layout: Layout, found: str) -> Settings | None:
    """The settings as checked before; None when the file is another one, or nothing is remembered."""
    try:
        document = unseal(files.read(layout.settings_cache))
        if document["format"] == _CACHE_FORMAT and document["of"] == found:
            return _settings(document["settings"])
    except (OSError, ValueError, LookupError, TypeError):
        pass  # whatever is wrong with it, planner.toml itself still says everything
    return None


def _remember(layout: Layout, found: str, settings: Settings) -> Settings:
    document = {"format": _CACHE_FORMAT, "of": found, "settings": encoding.to_document(settings)}
    if layout.home.is_dir():
        with contextlib.suppress(OSError):  # a read-only folder costs a little time, nothing else
            files.write_whole(layout.settings_cache, seal(encoding.dump(document)))
    return settings


def _settings(document: dict[str, Any]) -> Settings:
    """Checked settings without pydantic, whose import alone takes longer than capturing an idea may."""
    recipe = document["recipe"]
    command = recipe["command"]
    return Settings(
        goal=Goal(**document["goal"]),
        recipe=RecipeSettings(
            entry=recipe["entry"],
            command=None if command is None else tuple(command),
            data=tuple(recipe["data"]),
            backend=recipe["backend"],
        ),
        baseline=BaselineSettings(**document["baseline"]),
        rungs={name: _rung(rung) for name, rung in document["rungs"].items()},
        dispatch=DispatchSettings(**document["dispatch"]),
        score=ScoreSettings(**document["score"]),
    )


def _rung(document: dict[str, Any]) -> RungSettings:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
    return RungSettings(**values)
