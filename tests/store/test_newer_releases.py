"""What a newer release has written is read where it can be, and never written over."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from planner.cli.main import main
from planner.domain.run import SPEC_FORMAT
from planner.store import backlog as backlogs
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from tests.screens.story import drive, press, seen, until
from tests.store.released import contents


@pytest.fixture(autouse=True)
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_BY", "ana")


@pytest.fixture
def newer(frozen: Layout) -> Layout:
    """The same project, written by a release whose schema is one higher."""
    state, _ = backlogs.load(frozen.backlog)
    operation = {**(state.operation or {}), "zz_new": 1}
    frozen.backlog.write_bytes(
        backlogs.render(state._replace(schema=backlogs.SCHEMA + 1, operation=operation))
    )
    return frozen


def test_a_newer_schema_is_read_and_refused_to_change_in_a_sentence(
    newer: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(newer.home)
    assert main(["-C", str(newer.project), "list"]) == 0
    assert capsys.readouterr().out.count("\n") > 5
    for typed in (["add", "one more"], ["undo"], ["dispatch", "2"], ["park", "2"]):
        assert main(["-C", str(newer.project), *typed]) == 4
        said = capsys.readouterr().err
        assert "was written by a newer release (schema 2, this one knows 1)" in said
        assert said.count("\n") == 1
    after = contents(newer.home)
    assert {name: after[name] for name in before} == before


def test_the_face_shows_a_newer_store_with_a_banner_and_writes_nothing(newer: Layout) -> None:
    before = contents(newer.home)

    async def story(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "release (schema 2, this one knows 1)" in seen(pilot.app))
        for key in ("x", "u"):
            refusals = len(pilot.app.screen.query(Toast))
            await press(pilot, key)
            await until(pilot, lambda before=refusals: len(pilot.app.screen.query(Toast)) > before)  # type: ignore[misc]  # bound in this turn

    drive(WorkspaceEngine(Workspace(newer, who="ana")), story, size=(120, 40))
    after = contents(newer.home)
    assert {name: after[name] for name in before} == before


def test_a_newer_spec_is_refused_by_the_worker_in_a_sentence_and_shown_calmly(
    frozen: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    run = next(run for run in Store(frozen).read().runs if frozen.run(run).spec.exists())
    folder = frozen.run(run)
    spec = json.loads(folder.spec.read_bytes())
    folder.spec.write_text(json.dumps({**spec, "format": SPEC_FORMAT + 1, "zz_new": 1}))
    folder.claim.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "planner.worker", str(folder.path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert done.returncode == 2
    assert f"has format {SPEC_FORMAT + 1} and this release understands {SPEC_FORMAT}" in done.stderr
    assert "Traceback" not in done.stderr
    for typed in (["runs"], ["logs", run], ["status"]):
        assert main(["-C", str(frozen.project), *typed]) == 0, capsys.readouterr().err
    assert Workspace(frozen).run_detail(run).run.run.id == run


def test_unknown_fields_of_a_spec_and_unknown_events_are_passed_over(frozen: Layout) -> None:
    run = next(run for run in Store(frozen).read().runs if frozen.run(run).events.exists())
    folder = frozen.run(run)
    events, _ = folder.read_events()
    lines = folder.events.read_bytes().splitlines(keepends=True)
    odd = [b'{"event":"telepathy","at":"2027-01-01T00:00:00Z","of":[1,2]}\n', b'{"event":7}\n', b"[]\n"]
    folder.events.write_bytes(b"".join([lines[0], *odd, *lines[1:], *odd]))
    assert folder.read_events()[0] == events
    spec = json.loads(folder.spec.read_bytes())
    folder.spec.write_text(json.dumps({**spec, "zz_new": {"deep": 1}}))
    assert folder.read_spec().run == run
