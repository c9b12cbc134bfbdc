"""Other params under `[baseline]` in `planner.toml`, whose layout and comments stay as the user has them."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from stat import S_IMODE, S_IWUSR
from typing import Any, NamedTuple

from planner.domain.mistake import Mistake
from planner.store import files
from planner.store.layout import Layout
from planner.store.refusal import explained
from planner.store.toml_text import (
    BARE,
    Entry,
    Key,
    NotUnderstood,
    in_braces,
    in_lines,
    key,
    spelt,
    table,
    top,
)

Params = Mapping[str, object]
"""Params by name."""


class Edit(NamedTuple):
    """A stretch of the text, and what comes in its place."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends; there too where something is only put in."""
    told: str
    """What stands there then."""


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
        if (nothing := _said_by_nobody(params)) is not None:
            raise Mistake(
                f"param {nothing} would be null, which {layout.toml} has no word for: let the recipe take "
                "another value for it"
            )
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


def _said_by_nobody(params: Params) -> str | None:
    """The first param with a value that TOML has no form of; None where there is none."""
    for name, value in params.items():
        try:
            spelt(value)
        except NotUnderstood:
            return name
    return None


def _changed(text: str, now: Params, params: Params) -> str:
    text, now = _with_tables(text, now, params, "baseline.params")
    if _alike(dict(now), dict(params)):
        return text
    if place := table(text, "baseline.params"):
        return _edited(text, in_lines(text, *place), now, params, place[0])
    if place := table(text, "baseline"):
        found = _below(text, in_lines(text, *place), ("params",), now, params)
        return found or text[: place[0]] + _line(("params",), params, text) + text[place[0] :]
    if found := _below(text, in_lines(text, *top(text)), ("baseline", "params"), now, params):
        return found
    end = "" if not text or text.endswith("\n") else _newline(text)
    return f"{text}{end}{_newline(text)}[baseline]{_newline(text)}{_line(('params',), params, text)}"


def _below(text: str, entries: list[Entry], name: Key, now: Params, params: Params) -> str | None:
    """The text with the params changed that stand under a key in braces or with dots; None where none do."""
    for entry in entries:
        if entry.key == name[: len(entry.key)]:
            return _in_its_braces(text, entry, name[len(entry.key) :], now, params)
    dotted = [one for one in entries if one.key[: len(name)] == name]
    if not dotted:
        return None
    within = [one._replace(key=one.key[len(name) :]) for one in dotted]
    return _edited(text, within, now, params, dotted[0].start, before=name)


def _in_its_braces(text: str, entry: Entry, name: Key, now: Params, params: Params) -> str | None:
    entries, brace = in_braces(text, entry.value)
    if not name:
        return _edited(text, entries, now, params, brace, inline=True)
    return _below(text, entries, name, now, params)


def _with_tables(text: str, now: Params, params: Params, name: str) -> tuple[str, Params]:
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
    now: Params,
    params: Params,
    place: int,
    *,
    inline: bool = False,
    before: Key = (),
) -> str:
    """The text with entries changed, taken out, added; `place` is the closing brace, or below the header.

    `before` is what stands before the key of each entry.
    """
    there, wanted = _by_key(now, entries), _by_key(params, entries)
    new = {name: value for name, value in wanted.items() if name not in there}
    stays = [entry.key in wanted for entry in entries]
    if inline:
        edits = [_added_in_braces(text, entries, new, place, alone=not any(stays))]
    else:
        edits = _added_in_lines(text, entries, new, place, before)
    for number, entry in enumerate(entries):
        if not stays[number]:
            first = not any(stays[:number])
            start, end = _span(entries, number, first=first) if inline else _lines_of(text, entry)
            edits.append(Edit(start, end, ""))
        elif not _alike(there.get(entry.key), wanted[entry.key]):
            edits.append(Edit(entry.value, entry.end, spelt(wanted[entry.key])))
    for start, end, told in sorted(edits, reverse=True):  # from the end, so that places before stay true
        text = text[:start] + told + text[end:]
    return text


def _by_key(params: Params, entries: list[Entry]) -> dict[Key, object]:
    """Values by key, those of an inner table one by one where an entry's dots lead through it."""
    through = {entry.key[:many] for entry in entries for many in range(1, len(entry.key))}
    return dict(_leaves(params, through, ()))


def _leaves(params: Params, through: set[Key], before: Key) -> Iterator[tuple[Key, object]]:
    for name, value in params.items():
        if (*before, name) in through and isinstance(value, Mapping) and value:
            yield from _leaves(value, through, (*before, name))
        else:
            yield (*before, name), value


def _added_in_braces(
    text: str, entries: list[Entry], new: Mapping[Key, object], brace: int, *, alone: bool
) -> Edit:
    """New entries below the last one; `alone` where none of those that are there stays."""
    told = ", ".join(f"{key(*name)} = {spelt(value)}" for name, value in new.items())
    if entries:
        comma = ", " if told and not alone else ""
        return Edit(entries[-1].end, entries[-1].end, comma + told)
    return Edit(len(text[:brace].rstrip(" \t")), brace, f" {told} ")


def _added_in_lines(
    text: str, entries: list[Entry], new: Mapping[Key, object], start: int, before: Key
) -> list[Edit]:
    """New lines, each below the last one of the same inner table, or below them all."""
    below: dict[int, str] = {}
    for name, value in new.items():
        beside = [one for one in entries if one.key[: len(name) - 1] == name[:-1]]
        last = (beside or entries)[-1:]
        place = _lines_of(text, last[0])[1] if last else start
        below[place] = below.get(place, "") + _line((*before, *name), value, text)
    return [Edit(place, place, _parted(text, place) + told) for place, told in below.items()]


def _parted(text: str, place: int) -> str:
    return "" if text[place - 1] == "\n" else _newline(text)


def _span(entries: list[Entry], number: int, *, first: bool) -> tuple[int, int]:
    """An inline entry with the comma that is no longer needed; `first` where none before it stays."""
    entry, following = entries[number], entries[number + 1 :]
    if not first:
        return entries[number - 1].end, entry.end
    return entry.start, following[0].start if following else entry.end


def _lines_of(text: str, entry: Entry) -> tuple[int, int]:
    end = text.find("\n", entry.end)
    return text.rfind("\n", 0, entry.start) + 1, len(text) if end < 0 else end + 1


def _line(name: Key, value: object, text: str) -> str:
    return f"{key(*name)} = {spelt(value)}{_newline(text)}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _alike(one: Any, other: Any) -> bool:
    """Equal in value and kind: 1 is neither true nor 1.0 to whoever reads a param, and nan is nan."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))
