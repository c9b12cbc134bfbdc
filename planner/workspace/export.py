"""The whole backlog as a file for other programs: CSV, JSON, JSON lines, Markdown, HTML."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.domain.outcome import Revision
from planner.domain.view import RankedIdea, View
from planner.rules.judging.correcting import in_a_sentence
from planner.rules.wording import numbers
from planner.rules.wording.display import clean
from planner.rules.wording.markdown import literal
from planner.store import files
from planner.store.encoding import plain
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.facts import Facts, idea_story, run_facts
from planner.workspace.strict import strict

SUFFIXES = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
}
"""The format a file's name stands for."""

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def export_text(view: View, layout: Layout, chosen: str) -> str:
    """The backlog in one of FORMATS, ending in a line end."""
    return FORMATS[chosen](view, layout)


def format_of(path: Path) -> str:
    """The format a file's name stands for; a Mistake when it stands for none."""
    if path.suffix.lower() not in SUFFIXES:
        raise Mistake(f"{path.name} does not say in which format: give --format {'|'.join(FORMATS)}")
    return SUFFIXES[path.suffix.lower()]


def write_export(text: str, path: Path) -> None:
    """Write the file whole, in the place of an older one; a Mistake when something else stands there."""
    if path.exists() and not path.is_file():
        raise Mistake(f"{path} is no file; give the name of a file to write, or none for stdout")
    if not path.parent.is_dir():
        raise Mistake(f"there is no folder {path.parent} to write {path.name} in")
    files.write_whole(path.resolve(), text.encode("utf-8", "backslashreplace"))


# -- for programs ---------------------------------------------------------------------------------


def _json(view: View, layout: Layout) -> str:
    document = {
        "goal": view.settings.goal,
        "baselines": view.ledger.baselines,
        "calibration": view.ledger.calibration,
        "ideas": list(_stories(view, layout)),
        "runs": [run_facts(one, layout) for one in view.runs],
    }
    return strict(document) + "\n"


def _jsonl(view: View, layout: Layout) -> str:
    return "".join(strict(story, indent=False) + "\n" for story in _stories(view, layout))


def _stories(view: View, layout: Layout) -> Iterator[Facts]:
    moved: defaultdict[int, list[Revision]] = defaultdict(list)
    for one in Store(layout).history():
        moved[one.idea].append(one)
    return (idea_story(row, view.runs, view.ledger, layout, moved[row.idea.id]) for row in view.ranked)


def _csv(view: View, _layout: Layout) -> str:
    rows = [_csv_row(row) for row in view.ranked]
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(CSV_COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: harmless(_visible(cell)) for name, cell in row.items()} for row in rows)
    return file.getvalue()


def _visible(cell: object) -> str | None:
    """A cell without what a terminal would act on, or a spreadsheet skip before a formula."""
    return None if cell is None else clean(str(cell), keep="\n\t")


