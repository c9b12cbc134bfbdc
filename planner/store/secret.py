"""What looks like a secret: by its own form, by the name it goes under, or because only chance writes so."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePath

FORMS = re.compile(
    r"-----BEGIN[A-Z ]* PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END[A-Z ]* PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|\b(?:"
    r"gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-[\w-]{16,}"
    r"|(?:hf|r8|gsk|npm|sbp|nvapi|figd|glsa|sntrys|sntryu|ntn|dop_v1|doo_v1|lin_api|dckr_[po]at|api_org|rpa"
    r"|wandb_v\d|pscale_\w{2,5}|shp(?:at|ca|pa|ss)|whsec|sk|pk|rk|xai|pplx|pypi|pul|hrku|tskey)"
    r"[_-](?=[\w-]{0,99}(?:\d|[a-z][A-Z]))(?=[\w-]{0,99}[A-Za-z])[\w-]{20,}"
    r"|(?:sk|pk|rk)_(?:live|test|prod)_\w{10,}|key-[0-9a-f]{32}|dapi[0-9a-f]{32}|(?:SK|AC)[0-9a-f]{32}"
    r"|(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}"
    r"|xox[abeoprs](?:\.xox[bp])?-[\w-]{10,}|xapp-[\w-]{10,}|SG\.[\w-]{16,}\.[\w-]{16,}|1//0[\w-]{20,}"
    r"|NRAK-\w{20,}|PMAK-[\w-]{20,}|hv[sbr]\.[\w-]{20,}|dp\.(?:pt|st|ct)\.\w{20,}|sq0[a-z]{3}-[\w-]{20,}"
    r"|ATATT3[\w=-]{20,}|AGE-SECRET-KEY-1\w{20,}|EAA[A-Za-z0-9]{40,}|pat\w{14}\.[0-9a-f]{64}"
    r"|\w{3}8Q~[\w.~-]{30,}|\d{8,10}:AA[\w-]{32,}|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}"
    r"|[\w-]{14}\.atlasv1\.[\w-]{20,}|eyJ[\w-]{10,}(?:\.[\w-]+)+|eyJ[\w+/-]{30,}={0,2}"
    r")",
    re.DOTALL,
)
"""How the usual access tokens and private keys look."""
WEBHOOK = re.compile(
    r"(?<=hooks\.slack\.com/)[\w/]{20,}|(?<=/api/webhooks/)\d{10,}/[\w-]{20,}"
    r"|(?<=webhook\.office\.com/)[\w@/-]{20,}"
)
"""The part of an address that lets anybody write to a channel."""
BY_CHANCE = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
"""Where a text may hold what only chance writes."""
PASSWORDS = frozenset(
    (
        "password",
        "passwords",
        "passwd",
        "pwd",
        "passphrase",
        "passcode",
        "userpass",
        "pw",
        "secret",
        "secrets",
    )
)
"""Words in a name that say its text is a secret, however short and plain."""
USERS = frozenset(("user", "db", "database", "smtp", "mail", "ftp", "admin", "root", "login", "proxy", "my"))
"""Words before `pass` that make it a password, which `high_pass` is none."""
WORDS = frozenset(
    ("token", "apikey", "credential", "credentials", "creds", "auth", "bearer", "jwt", "oauth", "accesskey")
)
"""Words in a name that say its text is a secret, unless the text is a plain word."""
PAIRS = frozenset((
    "api_key", "access_key", "private_key", "secret_key", "auth_key", "account_key", "signing_key",
    "encryption_key", "service_key", "master_key", "client_key", "license_key", "ssh_key", "deploy_key",
    "shared_key", "subscription_key", "session_key", "storage_key", "admin_key",
    "connection_string", "sas_url",
))  # fmt: skip
"""The same, of two words."""
TRADE = frozenset((
    "pad", "bos", "eos", "unk", "sep", "cls", "mask", "start", "end", "stop", "begin", "class", "image",
    "img", "audio", "video", "special", "extra", "dist", "time", "word", "char", "text", "prompt", "decoder",
    "encoder", "blank", "next", "first", "last", "type", "sub", "num", "max", "min", "per", "embedding",
    "mixing", "merge",
))  # fmt: skip
"""Words beside `token` that make it one of language models, which are no secrets."""
PLAIN = re.compile(
    r"[a-z]{1,14}|[A-Z]{1,14}|[A-Z][a-z]{1,14}|[<\[{|%].*[>\]}|%]|\$.*|(?:~|\.{0,2})/[^=]*"
    r"|\d{1,9}(?:[.,\s]+\d{1,9})*",
    re.DOTALL,
)
"""Texts that are no secret under any name but a password's: words, places, special tokens, short numbers."""
PLACE = re.compile(r"[<{\[].*[>}\]]|\$.*|(?:~|\.{0,2})/[^=]*", re.DOTALL)
"""Texts that are no password either: places to be filled, variables, paths."""
KEYS = (["key"], ["pass"])
"""Last words of a name whose text is a secret where it looks odd."""
SHORTEST = 8
"""Characters of a token, at least."""
SHORTEST_PASSWORD = 5
"""Characters of a password, at least."""
MIXED = 0.36
"""Share of neighbours of another kind (small, capital, digit) from which a text with a few digits counts as
written by chance: it is 0.65 in base64 and 0.3 in names made of words."""
VERY_MIXED = 0.42
"""The same for a text with hardly a digit."""
PADDED = 0.25
"""The same for one that ends as base64 does."""
SECRET_FILES = re.compile(
    r"^\.env|\.env$|\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx|ovpn)$|^id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|^[._]netrc$|^\.pgpass$|^\.npmrc$|^\.pypirc$|^\.my\.cnf$|^\.git-credentials$|^\.dockercfg$|^kaggle\.json$"
    r"|secret|credential|password|service.?account",
    re.IGNORECASE,
)
"""Names of files that usually hold secrets."""


