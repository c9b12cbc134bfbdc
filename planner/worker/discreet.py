"""Keeps what a run was told in confidence out of the sentences it writes down."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from planner.store.redact import REDACTED, redacted, without_secrets
from planner.store.secret import is_secret

SHORTEST = 6
"""Characters of a secret that is looked for in sentences: a shorter one is part of too many words."""


class Discreet:
    """Takes from a text the secrets of this run's params and environment, and what looks like one."""

    def __init__(self, params: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> None:
        found = {value for name, value in environment.items() if is_secret(value, name)}
        found.update(_hidden(dict(params), redacted(params)))
        self._known = sorted((secret for secret in found if len(secret) >= SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without them."""
        for secret in self._known:
            text = text.replace(secret, REDACTED)
        return without_secrets(text)


def _hidden(value: object, shown: object) -> Iterator[str]:
    """The texts, at any depth, of which nothing is shown."""
    if isinstance(value, Mapping) and isinstance(shown, Mapping):
        for name, part in value.items():
            yield from _hidden(part, shown.get(str(name)))
    elif isinstance(value, list | tuple) and isinstance(shown, list):
        for part, other in zip(value, shown, strict=True):
            yield from _hidden(part, other)
    elif shown == REDACTED and value != REDACTED:
        yield str(value)
