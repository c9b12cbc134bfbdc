"""What a review that is written again leaves in its file: people's notes, and the plan of an old week."""

from __future__ import annotations

NOTES = "## Notes"
"""The line below which everything is a person's own."""
PLAN = "## What next"
"""The line at which the plan begins."""
INVITATION = "What is written below this line stays when the review is written again."
"""Stands under the first line until somebody writes there."""


def page(text: str, old: str = "", *, past: bool = False) -> str:
    """The review's file: the new text, then what stood below the notes' line of the old file.

    Of a week that is long past the old plan stays too: what was planned then is part of the record.
    """
    before, notes = _parted(old, NOTES)
    if past:
        planned = _parted(before, PLAN)[1]
        text = _parted(text, PLAN)[0] + planned if planned else text
    return f"{text.rstrip()}\n\n" + (notes or f"{NOTES}\n\n{INVITATION}\n")


def _parted(text: str, line: str) -> tuple[str, str]:
    """The text before the first line that reads so, and the rest from that line on; else all and nothing."""
    start = 0
    for each in text.split("\n"):
        if each.rstrip() == line:
            return text[:start], text[start:]
        start += len(each) + 1
    return text, ""
