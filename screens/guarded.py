"""An engine of which no error of the disk comes through unexplained."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from planner.domain.mistake import Failed
from screens.engine import Engine


class Guarded:
    """Every verb of an engine; an OSError of it becomes a sentence, as on the command line."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        """The verb, or the word, of that name."""
        found = getattr(self._engine, name)
        return _explained(found) if callable(found) else found


def guarded(engine: Engine) -> Engine:
    """The engine behind a guard."""
    return cast(Engine, Guarded(engine))


def _explained(verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def done(*said: Any, **named: Any) -> Any:
        try:
            return verb(*said, **named)
        except OSError as error:
            reason = error.strerror or str(error) or type(error).__name__
            raise Failed(f"{error.filename}: {reason}" if error.filename else reason) from error

    return done
