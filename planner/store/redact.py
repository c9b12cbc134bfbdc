"""What may be written down: values, command lines, addresses and texts without the secrets in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from planner.store.secret import (
    BY_CHANCE,
    FORMS,
    PLACE,
    SHORTEST,
    WEBHOOK,
    is_secret,
    may_name_secret,
    written_by_chance,
)

REDACTED = "[redacted]"
"""What stands in the place of a secret."""
LOGIN = re.compile(r"(?<=://)(?!git@)[^\s/?#\"']+(?=@)")
"""User and password in an address; they may hold an `@` of their own."""
HEADER = re.compile(
    r"(?P<before>\b(?:(?:authorization|proxy-authorization|cookie|set-cookie)"
    r"|x-[\w-]{0,60}(?:key|token|auth|secret)[\w-]{0,60}+)"
    r"[\"']?\s*+[:=]\s*[\"']?(?:(?:bearer|basic|token|digest|apikey|key)\s+)?)(?P<value>[^\s\"'][^\r\n\"']*)",
    re.IGNORECASE,
)
"""A header of a request that lets somebody in."""
BEARER = re.compile(
    r"(?P<before>\b[Bb](?:earer|asic)\s+)(?P<value>(?=\S*[a-z])(?=\S*[\dA-Z])[\w.~+/-]{12,}=*)"
)
"""What follows the name of a way to let somebody in."""
PAIR = re.compile(
    r"(?<![\w.-])(?P<name>[\w.-]++)[\"']?\]?\s*+(?:=>|:=|==|=|:|\bis\b)\s*"
    r"(?=[^\s\"',;&#)\]}]|\"[^\"\n]*\"|'[^'\n]*')"
)
"""A name and what stands before its value, in a command, an address, a file of settings or in code.

Of a longer name its end counts: else a word of a million letters would be read a million times.
"""
OPTION = re.compile(r"(?<!\S)--?(?P<name>[A-Za-z][\w-]*)[ \t]+(?=[^\s-])")
"""An option in a line of text, up to its value."""
ENCLOSED = re.compile(r"[rbfu]{0,2}\\*(?:\"[^\"\n]*\"|'[^'\n]*')|\{[\w.-]+\}")
"""A value in quotes, or a place for one."""
BARE = re.compile(r"[^\s\"',;&#)\]}]+")
"""A value that nothing stands around."""
PHRASE = re.compile(r"(?:\"[^\"\n]*\"|'[^'\n]*')(?!\S)")
"""The value of an option, in quotes: it may be of several words."""
WORD = re.compile(r"\S+")
"""The value of an option."""
ODD_LOGIN = re.compile(r"^[^/@]*:(?!\d+/)[^@]*@")
"""User and a password with a slash in it."""
LETTER = re.compile(r"-[puPak]")
"""Options of one letter by which usual programs take a password, or a user with one."""
OPENING = re.compile(r"[rbfu]{0,2}\\*[\"']")
"""What stands before a text in code."""
LONGEST_NAME = 100
"""Characters of a name that count, from its end on."""
LONG = 2000
"""Characters at either end by which a longer value is judged."""


def redacted(value: object, name: str = "") -> object:
    """The value with likely secrets replaced, through any nesting of dicts and lists."""
    if isinstance(value, Mapping):
        return {str(key): redacted(part, f"{name}.{key}") for key, part in value.items()}
    if isinstance(value, list | tuple):
        return redacted_arguments(value) if _is_command(value) else [redacted(part, name) for part in value]
    if isinstance(value, str):
        return REDACTED if is_secret(value, name) else without_secrets(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return REDACTED if is_secret(str(value), name) else value
    return value


def redacted_arguments(arguments: Iterable[str]) -> list[str]:
    """A command line with likely secrets replaced, in `--token=...`, `--token ...` and `-u user:...`."""
    found: list[str] = []
    before = ""
    for argument in arguments:
        found.append(_argument(argument, before))
        before = argument
    return found


def without_secrets(text: str, *, code: bool = False) -> str:
    """A text with what looks like a secret replaced; in code a bare name or a call is nobody's secret."""
    text = FORMS.sub(_hide_lines, WEBHOOK.sub(REDACTED, LOGIN.sub(REDACTED, text)))
    text = BEARER.sub(_hide, HEADER.sub(_hide, text))
    text = _without_named(PAIR, BARE, text, code)
    if not code:
        text = _without_named(OPTION, WORD, text, code)
    return BY_CHANCE.sub(_hide_chance, text)


