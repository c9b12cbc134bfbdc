"""Lines at the foot of a terminal that are drawn over again; nothing where there is no terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TextIO

from planner.cli import say
from planner.rules.wording.display import fit

MOST = 8
"""Lines drawn at most; more would push what is told off a small terminal."""


class Live:
    """The foot of one stream: told lines scroll above it."""

    def __init__(self, *, on_stderr: bool) -> None:
        self._tell = say.note if on_stderr else say.line
        self._stream: TextIO | None = sys.stderr if on_stderr else sys.stdout
        self._drawn: list[str] = []

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.draw(())

    @property
    def able(self) -> bool:
        """Whether the stream is a terminal that can move its cursor."""
        return self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"

    def tell(self, lines: Sequence[str]) -> None:
        """Print lines for good, in place of the foot."""
        if lines:
            self.draw(())
        for line in lines:
            self._tell(line)

    def draw(self, lines: Iterable[str]) -> None:
        """Put these lines in place of the foot."""
        wanted = list(lines)[:MOST] if self.able else []
        if wanted == self._drawn or self._stream is None:
            return
        # One column stays free, so that no terminal wraps; the cursor rests below the foot.
        room = shutil.get_terminal_size((80, 24)).columns - 1
        up = f"\x1b[{len(self._drawn)}A\r\x1b[J" if self._drawn else ""
        self._stream.write(up + "".join(f"{fit(line, room)}\n" for line in wanted))
        self._stream.flush()
        self._drawn = wanted
