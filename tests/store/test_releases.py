"""Projects that earlier releases left behind load for ever, are worked on, and lose nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.cli.main import main
from planner.rules.scoring.ranking import rank
from planner.store import backlog as backlogs
from planner.store.config import load_settings
from planner.store.encoding import plain
from planner.store.layout import Layout
from planner.store.store import Store
from planner.store.tables import TABLES
from planner.workspace.workspace import Workspace
from tests.store.released import FROZEN, contents, copied


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_BY", "ana")


def raw(layout: Layout) -> dict[str, Any]:
    """The tables as they lie in the file."""
    tables: dict[str, Any] = json.loads(layout.backlog.read_bytes())["tables"]
    return tables


def lost(before: Any, after: Any) -> Iterator[str]:
    """Every place of a value that is another one, or gone, afterwards; what is new is no loss."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            yield from (f"{name}.{place}" for place in lost(value, after.get(name, "gone")))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from (f"{number}.{place}" for place in lost(one, other))
    elif before != after:
        yield f"{before!r} → {after!r}"


# -- reading -----------------------------------------------------------------------------------------


def test_there_is_a_frozen_project_of_every_release() -> None:
    assert "0.1" in FROZEN


def test_the_facts_of_0_1_are_what_they_were(tmp_path: Path) -> None:
    layout = copied("0.1", tmp_path)
    store = Store(layout)
    ledger = store.read()
    assert (ledger.generation, len(store.operations()), store.archived()) == (177, 177, (162, 162))
    assert (len(ledger.ideas), len(ledger.runs), len(ledger.baselines), len(ledger.revisions)) == (
        26,
        27,
        2,
        5,
    )
    assert Counter(run.status for run in ledger.runs.values()) == {
        "finished": 23,
        "crashed": 2,
        "failed": 1,
        "stopped": 1,
    }
    verdicts = {one.idea: one.verdict for one in ledger.outcomes}
    assert [verdicts[idea] for idea in (1, 17, 19, 20, 21)] == [
        "inconclusive",
        "invalid",
        "improved",
        "no gain",
        "worse",
    ]
    assert [one.idea for one in ledger.withdrawn] == [24]
    assert [one.imported for one in ledger.outcomes if one.imported] == ["log.csv", "log.csv"]
    odd, frozen = ledger.ideas[10], ledger.ideas[1].frozen
    assert (odd.title, odd.after) == ("a title with <b>markup</b> [/] and «ünïcödé»", (7,))
    assert odd.estimates["cleo"].ranges["hours"] == (2.0, 8.0)
    assert frozen is not None
    assert (frozen.score, sorted(frozen.estimates)) == (0.33443556796715085, ["ana", "bo"])
    assert frozen.digest == "252d79f76571dec064b06bba04ca6601340fbf64e95f071df6dd05f03abc8c3b"
    evidence = ledger.outcomes[0].evidence
    assert evidence is not None
    assert evidence.pairs[0].idea == 0.8569999933242798
    assert (ledger.calibration.number, ledger.calibration.base) == (16, 0.29424358736892076)


def test_every_field_of_every_fact_is_read_as_it_was_written(frozen: Layout) -> None:
    ledger, tables = Store(frozen).read(), raw(frozen)
    outcomes = sorted((*ledger.outcomes, *ledger.withdrawn), key=lambda one: (one.at, one.idea))
    read = {
        "Idea": list(ledger.ideas.values()),
        "Run": list(ledger.runs.values()),
        "Outcome": outcomes,
        "Revision": ledger.revisions,
        "Baseline": ledger.baselines,
        "Calibration": [ledger.calibration],
    }
    for kind, facts in read.items():
        rows = [tables[TABLES[kind]][number] for number in sorted(tables[TABLES[kind]], key=int)]
        if kind == "Outcome":
            rows.sort(key=lambda row: (row["at"], row["idea"]))
        assert len(rows) == len(facts) > 0, kind
        for row, fact in zip(rows, facts, strict=True):
            assert list(lost(row, plain(fact))) == [], kind


def test_the_history_the_journal_and_the_backups_are_whole(frozen: Layout) -> None:
    store = Store(frozen)
    told, there = store.archived()
    assert told == there > 0
    assert len(store.history()) == told + len(store.read().revisions)
    operations = store.operations()
    assert operations[-1].seq == store.read().generation
    assert [one.base for one in operations[1:]] == [one.seq for one in operations[:-1]]
    for backup in frozen.backups.iterdir():
        state, _ = backlogs.load(backup)
        assert state.tables["ideas"]


