"""Whoever asks for history is told the same, whether older revisions have left the backlog or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli.main import main
from planner.domain.outcome import Outcome
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.store import archive
from planner.workspace.export import export_text
from planner.workspace.learning import learn
from planner.workspace.reports import review_facts, review_of
from planner.workspace.workspace import Workspace
from tests.projects import Clock, make_project

IDEAS = 12
WEEKS = ("2026-W47", "2026-W48", "2026-W49")


def lived(folder: Path) -> Workspace:
    """A project with a dozen ideas, eight of which came to an outcome, two days apart."""
    clock = Clock()
    work = Workspace(make_project(folder), now=clock, who="ana")
    for number in range(IDEAS):
        work.ideas.add(f"idea {number}", likelihood="30%", impact="+0.004", hours=f"{1 + number % 3}h")
    for idea in range(1, 9):
        clock.advance(days=2)
        settle(work, idea, clock(), work.settings)
    return work


def settle(work: Workspace, idea: int, at: str, settings: Settings) -> None:
    verdict: Verdict = "improved" if idea % 3 == 0 else "no gain"
    with work.project.store.transaction("settle", by="dispatcher", undoable=False) as tables:
        tables.put(Outcome(idea=idea, at=at, verdict=verdict, reason="x", rung="full", baseline=1, hours=2.0))
        learn(tables, settings, at=at, because=f"idea {idea}", outcome_of=idea)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Workspace]:
    """The same project twice: as it is with everything in the backlog, and with most of it archived."""
    whole = lived(tmp_path / "project")
    tmp_path.joinpath("project").rename(tmp_path / "whole")
    monkeypatch.setattr(archive, "MOST", 8)
    monkeypatch.setattr(archive, "KEPT", 4)
    lived(tmp_path / "project")
    tmp_path.joinpath("project").rename(tmp_path / "split")
    folders = [Workspace.find(tmp_path / name).layout for name in ("whole", "split")]
    now = whole.project.now
    return Workspace(folders[0], now=now, who="ana"), Workspace(folders[1], now=now, who="ana")


def test_most_has_left_the_backlog(both: tuple[Workspace, Workspace]) -> None:
    whole, split = (len(work.view().ledger.revisions) for work in both)
    assert split < whole / 2
    assert both[0].project.store.history() == both[1].project.store.history()
    assert not both[0].layout.archive.exists()


def test_the_review_of_every_week_is_the_same(both: tuple[Workspace, Workspace]) -> None:
    for week in WEEKS:
        whole, split = (review_facts(review_of(work.project, week)) for work in both)
        assert whole == split
        assert whole["moved"]


def test_an_idea_is_shown_with_its_whole_history(
    both: tuple[Workspace, Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["show", "11"], ["show", "11", "--json"], ["show", "2"]):
        told = []
        for work in both:
            assert main(["-C", str(work.layout.project), *words]) == 0
            told.append(capsys.readouterr().out)
        assert told[0] == told[1]
        assert told[0]


def test_an_export_holds_the_whole_history(both: tuple[Workspace, Workspace]) -> None:
    for chosen in ("json", "jsonl"):
        whole, split = (export_text(work.view(), work.layout, chosen) for work in both)
        assert whole == split
    found = json.loads(export_text(both[1].view(), both[1].layout, "json"))
    moves = sum(len(idea["revisions"]) for idea in found["ideas"])
    assert moves == len(both[0].view().ledger.revisions)
