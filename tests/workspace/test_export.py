"""The backlog for other programs and other people, with nothing in it that could do harm."""

import csv
import io
import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from planner.domain.mistake import Mistake
from planner.workspace.export import FORMATS, export_text, format_of, harmless, write_export
from planner.workspace.workspace import Workspace

EVIL = "<script>alert(1)</script> [x](javascript:y) | `a` \x1b[31m ‮ \" ' & https://evil.example"


def exported(work: Workspace, chosen: str) -> str:
    return export_text(work.view(), work.layout, chosen)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "-", "+"])
def test_a_cell_that_looks_like_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-0.5", "+3", "1e-3", "-2.5e+10", "a=b", "", "3 - 2"])
def test_plain_numbers_and_plain_text_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_csv_has_one_row_an_idea_best_first(work: Workspace) -> None:
    work.ideas.add("slow", hours="40h", tags=["a", "b"])
    work.ideas.add('=quick, "really"', hours="1h", params=["lr=0.1"])
    rows = list(csv.DictReader(io.StringIO(exported(work, "csv"))))
    assert [row["title"] for row in rows] == ['\'=quick, "really"', "slow"]
    assert json.loads(rows[0]["params"]) == {"lr": 0.1}
    assert float(rows[0]["score_mei_per_hour"]) > float(rows[1]["score_mei_per_hour"])
    assert (rows[1]["tags"], rows[1]["verdict"]) == ("a b", "")


def test_json_and_json_lines_hold_the_same_ideas(work: Workspace) -> None:
    work.ideas.add("one")
    work.ideas.add("two\nlines")
    whole = json.loads(exported(work, "json"))
    assert whole["goal"]["metric"] == "val_accuracy"
    assert whole["runs"] == []
    lines = exported(work, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == whole["ideas"]


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_shows_text_as_it_is_and_fetches_nothing(work: Workspace) -> None:
    work.ideas.add(EVIL)
    reader = Reader()
    reader.feed(exported(work, "html"))
    assert "script" not in reader.tags
    assert reader.links == []
    assert "<script>alert(1)</script>" in reader.text
    assert "\x1b" not in reader.text
    assert "‮" not in reader.text


def test_markdown_shows_text_as_it_is(work: Workspace) -> None:
    from markdown_it import MarkdownIt

    work.ideas.add(EVIL)
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(exported(work, "md"))
    reader = Reader()
    reader.feed(rendered)
    assert reader.links == []
    assert "script" not in reader.tags
    assert "code" not in reader.tags
    assert reader.text.count("<script>alert(1)</script>") == 1
    assert rendered.count("<td>") == 8, "a bar in a title makes no column"


@pytest.mark.parametrize("chosen", FORMATS)
def test_an_empty_backlog_can_be_exported(work: Workspace, chosen: str) -> None:
    assert exported(work, chosen).endswith("\n") or chosen == "jsonl"


def test_the_format_is_told_by_the_name() -> None:
    names = {"a.csv": "csv", "a.JSON": "json", "a.jsonl": "jsonl", "a.markdown": "md", "a.b.htm": "html"}
    assert {name: format_of(Path(name)) for name in names} == names
    with pytest.raises(Mistake, match="--format"):
        format_of(Path("ideas"))


def test_a_file_is_written_whole_in_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "ideas.csv"
    path.write_text("an older one, and longer")
    write_export("new\n", path)
    assert path.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no file"):
        write_export("x", tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Mistake, match="no file"):
        write_export("x", tmp_path / "pipe")
    with pytest.raises(Mistake, match="no folder"):
        write_export("x", tmp_path / "nowhere" / "ideas.csv")