@lru_cache(maxsize=4096)
def may_name_secret(name: str) -> bool:
    """Whether any text that goes under this name could be a secret; `max_tokens` is none, `hf_token` is."""
    words = _words(name)
    return _names_password(words) or _names_token(words) or words[-1:] in KEYS


def is_secret(value: str, name: str) -> bool:
    """Whether a text that goes under this name, whole, is likely to be a secret."""
    words = _words(name)
    if _names_password(words):
        return len(value) >= SHORTEST_PASSWORD and not PLACE.fullmatch(value)
    if _names_token(words):
        return len(value) >= SHORTEST and not PLAIN.fullmatch(value)
    return words[-1:] in KEYS and len(value) >= 16 and _odd(value)


def written_by_chance(text: str) -> bool:
    """Whether a word of 24 characters or more looks drawn at random; hashes in hexadecimal do not."""
    body = text.rstrip("=")
    kinds = [_kind(sign) for sign in body if sign.isalnum()]
    if len(kinds) < 24 - len(text) + len(body) or set(kinds) != {"small", "capital", "digit"}:
        return False
    changes = sum(one != other for one, other in pairwise(kinds)) / (len(kinds) - 1)
    if text.endswith("="):
        return changes >= PADDED
    return changes >= (MIXED if kinds.count("digit") > 2 else VERY_MIXED)


def is_secret_file(name: str) -> bool:
    """Whether a file of this name is likely to hold a secret."""
    return SECRET_FILES.search(PurePath(name).name) is not None and not name.endswith((".py", ".md", ".rst"))


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", apart.lower()) if word]


def _names_password(words: list[str]) -> bool:
    return not PASSWORDS.isdisjoint(words) or (words[-1:] == ["pass"] and not USERS.isdisjoint(words))


def _names_token(words: list[str]) -> bool:
    pairs = {f"{first}_{second}" for first, second in pairwise(words)}
    named = not WORDS.isdisjoint(words) or not PAIRS.isdisjoint(pairs)
    return named and not ("token" in words and not TRADE.isdisjoint(words))


def _odd(value: str) -> bool:
    """Whether letters and digits are mixed as no word has them, without any space."""
    return bool(re.fullmatch(r"[\w+/=.~-]+", value)) and len(re.findall(r"[a-zA-Z]\d|\d[a-zA-Z]", value)) >= 3


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "capital" if sign.isupper() else "small"