def harmless(cell: object) -> str:
    """A cell no spreadsheet takes for a formula: text that looks like one begins with an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


CSV_COLUMNS: dict[str, Callable[[RankedIdea], object]] = {
    "id": lambda row: row.idea.id,
    "title": lambda row: row.idea.title,
    "status": lambda row: row.status,
    "rank": lambda row: row.rank,
    "score_mei_per_hour": lambda row: row.score.value,
    "chance": lambda row: row.score.chance.used,
    "gain_mei": lambda row: row.score.gain.used,
    "hours": lambda row: row.score.hours.used,
    "gpu_hours": lambda row: row.score.hours.gpu,
    "category": lambda row: row.idea.category,
    "tags": lambda row: " ".join(row.idea.tags),
    "hypothesis": lambda row: row.idea.hypothesis,
    "params": lambda row: strict(row.idea.change.params, indent=False) if row.idea.change.params else None,
    "ref": lambda row: row.idea.change.ref,
    "estimates": lambda row: strict(plain(row.idea.estimates), indent=False) if row.idea.estimates else None,
    "spent_hours": lambda row: row.idea.spent_hours,
    "verdict": lambda row: row.outcome.verdict if row.outcome else None,
    "effect_mei": lambda row: _evidence(row, "effect"),
    "low_mei": lambda row: _evidence(row, "low"),
    "high_mei": lambda row: _evidence(row, "high"),
    "chance_real": lambda row: _evidence(row, "q"),
    "shrunk_gain_mei": lambda row: _evidence(row, "gain"),
    "seeds": lambda row: _evidence(row, "seeds"),
    "reason": lambda row: row.outcome.reason if row.outcome else None,
    "seeds_verdict": lambda row: _overruled(row, "verdict"),
    "overruled_by": lambda row: _overruled(row, "by"),
    "declined": lambda row: row.outcome.declined if row.outcome else None,
    "outcome_gain_mei": lambda row: row.outcome.gain if row.outcome else None,
    "decided_at": lambda row: row.outcome.at if row.outcome else None,
    "run_hours": lambda row: row.outcome.run_hours if row.outcome else None,
    "energy_wh": lambda row: row.outcome.energy_wh if row.outcome else None,
    "created_at": lambda row: row.idea.created_at,
    "created_by": lambda row: row.idea.created_by,
    # To be filled in by a colleague: `planner import --ideas` brings a copy back as that person's estimates.
    "by": lambda _: None,
    "estimated_hours": lambda _: None,
    "complexity": lambda _: None,
    "impact": lambda _: None,
    "likelihood": lambda _: None,
}
"""The columns of the CSV, each with where it comes from."""


def _csv_row(row: RankedIdea) -> dict[str, object]:
    return {name: of(row) for name, of in CSV_COLUMNS.items()}


def _evidence(row: RankedIdea, name: str) -> object:
    return getattr(row.outcome.evidence, name) if row.outcome and row.outcome.evidence else None


def _overruled(row: RankedIdea, name: str) -> object:
    return getattr(row.outcome.overruled, name) if row.outcome and row.outcome.overruled else None


# -- for people -----------------------------------------------------------------------------------


def _page_columns(view: View) -> tuple[str, ...]:
    unit = numbers.score_unit(view.settings.score.bottleneck == "hours")
    return "rank", "idea", "status", unit, "chance", "gain, MEI", "hours", "outcome"


def _page_row(row: RankedIdea) -> tuple[str, ...]:
    return (
        str(row.rank or numbers.NOTHING),
        f"{row.idea.id} · {row.idea.title}",
        row.status,
        numbers.score(row.score.value, row.score.per_hour),
        numbers.chance(row.score.chance.used),
        numbers.compact(row.score.gain.used),
        numbers.compact(row.score.hours.used),
        in_a_sentence(row.outcome) if row.outcome else "",
    )


def _heading(view: View, layout: Layout) -> tuple[str, str]:
    goal = view.settings.goal
    aim = f"{'raise' if goal.direction == 'max' else 'lower'} {goal.metric}"
    target = "" if goal.target is None else f" to {goal.target:g}"
    mei = f"1 MEI, the smallest gain worth keeping, is {goal.minimum_effect:g}"
    return f"Ideas of {layout.project.name}", f"The goal: {aim}{target}. {mei}."


def _markdown(view: View, layout: Layout) -> str:
    title, goal = _heading(view, layout)
    columns = _page_columns(view)
    rows = [tuple(map(literal, _page_row(row))) for row in view.ranked]
    table = "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *rows))
    return f"# {literal(title)}\n\n{literal(goal)}\n\n{table}\n"


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #8888; padding: .3rem .7rem; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{goal}</p>
<table>
<thead>{head}</thead>
<tbody>
{body}
</tbody>
</table>
</body>
</html>
"""


def _html(view: View, layout: Layout) -> str:
    title, goal = map(_inert, _heading(view, layout))
    head = _html_row("th", _page_columns(view))
    body = "\n".join(_html_row("td", _page_row(row)) for row in view.ranked)
    return _PAGE.format(title=title, goal=goal, head=head, body=body)


def _html_row(cell: str, texts: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<{cell}>{_inert(text)}</{cell}>" for text in texts) + "</tr>"


def _inert(text: str) -> str:
    """Text that HTML shows as it is."""
    return escape(clean(text), quote=True)


FORMATS: dict[str, Callable[[View, Layout], str]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "md": _markdown,
    "html": _html,
}
"""What can be written, by the name --format knows it under."""
