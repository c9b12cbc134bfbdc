"""The questions that the cheap rungs asked of a run, each with its answer."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from planner.domain.event import Check
from planner.domain.view import RunDetail
from screens.text import clean, wrap
from screens.widgets.run_sheets import DetailSheet

NAME = 22
"""Cells of a question."""


class ChecksSheet(DetailSheet):
    """In the order they were asked; the one that was answered with no is where the run ended."""

    NOTHING = "No question was asked: check and tiny ask them, small and full compare results."
    HELP = """
    What check and tiny asked, in order: ✓ holds, ✗ does not, and then the idea is invalid,
    with this sentence as its cause. Nothing here counts for or against an idea.
    """

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """How many hold, then a line for each."""
        checks = detail.run.progress.checks
        if not checks:
            return
        held = sum(check.passed for check in checks)
        yield Content.styled(f"{held} of {len(checks)} hold", "bold")
        for check in checks:
            yield from _answered(check, width)


def _answered(check: Check, width: int) -> Iterator[Content]:
    sign, style = ("✓", "$text-success") if check.passed else ("✗", "$text-error")
    lines = wrap(check.detail, max(10, width - NAME - 3))
    name = f" {clean(check.name):{NAME}} "
    yield Content.assemble((sign, style), (name, "bold" if not check.passed else ""), lines[0])
    yield from (Content(" " * (NAME + 3) + line) for line in lines[1:])