def without_login(address: str) -> str:
    """The address of a git remote without user, password and query; `git@host:path` stays."""
    scheme, mark, rest = re.split(r"[?#]", address, maxsplit=1)[0].rpartition("://")
    if mark:
        rest = ODD_LOGIN.sub("", rest)
    host, slash, path = rest.partition("/")
    login, _, bare = host.rpartition("@")
    host = bare if mark or login != "git" else host
    return without_secrets(f"{scheme}{mark}{host}{slash}{path}")


def _is_command(parts: list[object] | tuple[object, ...]) -> TypeGuard[list[str]]:
    words = [part for part in parts if isinstance(part, str)]
    return len(words) == len(parts) and any(word.startswith("-") for word in words)


def _argument(argument: str, before: str) -> str:
    """One argument of a command line, known by the option before it."""
    option = before if before.startswith("-") and "=" not in before else ""
    if option and is_secret(argument, option):
        return REDACTED
    if LETTER.fullmatch(option) and "=" not in argument:
        user, mark, password = argument.rpartition(":")
        if _is_password(password):
            return f"{user}{mark}{REDACTED}"
    if LETTER.match(argument) and argument[:2] == "-p" and _is_password(argument[2:]):
        return f"-p{REDACTED}"
    return without_secrets(argument)


def _is_password(text: str) -> bool:
    """Whether an argument that nothing names may be a password: letters and digits, and no path or number."""
    mixed = any(sign.isdigit() for sign in text) and any(sign.isalpha() for sign in text)
    return len(text) >= SHORTEST and mixed and re.fullmatch(r"[^\s/={}]+", text) is not None


def _hide_lines(found: re.Match[str]) -> str:
    """Each line of a key for itself, so that a patch has as many as before."""
    _, *others = found[0].split("\n")
    return "\n".join(
        [REDACTED, *(f"{line[:1]}{REDACTED}" if line[:1] in "+ " else REDACTED for line in others)]
    )


def _hide(found: re.Match[str]) -> str:
    value = found["value"]
    return found["before"] + (REDACTED if len(value) >= SHORTEST and not PLACE.fullmatch(value) else value)


def _without_named(head: re.Pattern[str], value: re.Pattern[str], text: str, code: bool) -> str:
    """The text without the secrets that their names tell; what is none may hold a name of its own."""
    parts, done = [], 0
    for name, start, end in _named(head, value, text):
        if start < done or not may_name_secret(name):
            continue
        begin, stop = _inside(text, start, end)
        quoted = (begin, stop) != (start, end)
        if (quoted or not code) and is_secret(_shown(text, begin, stop), name):
            parts += [text[done:begin], REDACTED]
            done = stop
    return "".join([*parts, text[done:]])


def _named(head: re.Pattern[str], value: re.Pattern[str], text: str) -> Iterator[tuple[str, int, int]]:
    """Each name, and where its value begins and ends; a value may hold names with values of their own."""
    start = bare = 0
    while found := head.search(text, start):
        start = found.end()
        whole = (ENCLOSED if value is BARE else PHRASE).match(text, start)
        if whole is None and bare <= start:  # else it is the rest of a value whose end is known
            rest = value.match(text, start)
            bare = rest.end() if rest else start
        yield found["name"][-LONGEST_NAME:].lstrip("0123456789.-"), start, whole.end() if whole else bare


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a value begins and ends within its quotes, if it has any."""
    opening = OPENING.match(text, start, end)
    begin, stop = (opening.end() if opening else start), end
    if stop > begin and text[stop - 1] in "\"'":
        stop -= 1
        while stop > begin and text[stop - 1] == "\\":
            stop -= 1
    return begin, stop


def _shown(text: str, begin: int, stop: int) -> str:
    """A value, or both ends of one that is long."""
    if stop - begin <= 2 * LONG:
        return text[begin:stop]
    return text[begin : begin + LONG] + text[stop - LONG : stop]


def _hide_chance(found: re.Match[str]) -> str:
    return REDACTED if written_by_chance(found[0]) else found[0]
