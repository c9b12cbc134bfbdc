"""Ideas from a list in Markdown: `- [ ] title #tag (2h, 30%)`, with its hypothesis indented below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.domain.goal import Goal
from planner.domain.idea import CATEGORIES
from planner.domain.imported import BadRow
from planner.domain.mistake import Mistake
from planner.imports.estimates import CRITERIA, BadCell, estimate
from planner.imports.outside import ROW_LIMIT
from planner.imports.proposal import Ideas, Proposal
from planner.imports.tidy import one_line, tags, title_and_rest, word

_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[([ xX\-])\]\s+)?(.*\S.*)")
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*")
_TAG = re.compile(r"(?<!\S)#([^\W\d][\w\-]*)")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
_KEY = re.compile(r"(?:[-*+]\s+)?\**([A-Za-z ]+?)\**\s*:\s*(.+)")
_LABEL = re.compile(r"(?:\*\*)?title(?:\*\*)?\s*:\s*", re.IGNORECASE)

_TIME = re.compile(
    r"[\d.]+\s*[a-z]*(?:\s*(?:-|–|\.\.|to)\s*[\d.]+)?\s*(?:s|m|h|d|w|min|hrs?|hours?|days?|weeks?)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"c(?:omplexity)?\s*:?\s*([\d.].*)", re.IGNORECASE)
_KEYS = {
    "hypothesis": "hypothesis",
    "why": "hypothesis",
    "category": "category",
    "tags": "tags",
    "by": "by",
    "hours": "estimated_hours",
    "complexity": "complexity",
    "impact": "impact",
    "likelihood": "likelihood",
    "chance": "likelihood",
}
"""What an indented line may say of the idea above it, by the word before its colon."""
LEAST_WORDS = 3
"""Words after a colon that make them a hypothesis instead of a part of the title."""


@dataclass(kw_only=True)
class _Item:
    """An item of the list while its lines are gathered."""

    line: int
    text: str
    indent: int
    done: bool
    category: str
    below: list[str] = field(default_factory=list)


def read_markdown(text: str, name: str, goal: Goal, *, by: str) -> Ideas:
    """The open items of a list; checked ones are counted. A Mistake when there is no list."""
    items = list(_items(text))
    if not items:
        raise Mistake(
            f"{name} has no list of ideas; write one a line, like `- label smoothing #loss (15m, 25%)`"
        )
    if len(items) > ROW_LIMIT:
        raise Mistake(f"{name} has more than {ROW_LIMIT:,} ideas; split it")
    proposals, bad = [], []
    for item in items:
        if item.done:
            continue
        try:
            proposals.append(_proposal(item, goal, by))
        except BadCell as cell:
            bad.append(BadRow(line=item.line, column=CRITERIA.get(cell.field, cell.field), problem=str(cell)))
    done = sum(item.done for item in items)
    return Ideas(
        name=name,
        kind="a list of ideas",
        proposals=tuple(proposals),
        bad=tuple(bad),
        skipped={"checked off": done} if done else {},
    )


def _items(text: str) -> Iterator[_Item]:
    """The outermost items, each with what is indented below it; code blocks are no list."""
    current: _Item | None = None
    category, fenced = "", False
    for number, line in enumerate(text.expandtabs(4).splitlines(), start=1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        found = None if fenced else _ITEM.fullmatch(line)
        heading = None if fenced else _HEADING.fullmatch(line)
        indent = len(line) - len(line.lstrip())
        if found and (current is None or indent <= current.indent):
            if current:
                yield current
            done = (found[2] or " ") != " "
            current = _Item(line=number, text=found[3], indent=indent, done=done, category=category)
        elif heading:
            if current:
                yield current
            current, category = None, _category(heading[1])
        elif current is not None and line.strip():
            if indent > current.indent:
                current.below.append(line.strip())
            else:  # a paragraph ends the list
                yield current
                current = None
    if current:
        yield current


def _category(heading: str) -> str:
    """The category that a heading names; empty when it is about something else."""
    found = word(heading)
    return found if found in CATEGORIES else ""


def _proposal(item: _Item, goal: Goal, by: str) -> Proposal:
    text, said = _in_brackets(_LABEL.sub("", item.text, count=1))
    text, found_tags = _TAG.sub(" ", text), _TAG.findall(text)
    below = _below(item.below, said)
    head, _, tail = one_line(text).partition(": ")
    if len(tail.split()) >= LEAST_WORDS and tail[0].isalpha() and head:
        text, below = head, [tail, *below]
    if not one_line(text).strip("*_` "):
        raise BadCell("title", "it has no title; write one after the dash")
    title, hypothesis = title_and_rest(text.strip().removeprefix("**").removesuffix("**"), "\n".join(below))
    return Proposal(
        line=item.line,
        title=title,
        hypothesis=hypothesis,
        category=word(said.get("category", "")) or item.category,
        tags=tags(" ".join([*found_tags, said.get("tags", "")])),
        estimate=estimate(lambda field: said.get(field, ""), goal, by=said.get("by") or by, at=""),
    )


def _in_brackets(text: str) -> tuple[str, dict[str, str]]:
    """The text without the estimates in brackets at its end, and these; tags may follow them."""
    tail = " ".join(f"#{tag}" for tag in _TAG.findall(text[text.rfind(")") + 1 :])) if ")" in text else ""
    bare = text.removesuffix(text[text.rfind(")") + 1 :]) if tail else text
    found = _IN_BRACKETS.search(bare)
    if not found:
        return text, {}
    said: dict[str, str] = {}
    for part in found[1].split(","):
        field, value = _estimate(part.strip())
        if not field or field in said:
            return text, {}
        said[field] = value
    return f"{bare[: found.start()]} {tail}", said


def _estimate(part: str) -> tuple[str, str]:
    """Which estimate a part in brackets is, and its text; empty names when it is none."""
    points = _POINTS.fullmatch(part)
    if points:
        return "complexity", points[1]
    if part.endswith("pp") or (part[:1] in "+-−" and part[1:2].isdigit()):
        return "impact", part
    if re.fullmatch(r"[\d.]+\s*%?(?:\s*(?:-|–|\.\.|to)\s*[\d.]+)?\s*%", part):
        return "likelihood", part
    return ("estimated_hours", part) if _TIME.fullmatch(part) else ("", "")


def _below(lines: list[str], said: dict[str, str]) -> list[str]:
    """The lines below an item that are its hypothesis; what says a field of it goes to `said`."""
    rest = []
    for line in lines:
        key = _KEY.fullmatch(line)
        field = _KEYS.get(key[1].strip().lower()) if key else None
        if key and field == "hypothesis":
            rest.append(key[2])
        elif key and field:
            said.setdefault(field, key[2].strip())
        else:
            rest.append(line)
    return rest
