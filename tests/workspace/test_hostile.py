"""Hostile text in every export: shown as it is, nothing calculated, nothing run, nothing fetched."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from planner.workspace.export import export_text
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.drills.hostile import acted_on
from tests.drills.hostile_project import TEXTS, fill

Publish = Callable[[Figure], None]
MARKED_UP = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "hr", "br"),
}
"""Tags that only give text a shape."""
SHAPING = {"lang", "charset", "http-equiv", "content", "style"}
"""Attributes of theirs."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@pytest.fixture
def hostile(work: Workspace) -> Workspace:
    """A project in which every string stands in every text."""
    fill(work.layout)
    return work


def exported(work: Workspace, chosen: str) -> str:
    return export_text(work.view(), work.layout, chosen)


class Reader(HTMLParser):
    """What a browser would make of a page: its tags, its attributes, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_cell_of_a_csv_is_calculated(hostile: Workspace, publish: Publish) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(hostile, "csv"))))
    assert len(rows) == len(TEXTS)
    cells = [cell for row in rows for cell in row.values() if not NUMBER.fullmatch(cell)]
    bad = [
        cell for cell in cells if cell.lstrip()[:1] in {*"=+-@＝＋－＠\t\r"} - {""} or acted_on(cell, "\n\t")
    ]
    assert not bad, bad[:5]
    publish(Figure(what="hostile strings x cells of the CSV", tried=len(cells), held=len(cells)))


def test_json_holds_every_string_as_it_is(hostile: Workspace, publish: Publish) -> None:
    whole, lines = exported(hostile, "json"), exported(hostile, "jsonl")
    assert not acted_on(whole + lines, "\n")
    for ideas in (json.loads(whole)["ideas"], [json.loads(line) for line in lines.split("\n") if line]):
        assert {idea["title"] for idea in ideas} == {*TEXTS}
    publish(Figure(what="hostile strings x JSON and JSON lines", tried=2 * len(TEXTS), held=2 * len(TEXTS)))


def pages(work: Workspace) -> dict[str, str]:
    """Everything that is made to be read, as HTML: Markdown as strict and as lax readers show it."""
    told = {"html": exported(work, "html")}
    for name, text in (("md", exported(work, "md")), ("review", work.review("2026-W47"))):
        told[name] = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
        told[f"{name}, as GitHub"] = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    return told


def test_a_page_holds_text_and_nothing_that_runs_or_is_fetched(hostile: Workspace, publish: Publish) -> None:
    made = pages(hostile)
    for name, page in made.items():
        reader = Reader(page)
        assert reader.tags <= MARKED_UP, (name, reader.tags - MARKED_UP)
        assert reader.attributes <= SHAPING
        assert not acted_on(page, "\n"), name
        assert "<script>owned()</script>" in reader.text, name
    publish(
        Figure(
            what="hostile strings x pages to be read",
            tried=len(made) * len(TEXTS),
            held=len(made) * len(TEXTS),
        )
    )


CANARY = "<script>function owned() { document.title = 'ow' + 'ned' }</script>"
"""What every script of the corpus would call, did it run."""


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium on this machine")
def test_nothing_runs_in_a_real_browser(hostile: Workspace, tmp_path: Path, publish: Publish) -> None:
    made = pages(hostile)
    for number, page in enumerate(made.values()):
        unguarded = re.sub(r"<meta http-equiv=.Content-Security-Policy.*", "", page)
        assert "ow" + "ned</title>" not in shown(CANARY + unguarded, tmp_path / f"{number}.html")
    control = shown(CANARY + "<img src=x onerror=owned()>", tmp_path / "control.html")
    assert "owned</title>" in control, "the canary can be seen when a script runs"
    publish(
        Figure(
            what="pages of hostile strings in chromium", tried=len(made), held=len(made), note="0 scripts ran"
        )
    )


def shown(page: str, path: Path) -> str:
    """The document as a real browser has it after its scripts."""
    path.write_text(page, "utf-8")
    browser = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={path.parent}/chromium",
    ]
    wait = ["--virtual-time-budget=2000", "--dump-dom", path.as_uri()]
    done = subprocess.run([*browser, *wait], capture_output=True, text=True, timeout=600, check=True)
    return done.stdout
