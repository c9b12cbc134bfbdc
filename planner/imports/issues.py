"""Ideas from GitHub issues, as `gh issue list --json number,title,body,labels` or REST has them."""

from __future__ import annotations

import json
from typing import Any

from planner.domain.idea import CATEGORIES
from planner.domain.imported import BadRow
from planner.domain.mistake import Mistake
from planner.imports.outside import ROW_LIMIT
from planner.imports.proposal import Ideas, Proposal
from planner.imports.tidy import one_line, tags, title_and_rest, word

_LIKE = "write it with `gh issue list --json number,title,body,labels`"


def read_issues(text: str, name: str) -> Ideas:
    """The open issues in a JSON text; pull requests and closed ones are counted; a Mistake without any."""
    issues = _issues(text, name)
    if len(issues) > ROW_LIMIT:
        raise Mistake(f"{name} has more than {ROW_LIMIT:,} issues; split it")
    skipped: dict[str, int] = {}
    proposals, bad = [], []
    for place, issue in enumerate(issues, start=1):
        reason = _passed_over(issue)
        if reason:
            skipped[reason] = skipped.get(reason, 0) + 1
        elif not isinstance(issue, dict) or not one_line(_text(issue.get("title"))):
            bad.append(BadRow(line=place, column="title", problem=f"it is no issue with a title; {_LIKE}"))
        else:
            proposals.append(_proposal(place, issue))
    return Ideas(name=name, kind="GitHub issues", proposals=tuple(proposals), bad=tuple(bad), skipped=skipped)


def _issues(text: str, name: str) -> list[Any]:
    """Every issue; pages that were written one after another are read as one."""
    found: list[Any] = []
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        try:
            page, end = decoder.raw_decode(rest)
        except (ValueError, RecursionError):
            raise Mistake(f"{name} is no JSON of issues; {_LIKE}") from None
        if isinstance(page, dict):
            page = page.get("items", [page])  # a search answers its issues as items
        if not isinstance(page, list):
            raise Mistake(f"{name} is no JSON of issues; {_LIKE}")
        found.extend(page)
        rest = rest[end:].lstrip()
    if found and not any(isinstance(issue, dict) and "title" in issue for issue in found):
        raise Mistake(f"{name} has no issues with titles; {_LIKE}")
    return found


def _passed_over(issue: Any) -> str:
    """Why an issue is no idea; empty when it is one."""
    if not isinstance(issue, dict):
        return ""
    pull = issue.get("pull_request") is not None or issue.get("isPullRequest") is True
    if pull or "/pull/" in _text(issue.get("url")):
        return "pull requests"
    return "closed" if _text(issue.get("state")).lower() == "closed" else ""


def _proposal(place: int, issue: dict[str, Any]) -> Proposal:
    number = issue.get("number")
    source = f"GitHub issue #{number}" if isinstance(number, int) and 0 < number < 10**9 else ""
    title, hypothesis = title_and_rest(_text(issue["title"]), _text(issue.get("body")), source)
    labels = _labels(issue.get("labels"))
    category = next((label for label in labels if label in CATEGORIES), "")
    return Proposal(
        line=place,
        title=title,
        hypothesis=hypothesis,
        category=category,
        tags=tags(",".join(label.replace(" ", "-") for label in labels if label != category)),
    )


def _labels(value: Any) -> list[str]:
    """The labels' names; `category: loss` and `category/loss` name the category alone."""
    if not isinstance(value, list):
        return []
    names = [_text(one.get("name")) if isinstance(one, dict) else _text(one) for one in value]
    plain = [
        word(name.split(":")[-1].split("/")[-1] if "category" in name.lower() else name) for name in names
    ]
    return [name for name in plain if name]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
