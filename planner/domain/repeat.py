"""What a dispatch would do over again, in whole or nearly, and what came of it the first time."""

from __future__ import annotations

from typing import Literal

from planner.domain.fact import fact

RepeatKind = Literal["same", "replicate", "baseline", "near", "changed", "code", "unknown"]
"""How it resembles what was there.

`same`: the same code, data, params and seed; `replicate`: the same but for the seed; `baseline`: what the
baseline itself runs; `near`: params or words close to a finished idea's; `changed`: its own earlier runs were
of other code or data; `code`: the code or the data have changed since the baseline ran; `unknown`: git did
not say in time what code stands there now.
"""


@fact
class Repeat:
    """One thing worth knowing before an idea is dispatched."""

    idea: int
    """The idea to be dispatched."""
    kind: RepeatKind
    """How it resembles what was there."""
    says: str
    """What was there, in a sentence, with what came of it."""
    reading: str = ""
    """What a dispatch makes of it where nobody says otherwise; empty where it changes nothing."""
    of: int | None = None
    """The idea it resembles; None for the baseline."""
    runs: tuple[str, ...] = ()
    """The earlier runs, oldest first."""
    seeds: tuple[int, ...] = ()
    """The seeds they ran with."""
    at: str | None = None
    """When the newest of them ended, or the verdict landed, UTC, ISO 8601."""
    verdict: str | None = None
    """What the earlier idea came to; None while it has no verdict, and of the baseline."""
    value: float | None = None
    """Mean of the goal's metric over those seeds; None where none ran."""

    @property
    def exact(self) -> bool:
        """Whether a person should choose what to make of it."""
        return self.kind in ("same", "replicate", "baseline")

    @property
    def own(self) -> bool:
        """Whether it is the idea's own earlier measurement that would be repeated or added to."""
        return self.of == self.idea and (self.kind == "changed" or bool(self.seeds))
