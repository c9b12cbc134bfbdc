"""Checks the text of `planner.toml` and names every mistake by file, key and what would be right."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.domain.mistake import Mistake
from planner.domain.question import QUESTIONS
from planner.domain.settings import RungSettings, Settings
from planner.store import encoding
from planner.store.keys import KEYS, beyond_limits, general, names_in, unknown_keys


def checked(data: bytes, path: Path) -> Settings:
    """The settings in the file's bytes; a Mistake when something is not right."""
    document = _parsed(data, path)
    for place, name in unknown_keys(document):
        raise _unknown(path, place, name)
    try:
        # By way of JSON: strict about types, and a list there may still become a tuple.
        settings: Settings = encoding.adapter(Settings).validate_json(encoding.encode(document), strict=True)
    except ValidationError as error:
        raise _wrong(path, document, error) from error
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
    for place, value in beyond_limits(document):
        raise _not_right(path, place, value)
    for name, rung in settings.rungs.items():
        _check_undo(path, name, rung)
        _check_skip(path, name, rung)
    if settings.recipe.entry and settings.recipe.command:
        raise Mistake(f"{path}: [recipe] has both entry and command; keep the one that trains")
    return settings


def _check_undo(path: Path, name: str, rung: RungSettings) -> None:
    """Mistake when the rung is to undo what it does not simplify."""
    simplified = [*rung.params, *([] if rung.fraction is None else ["fraction"])]
    place = f"{path}: rungs.{name}.undo"
    if rung.undo and name != "small":
        raise Mistake(f"{place} means nothing: only rungs.small undoes its simplifications one by one")
    for what in rung.undo:
        if what not in simplified:
            near = difflib.get_close_matches(what, simplified, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it may hold {', '.join(simplified) or 'nothing'}"
            raise Mistake(f"{place} names {what}, which the rung does not simplify; {hint}")


def _check_skip(path: Path, name: str, rung: RungSettings) -> None:
    """Mistake when the rung is to skip a question that it does not ask."""
    known = QUESTIONS.get(name, ())
    for what in rung.skip:
        if what not in known:
            near = difflib.get_close_matches(what, known, n=1)
            hint = f"it asks {', '.join(known)}" if known else "only check and tiny ask questions"
            hint = f"did you mean {near[0]}?" if near else hint
            raise Mistake(f"{path}: rungs.{name}.skip names {what!r}, which the rung does not ask; {hint}")


def _parsed(data: bytes, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Mistake(f"{path}, line {line}: not UTF-8 text; save the file as UTF-8") from error
    except RecursionError as error:
        raise Mistake(f"{path} is nested too deeply; settings need two levels") from error
    except ValueError as error:
        raise Mistake(f"{path} is not valid TOML: {error}") from error


def _unknown(path: Path, place: str, name: str) -> Mistake:
    """Name the nearest key in the same table, else one of that name in another."""
    known = names_in(place)
    near = difflib.get_close_matches(name, known, n=1)
    elsewhere = [key for key in KEYS if key.rpartition(".")[2] == name and "*" not in key]
    here = f"{place}.{name}".lstrip(".")
    if near:
        hint = f"did you mean {f'{place}.{near[0]}'.lstrip('.')}?"
    elif elsewhere:
        hint = f"did you mean {elsewhere[0]}?"
    else:
        hint = f"{f'[{place}]' if place else 'the file'} may hold {', '.join(known)}"
    return Mistake(f"{path}: there is no key {here}; {hint}")


def _wrong(path: Path, document: dict[str, Any], error: ValidationError) -> Mistake:
    """Tell the first thing that does not fit, in words about the key."""
    location = [str(part) for part in error.errors()[0]["loc"]]
    while location and general(".".join(location)) not in KEYS:
        location.pop()
    value: Any = document
    for part in location:
        if not isinstance(value, dict) or part not in value:
            return Mistake(f"{path}: {'.'.join(location)} is missing; it must be {_right(location)}")
        value = value[part]
    return _not_right(path, ".".join(location), value)


def _not_right(path: Path, place: str, value: Any) -> Mistake:
    return Mistake(f"{path}: {place} is {_shown(value)}; it must be {_right(place.split('.'))}")


def _right(location: list[str]) -> str:
    return KEYS[general(".".join(location))].right


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut short when it is long."""
    text = "a table" if isinstance(value, dict) else encoding.encode(value).decode()
    return text if len(text) <= 60 else text[:57] + "..."
