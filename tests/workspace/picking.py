"""A real project beside a plain model of it, and one of the things there are to pick."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.workspace.machine import Both
from tests.workspace.plain import newest

PICK = st.integers(min_value=0, max_value=1000)


class Picking(RuleBasedStateMachine):
    """What every rule needs: the two projects, and something to do it to."""

    both: Both
    """The real one and the plain one."""

    def pick(self, what: str, number: int) -> Any:
        """One of the ideas, runs or verdicts there are."""
        names = sorted({place[1] for place in self.both.world if place[0] == what})
        return names[number % len(names)]

    def verdict(self, idea: int) -> Any:
        """What is believed of an idea: the verdict, that of the seeds, why not adopted, whether given up."""
        return self.both.world[newest(self.both.world, idea)]

    def some(self, what: str) -> bool:
        return hasattr(self, "both") and any(place[0] == what for place in self.both.world)
