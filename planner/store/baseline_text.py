"""Other params under `[baseline]` in `planner.toml`, whose layout and comments stay as the user has them."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from stat import S_IMODE, S_IWUSR
from typing import Any

from planner.domain.mistake import Mistake
from planner.store import files
from planner.store.layout import Layout
from planner.store.refusal import explained
from planner.store.toml_text import BARE, Entry, NotUnderstood, in_braces, in_lines, key, spelt, table

COMMA = re.compile(r"[ \t]*,[ \t]?")
"""What parts two entries of an inline table."""


@contextlib.contextmanager
def baseline_rewritten(layout: Layout, params: Mapping[str, object]) -> Iterator[None]:
    """Put other params into the file at once; as it was before, where the block raises.

    A Mistake that says what to write by hand, and nothing done, where the file can't be edited safely.
    """
    path = layout.toml.resolve()
    with explained(path):
        before, mode = files.read(path), S_IMODE(path.stat().st_mode)
    after = with_baseline(before.decode(), params)
    if after is None:
        raise Mistake(
            f"{layout.toml} is written in a way that can't be edited safely: write "
            f"params = {by_hand(params)} under [baseline] yourself, and do this again"
        )
    if after.encode() == before:
        yield
        return
    if not mode & S_IWUSR:  # a file that is replaced asks nobody
        raise Mistake(f"{path} is read-only, and would get params = {by_hand(params)}: `chmod u+w` lets it")
    aside = path.with_name(f".{path.name}.{os.getpid()}-before{files.TEMPORARY}")
    with explained(path):
        files.write_new(aside, before, mode)  # so that putting it back needs no room
        try:
            files.write_whole(path, after.encode(), mode=mode)
        except OSError:
            files.remove(aside)
            raise
    try:
        yield
    except BaseException as error:
        if not isinstance(error.__cause__, files.Unconfirmed):  # which is done all the same
            files.rename(aside, path)
        raise
    finally:
        with contextlib.suppress(OSError):  # whoever writes next takes it away
            files.remove(aside)


def with_baseline(text: str, params: Mapping[str, object]) -> str | None:
    """The text with exactly these params under `[baseline]`; None where that can't be done safely.

    Only what changes is touched: values that stay are not spelt anew, and what results is read back.
    """
    try:
        document = tomllib.loads(text)
        after = _changed(text, document.get("baseline", {}).get("params", {}), params)
        wanted = {**document, "baseline": {**document.get("baseline", {}), "params": dict(params)}}
        return after if _alike(tomllib.loads(after), wanted) else None
    except (NotUnderstood, tomllib.TOMLDecodeError, AttributeError, TypeError):
        return None


def by_hand(value: object) -> str:
    """Params, or one value, as a person would write them into the file."""
    try:
        return spelt(value)
    except NotUnderstood:
        return str(value)


def _changed(text: str, now: Mapping[str, object], params: Mapping[str, object]) -> str:
    text, now = _with_tables(text, now, params, "baseline.params")
    if _alike(dict(now), dict(params)):
        return text
    if place := table(text, "baseline.params"):
        return _edited(text, in_lines(text, *place), now, params, place[0])
    if place := table(text, "baseline"):
        whole = next((one for one in in_lines(text, *place) if one.key == "params"), None)
        if whole is None:
            return text[: place[0]] + _line("params", params, text) + text[place[0] :]
        if text[whole.value] != "{":
            raise NotUnderstood
        entries, brace = in_braces(text, whole.value)
        return _edited(text, entries, now, params, brace, inline=True)
    end = "" if not text or text.endswith("\n") else _newline(text)
    return f"{text}{end}{_newline(text)}[baseline]{_newline(text)}{_line('params', params, text)}"


def _with_tables(
    text: str, now: Mapping[str, object], params: Mapping[str, object], name: str
) -> tuple[str, Mapping[str, object]]:
    """The text with the params changed that have a table of their own, and the params as they are then."""
    for part, wanted in params.items():
        there = now.get(part)
        if not (isinstance(wanted, Mapping) and isinstance(there, Mapping) and BARE.fullmatch(part)):
            continue
        if table(text, f"{name}.{part}"):
            text, there = _with_tables(text, there, wanted, f"{name}.{part}")
            place = table(text, f"{name}.{part}")
            assert place is not None
            text = _edited(text, in_lines(text, *place), there, wanted, place[0])
            now = {**now, part: wanted}
    return text, now


def _edited(
    text: str,
    entries: list[Entry],
    now: Mapping[str, object],
    params: Mapping[str, object],
    place: int,
    *,
    inline: bool = False,
) -> str:
    """The text with entries changed, taken out, added; `place` is the closing brace, or below the header."""
    new = [name for name in params if name not in now]
    if inline:
        text = _added_in_braces(text, entries, new, params, place)
    else:
        text = _added_in_lines(text, entries, new, params, place)
    for number in reversed(range(len(entries))):  # from the end, so that places before it stay true
        entry = entries[number]
        if entry.key not in params:
            start, end = _span(text, entries, number) if inline else _lines_of(text, entry)
            text = text[:start] + text[end:]
        elif not _alike(now.get(entry.key), params[entry.key]):
            text = text[: entry.value] + spelt(params[entry.key]) + text[entry.end :]
    return text


def _added_in_braces(
    text: str, entries: list[Entry], new: list[str], params: Mapping[str, object], brace: int
) -> str:
    told = ", ".join(f"{key(name)} = {spelt(params[name])}" for name in new)
    if not told:
        return text
    if entries:
        return text[: entries[-1].end] + f", {told}" + text[entries[-1].end :]
    return text[:brace].rstrip(" \t") + f" {told} " + text[brace:]


def _added_in_lines(
    text: str, entries: list[Entry], new: list[str], params: Mapping[str, object], start: int
) -> str:
    place = _lines_of(text, entries[-1])[1] if entries else start
    told = "".join(_line(name, params[name], text) for name in new)
    parted = _newline(text) if told and place and text[place - 1] != "\n" else ""
    return text[:place] + parted + told + text[place:]


def _span(text: str, entries: list[Entry], number: int) -> tuple[int, int]:
    """An inline entry with the comma that is no longer needed."""
    entry = entries[number]
    if number:
        return entries[number - 1].end, entry.end
    comma = COMMA.match(text, entry.end)
    return entry.start, comma.end() if comma else entry.end


def _lines_of(text: str, entry: Entry) -> tuple[int, int]:
    end = text.find("\n", entry.end)
    return text.rfind("\n", 0, entry.start) + 1, len(text) if end < 0 else end + 1


def _line(name: str, value: object, text: str) -> str:
    return f"{key(name)} = {spelt(value)}{_newline(text)}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _alike(one: Any, other: Any) -> bool:
    """Equal in value and kind: 1 is neither true nor 1.0 to whoever reads a param, and nan is nan."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))
