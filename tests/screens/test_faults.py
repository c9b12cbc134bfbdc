"""The face while the disk is full, the folder read-only, the store damaged, and others write beside it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from planner.cli.main import main
from planner.store.door import Door
from planner.store.layout import Layout
from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from screens.app import PlannerApp
from screens.edit import EditScreen
from screens.guarded import guarded
from tests.drills.doors import through
from tests.drills.figure import Figure
from tests.projects import make_project, workspace
from tests.screens.story import lasting, line_with, planner, press, ready, seen, settled, until, write

Publish = Callable[[Figure], None]
NOBODY = 65534
"""The number of the user who owns nothing."""


class Quiet(WorkspaceEngine):
    """A real project's engine, without a process that watches GPUs."""

    def gpu_line(self, width: int) -> str:
        return "no GPU"[:width]


class Refusing(Door):
    """A disk that takes nothing more."""

    def __init__(self, code: int) -> None:
        self.code = code

    def write(self, descriptor: int, data: bytes | memoryview, path: Path) -> int:
        raise OSError(self.code, os.strerror(self.code), str(path))


@contextlib.asynccontextmanager
async def opened(layout: Layout, who: str = "ana") -> AsyncIterator[Pilot[None]]:
    """The planner on a real project."""
    app = lasting(PlannerApp(guarded(Quiet(Workspace(layout, who=who)))))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await ready(pilot)
        yield pilot


def titles(layout: Layout) -> list[str]:
    return [idea.title for idea in workspace(layout).view().ledger.ideas.values()]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = make_project(tmp_path / "project")
    workspace(made).ideas.add("the first")
    return made


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_an_idea_typed_on_a_disk_that_takes_nothing_stays_typed(layout: Layout, code: int) -> None:
    async def story() -> None:
        async with opened(layout) as pilot:
            await press(pilot, "a")
            await write(pilot, "label smoothing 0.1")
            with through(Refusing(code)):
                await press(pilot, "enter")
                await until(pilot, lambda: "! " in line_with(pilot.app, str(layout.project)[:20]))
            line = pilot.app.focused
            assert isinstance(line, Input)
            assert line.value == "label smoothing 0.1"
            await press(pilot, "enter")
            await until(pilot, lambda: "label smoothing 0.1" in titles(layout))

    asyncio.run(story())
    assert titles(layout) == ["the first", "label smoothing 0.1"]


def test_a_form_on_a_full_disk_stays_as_typed(layout: Layout) -> None:
    async def story() -> None:
        async with opened(layout) as pilot:
            await press(pilot, "e")
            form = pilot.app.screen
            assert isinstance(form, EditScreen)
            form.query_one("#title", Input).value = "another title"
            with through(Refusing(errno.ENOSPC)):
                await press(pilot, "ctrl+s")
                await until(pilot, lambda: "make room and try again" in seen(pilot.app))
            assert pilot.app.screen is form
            assert form.query_one("#title", Input).value == "another title"
            await press(pilot, "ctrl+s")
            await until(pilot, lambda: titles(layout) == ["another title"])

    asyncio.run(story())


def test_a_nudge_on_a_full_disk_is_taken_back_and_told(layout: Layout) -> None:
    async def story() -> None:
        async with opened(layout) as pilot:
            before = line_with(pilot.app, "the first")
            with through(Refusing(errno.ENOSPC)):
                await press(pilot, "plus")
                await until(pilot, lambda: "is full, nothing was changed" in seen(pilot.app))
            await until(pilot, lambda: line_with(pilot.app, "the first") == before)

    asyncio.run(story())
    assert workspace(layout).view().ledger.ideas[1].estimates == {}


@pytest.mark.parametrize("damage", [b"", b"garbage", b'{"half": '])
def test_a_store_that_breaks_and_is_restored_while_it_is_open(layout: Layout, damage: bytes) -> None:
    async def story() -> None:
        async with opened(layout) as pilot:
            good = layout.backlog.read_bytes()
            layout.backlog.write_bytes(damage)
            await until(pilot, lambda: "planner doctor --restore" in seen(pilot.app))
            assert "the first" in seen(pilot.app), "what was read stays in sight"
            await press(pilot, "a")
            await write(pilot, "typed meanwhile")
            await press(pilot, "enter")
            await settled(pilot)
            assert "typed meanwhile" in seen(pilot.app)
            layout.backlog.write_bytes(good)
            await until(pilot, lambda: "doctor --restore" not in line_with(pilot.app, "backlog.json"))
            await press(pilot, "enter")
            await until(pilot, lambda: titles(layout) == ["the first", "typed meanwhile"])

    asyncio.run(story())


def test_a_folder_that_vanishes_and_comes_back_while_it_is_open(layout: Layout, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(layout) as pilot:
            shutil.move(layout.project, tmp_path / "away")
            await until(pilot, lambda: bool(planner(pilot).trouble))
            assert "the first" in seen(pilot.app)
            shutil.move(tmp_path / "away", layout.project)
            await until(pilot, lambda: not planner(pilot).trouble)

    asyncio.run(story())


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody may change, and whoever runs the test no more than its owner: no superuser."""
    was, owner = stat.S_IMODE(folder.stat().st_mode), os.geteuid()
    folder.chmod(0o500)
    if owner == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(owner)
        folder.chmod(was)


def test_a_folder_that_can_only_be_read_is_shown_with_a_banner(capsys: pytest.CaptureFixture[str]) -> None:
    async def story(layout: Layout) -> None:
        async with opened(layout) as pilot:
            assert "can only be read" in line_with(pilot.app, "does not let you change it")
            assert "the first" in seen(pilot.app)
            await press(pilot, "a")
            await write(pilot, "typed here")
            await press(pilot, "enter")
            await until(pilot, lambda: "! " in line_with(pilot.app, ".planner does not let you ("))
            assert isinstance(pilot.app.focused, Input)
            assert pilot.app.focused.value == "typed here"

    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        layout = make_project(Path(place) / "project")
        workspace(layout).ideas.add("the first")
        with read_only(layout.home):
            assert main(["-C", str(layout.project), "list"]) == 0
            assert "the first" in capsys.readouterr().out
            asyncio.run(story(layout))


def test_what_others_do_is_seen_and_nothing_is_lost(layout: Layout, publish: Publish) -> None:
    """Two planners open on one project, and the command line beside them, all at once."""

    async def story() -> None:
        async with opened(layout, "ana") as ana, opened(layout, "bo") as bo:
            commands = [await _command(layout, f"from the shell {number}") for number in range(10)]
            for pilot, name in ((ana, "ana"), (bo, "bo")):
                for number in range(3):
                    await press(pilot, "a")
                    await write(pilot, f"from {name} {number}")
                    await press(pilot, "enter")
            assert [await command.wait() for command in commands] == [0] * 10
            wanted = 1 + 10 + 6
            for pilot in (ana, bo):
                await until(pilot, lambda pilot=pilot: len(planner(pilot).view.ranked) == wanted)
        publish(
            Figure(
                what="ideas of two planners and ten commands at once", tried=wanted, held=len(titles(layout))
            )
        )

    asyncio.run(story())


async def _command(layout: Layout, title: str) -> asyncio.subprocess.Process:
    planner = Path(sys.executable).parent / "planner"
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        planner, "-C", str(layout.project), "add", title, stdout=quiet, stderr=quiet
    )
