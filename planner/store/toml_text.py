"""Where keys and values stand in the text of a TOML file, as far as changing a few of them needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isnan
from typing import NamedTuple

BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key that needs no quotes."""
HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
"""Where a table begins."""
PART = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*([.=])[ \t]*""")
"""A part of a key, up to the next one or to the value."""
QUOTES = ('"""', "'''", '"', "'")
"""What a string may begin with, the longest first."""


Key = tuple[str, ...]
"""A key by its parts."""


class Entry(NamedTuple):
    """One key with its value, by their places in the text."""

    key: Key
    """The key, a part for each table that its dots lead through, without quotes."""
    start: int
    """Where the key begins."""
    value: int
    """Where the value begins."""
    end: int
    """Where the value has ended."""


class NotUnderstood(Exception):
    """The text is written in a way that is not looked for here."""


def table(text: str, name: str) -> tuple[int, int] | None:
    """Where the lines of the table `[name]` begin and end; None when there is no such header."""
    dotted = r"[ \t]*\.[ \t]*".join(map(re.escape, name.split(".")))
    head = re.search(rf"^[ \t]*\[[ \t]*{dotted}[ \t]*\][^\n]*(\n|\Z)", text, re.MULTILINE)
    if head is None:
        return None
    following = HEADER.search(text, head.end())
    return head.end(), following.start() if following else len(text)


def top(text: str) -> tuple[int, int]:
    """Where the lines begin and end that stand above every table."""
    following = HEADER.search(text)
    return 0, following.start() if following else len(text)


def in_lines(text: str, start: int, end: int) -> list[Entry]:
    """The entries of a table that stand in lines of their own."""
    return list(_in_lines(text, start, end))


def _in_lines(text: str, start: int, end: int) -> Iterator[Entry]:
    place = start
    while place < end:
        line = text.find("\n", place)
        line = end if line < 0 else line
        if text[place:line].strip() and not text[place:line].lstrip().startswith("#"):
            entry = _entry(text, place)
            yield entry
            line = text.find("\n", entry.end)
            line = end if line < 0 else line
        place = line + 1


def in_braces(text: str, brace: int) -> tuple[list[Entry], int]:
    """The entries of an inline table, and where its closing brace is."""
    entries, place = [], brace + 1
    while (place := _past_blanks(text, place)) < len(text) and text[place] != "}":
        entries.append(_entry(text, place))
        place = _past_blanks(text, entries[-1].end)
        place += text[place : place + 1] == ","
    if text[place : place + 1] != "}":
        raise NotUnderstood
    return entries, place


def spelt(value: object) -> str:
    """A value as TOML; NotUnderstood for what TOML has no form of."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "nan" if isnan(value) else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return (
            f"{{ {', '.join(f'{key(str(k))} = {spelt(v)}' for k, v in value.items())} }}" if value else "{}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(spelt, value))}]"
    raise NotUnderstood


def key(*names: str) -> str:
    """A key as TOML, by its parts."""
    return ".".join(name if BARE.fullmatch(name) else _quoted(name) for name in names)


def _entry(text: str, place: int) -> Entry:
    parts: list[str] = []
    start, end, sign = 0, place, "."
    while sign == ".":
        found = PART.match(text, end)
        if found is None or "\\" in found[1]:
            raise NotUnderstood
        start = start if parts else found.start(1)
        parts.append(found[1][1:-1] if found[1][0] in "\"'" else found[1])
        end, sign = found.end(), found[2]
    return Entry(tuple(parts), start, end, _value_end(text, end))


def _value_end(text: str, place: int) -> int:
    """Where a value that begins here has ended, without blanks after it."""
    depth, start = 0, place
    while place < len(text):
        sign = text[place]
        if quote := next((one for one in QUOTES if text.startswith(one, place)), None):
            place = _past_string(text, place, quote)
            continue
        if depth == 0 and sign in ",}]#\n":
            break
        if sign == "#":
            place = text.find("\n", place) if "\n" in text[place:] else len(text)
            continue
        depth += (sign in "[{") - (sign in "]}")
        place += 1
    return start + len(text[start:place].rstrip())


def _past_string(text: str, place: int, quote: str) -> int:
    place += len(quote)
    while place < len(text):
        if text[place] == "\\" and quote[0] == '"':
            place += 2
        elif text.startswith(quote, place):
            return place + len(quote)
        else:
            place += 1
    raise NotUnderstood


def _past_blanks(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t"):
        place += 1
    return place


def _quoted(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's too, but for one."""
    from planner.store import encoding

    return encoding.dump(value).decode().replace("\x7f", "\\u007f")
