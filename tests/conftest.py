"""How many tests run at once, and the figures of the drills: tests leave them, one table prints them."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.drills.figure import Figure, as_property, table

PROPERTY = "figure"
MOST = 8
"""Test processes at once."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores, since a test often waits; MOST at most, for each may hold Keras."""
    return min(MOST, (os.cpu_count() or 1) + 2)


@pytest.fixture
def publish(record_property: Callable[[str, object], None]) -> Callable[[Figure], None]:
    """Put a figure into the table, and fail the test when it did not hold every time."""

    def published(figure: Figure) -> None:
        record_property(PROPERTY, as_property(figure))
        assert figure.held == figure.tried > 0, str(figure)

    return published


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the drills of this run have shown, in whichever process they ran."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    found = {
        Figure(**value).what: Figure(**value)
        for report in reports
        for name, value in report.user_properties
        if name == PROPERTY and report.when == "call"
    }
    if found:
        terminalreporter.section("what was tried, and how often it held")
        for line in table(found[what] for what in sorted(found)):
            terminalreporter.write_line(line)