def test_every_score_can_still_be_made(frozen: Layout) -> None:
    ranked = rank(Store(frozen).read(), load_settings(frozen))
    assert ranked
    assert all(row.score.value >= 0 for row in ranked)


def test_every_run_folder_is_read(frozen: Layout) -> None:
    work, seen_of = Workspace(frozen), set()
    for run_id, run in Store(frozen).read().runs.items():
        folder = frozen.run(run_id)
        if not folder.path.is_dir():
            continue
        assert folder.read_spec().run == run_id
        detail = work.run_detail(run_id)
        if run.status == "finished" and run.rung == "full":
            assert detail.run.progress.ended is not None
            assert detail.run.progress.ended.metrics == run.metrics
            assert detail.context is not None
        seen_of |= {name for name in ("evaluation", "gpu", "context", "log") if getattr(detail, name)}
    assert seen_of == {"evaluation", "gpu", "context", "log"}


READ = (
    ("list",),
    ("list", "--all"),
    ("show", "{idea}"),
    ("runs",),
    ("status",),
    ("logs", "{run}"),
    ("review",),
    ("calibration",),
    ("next",),
    ("export",),
    ("gpu",),
)
"""Everything that only looks."""
WRITES = {"review": "reviews/"}
"""Where a verb that looks writes all the same: the page of this week, which tells of today."""


@pytest.mark.parametrize("words", READ, ids=" ".join)
def test_every_verb_that_looks_works_and_changes_nothing(
    words: tuple[str, ...], frozen: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    def others() -> dict[str, bytes]:
        found = contents(frozen.home)
        return {name: data for name, data in found.items() if not name.startswith(WRITES.get(words[0], "/"))}

    before = others()
    ledger = Store(frozen).read()
    run = next(iter(run for run in ledger.runs if frozen.run(run).log.exists()))
    for idea in ledger.ideas if "{idea}" in words else [1]:
        typed = [word.format(idea=idea, run=run) for word in words]
        assert main(["-C", str(frozen.project), *typed]) == 0, capsys.readouterr().err
        assert main(["-C", str(frozen.project), *typed, "--json"]) == 0, capsys.readouterr().err
        assert capsys.readouterr().out
    after = {name: data for name, data in others().items() if name not in ("settings.json", "lock")}
    assert after == before


def test_the_doctor_finds_nothing_wrong_with_its_store(
    frozen: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["-C", str(frozen.project), "doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    findings = found if isinstance(found, list) else found["findings"]
    of_store = {
        one["name"]: one for one in findings if one["name"] in {"backlog", "journal", "archive", "store"}
    }
    assert of_store
    assert {one["state"] for one in of_store.values()} == {"ok"}, of_store


# -- working on --------------------------------------------------------------------------------------


def test_a_write_keeps_every_fact_and_undo_takes_it_back(
    frozen: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    before = raw(frozen)
    for typed in (
        ["add", "one more", "-t", "2h"],
        ["edit", "2", "--tag", "old"],
        ["estimate", "2", "-l", "31%"],
    ):
        assert main(["-C", str(frozen.project), *typed]) == 0, capsys.readouterr().err
    after = raw(frozen)
    for name, rows in before.items():
        gone = list(lost(rows, after[name]))
        assert gone == [] or name in {"meta", "ideas"}, (name, gone)
    others = {number: row for number, row in before["ideas"].items() if number != "2"}
    assert list(lost(others, after["ideas"])) == []
    assert main(["-C", str(frozen.project), "undo", "3"]) == 0, capsys.readouterr().err
    assert list(lost({**before, "meta": {}}, raw(frozen))) == []


def test_what_that_release_did_is_undone_and_redone_by_this_one(frozen: Layout) -> None:
    work = Workspace(frozen, who="ana")
    before = plain(Store(frozen).read())
    work.redo()  # the last thing it did was to undo
    again = plain(Store(frozen).read())
    assert list(lost(before, again)) != []
    work.undo()
    after = plain(Store(frozen).read())
    assert [place for place in lost(before, after) if not place.startswith("generation")] == []


def test_a_damaged_backlog_is_restored_from_its_backups(
    frozen: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    before = raw(frozen)
    frozen.backlog.write_bytes(frozen.backlog.read_bytes()[:1000])
    assert main(["-C", str(frozen.project), "list"]) == 4
    assert "doctor --restore" in capsys.readouterr().err
    main(["-C", str(frozen.project), "doctor", "--restore"])
    assert list(lost({**before, "meta": {}}, raw(frozen))) == []
