"""Hostile text and sizes in files from outside: ideas within the limits, or a sentence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports import outside
from planner.imports.ideas_source import read_ideas
from planner.imports.params import params_from
from planner.imports.proposal import Proposal
from planner.imports.source import read_source
from planner.rules.notation import limits
from tests.drills.figure import Figure
from tests.drills.hostile import MADE, SHORT, storable

Publish = Callable[[Figure], None]
GOAL = Goal(metric="val_accuracy", minimum_effect=0.002)
TEXTS = (*map(storable, SHORT), MADE["huge"][1])
COLUMNS = (
    "title",
    "hypothesis",
    "category",
    "tags",
    "params",
    "by",
    "hours",
    "complexity",
    "impact",
    "likelihood",
)


def sheet(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def files(text: str) -> Iterator[tuple[str, str]]:
    """A text in every place of every kind of file, by the file's name."""
    yield "whole.csv", text
    yield "whole.md", text
    yield "whole.json", text
    yield "ideas.csv", sheet([COLUMNS, [text, text, text, text, "", text, "", "", "", ""]])
    for column in COLUMNS[4:]:
        yield f"{column}.csv", sheet([("title", column), ("an idea", text)])
    yield "column.csv", sheet([("title", text), ("an idea", text)])
    yield "ideas.md", f"# {text}\n\n- {text}\n- [ ] {text}: {text}\n"
    issue = {"title": text, "body": text, "labels": [{"name": text}], "number": 1, "state": text}
    yield "issues.json", json.dumps([issue])


def within_limits(idea: Proposal) -> bool:
    return (
        0 < len(idea.title) <= limits.TITLE
        and len(idea.hypothesis) <= limits.TEXT
        and len(idea.category or "") <= limits.WORD
        and len(idea.tags) <= limits.TAGS
        and all(0 < len(tag) <= limits.WORD for tag in idea.tags)
        and len(idea.params) <= limits.PARAMS
        and (idea.estimate is None or 0 < len(idea.estimate.by) <= limits.NAME)
    )


def refused(read: Callable[[], object]) -> str | None:
    """The sentence with which something is refused; None when it is taken."""
    try:
        read()
    except Mistake as mistake:
        return str(mistake)
    return None


def test_every_string_in_every_file_becomes_ideas_within_the_limits_or_a_sentence(
    tmp_path: Path, publish: Publish
) -> None:
    def read() -> None:
        ideas = read_ideas(path, GOAL, mapped={}, by="ana").proposals
        assert all(map(within_limits, ideas)), (path.name, ascii(text)[:60], ideas[:1])

    sentences = []
    for text in TEXTS:
        for name, content in files(text):
            path = tmp_path / name
            path.write_text(content, "utf-8", newline="")
            sentences.append(refused(read) or "")
    assert max(map(len, sentences)) < 2_000
    publish(Figure(what="hostile strings x files of ideas", tried=len(sentences), held=len(sentences)))


def test_every_string_as_history_is_read_or_refused(tmp_path: Path, publish: Publish) -> None:
    columns = (
        "title",
        "status",
        "value",
        "hours",
        "run_hours",
        "date",
        "metric",
        "direction",
        "notes",
        "delta",
    )
    sentences = []
    for text in map(storable, SHORT):
        for column in columns:
            path = tmp_path / "history.csv"
            path.write_text(sheet([("idea", column), ("an idea", text)]), "utf-8", newline="")
            sentences.append(refused(lambda path=path: read_source(path, GOAL, mapped={}, by="ana")) or "")
    assert max(map(len, sentences)) < 2_000
    publish(Figure(what="hostile strings x files of history", tried=len(sentences), held=len(sentences)))


def test_a_file_of_two_gigabytes_is_refused_by_its_size_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(Mistake, match=r"huge\.csv has more than 64 MiB"):
        outside.read_text(path)


def test_too_many_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("title\n" + "an idea\n" * (outside.ROW_LIMIT + 1))
    with pytest.raises(Mistake, match=r"rows\.csv has more than 50,000 rows"):
        read_ideas(path, GOAL, mapped={}, by="ana")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_json_that_is_nested_deeply_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deep.json"
    path.write_text(text)
    with pytest.raises(Mistake, match=r"deep\.json"):
        read_ideas(path, GOAL, mapped={}, by="ana")


def test_params_of_a_cell_have_the_limits_of_params_that_are_typed() -> None:
    for text in (
        json.dumps({f"p{number}": 1 for number in range(limits.PARAMS + 1)}),
        json.dumps({"p" * 1_000: 1}),
        json.dumps({"": 1}),
        '{"p": ' + "[" * 30 + "]" * 30 + "}",
        '{"p": 1e999}',
    ):
        assert refused(lambda text=text: params_from(text, {}))
