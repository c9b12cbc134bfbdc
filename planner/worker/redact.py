"""Keeps what is likely a secret out of what a run writes down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import urlsplit, urlunsplit

REDACTED = "[redacted]"
"""What stands in the place of a secret."""
WORDS = frozenset(
    (
        "token",
        "secret",
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "apikey",
        "credential",
        "credentials",
        "auth",
    )
)
"""Words in a name that say its text is a secret."""
PAIRS = frozenset(("api_key", "access_key", "private_key", "secret_key", "auth_key"))
"""The same, of two words."""
SHORTEST = 8
"""Characters of a secret, at least: `pad_token = "<pad>"` is none."""
LOOKS_SECRET = re.compile(
    r"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|hf_\w{20,}|sk-[\w-]{20,}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}"
    r"|glpat-[\w-]{20,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)"
)
"""How the usual access tokens begin."""
IN_ADDRESS = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
"""User and password in an address."""
IN_OPTION = re.compile(r"^(--?[\w-]+=)(.+)$", re.DOTALL)
"""An option with its value."""
SECRET_FILES = re.compile(
    r"^\.env|\.(?:pem|key|p12|pfx|jks|keystore)$|^id_(?:rsa|dsa|ecdsa|ed25519)|^\.netrc$|^\.pgpass$|^\.npmrc$|^\.pypirc$"
    r"|secret|credential|password",
    re.IGNORECASE,
)
"""Names of files that usually hold secrets."""


def redacted(value: object, name: str = "") -> object:
    """The value with likely secrets replaced, through any nesting of dicts and lists."""
    if isinstance(value, Mapping):
        return {str(key): redacted(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(part, name) for part in value]
    if isinstance(value, str):
        return REDACTED if names_secret(name) and len(value) >= SHORTEST else without_secrets(value)
    return value


def redacted_arguments(arguments: list[str]) -> list[str]:
    """A command line with likely secrets replaced, in `--token=...` and in `--token ...`."""
    found: list[str] = []
    for place, argument in enumerate(arguments):
        option = IN_OPTION.match(argument)
        before = arguments[place - 1] if place else ""
        if option and names_secret(option[1]):
            found.append(option[1] + REDACTED)
        elif before.startswith("-") and "=" not in before and names_secret(before):
            found.append(REDACTED)
        else:
            found.append(without_secrets(argument))
    return found


def names_secret(name: str) -> bool:
    """Whether a thing of this name is likely to be a secret; `max_tokens` is none, `hf_token` is."""
    words = re.split(r"[^a-z0-9]+", name.lower().strip("-="))
    pairs = {f"{first}_{second}" for first, second in pairwise(words)}
    return not WORDS.isdisjoint(words) or not PAIRS.isdisjoint(pairs)


def without_secrets(text: str) -> str:
    """A text with the tokens and the passwords in addresses that can be told by their form replaced."""
    return LOOKS_SECRET.sub(REDACTED, IN_ADDRESS.sub(REDACTED, text))


def without_login(address: str) -> str:
    """The address of a git remote without user and password; `git@host:path` stays."""
    parts = urlsplit(address)
    if not parts.scheme or "@" not in parts.netloc:
        return without_secrets(address)
    return without_secrets(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))


def is_secret_file(name: str) -> bool:
    """Whether a file of this name is likely to hold a secret."""
    return SECRET_FILES.search(PurePath(name).name) is not None
