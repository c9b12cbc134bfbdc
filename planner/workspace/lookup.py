"""The idea that a number means, and the run that a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake

if TYPE_CHECKING:
    from planner.domain.idea import Idea
    from planner.domain.run import Run


def find_idea(ideas: dict[int, Idea], idea_id: int) -> Idea:
    """The idea of that number; a Mistake when there is none."""
    if idea_id not in ideas:
        known = f"ideas run from 1 to {max(ideas)}" if ideas else "there are no ideas yet"
        raise Mistake(f"no idea {idea_id}: {known}; `planner list` shows them")
    return ideas[idea_id]


def find_run(runs: dict[str, Run], name: str) -> Run:
    """The run of that id, or of the only id that begins so (`r12` for `r12-3fa9`)."""
    if name in runs:
        return runs[name]
    found = [run for key, run in runs.items() if key.split("-")[0] == name or key.startswith(name + "-")]
    if len(found) == 1:
        return found[0]
    raise Mistake(f"no run {name!r}; `planner runs` shows them")
