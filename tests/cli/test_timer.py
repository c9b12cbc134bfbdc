"""The timer as it is typed: what a forgotten one asks, and hours that come late."""

import sys
from datetime import UTC, datetime, timedelta

import pexpect
import pytest

from planner.store.layout import Layout
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.projects import Clock


@pytest.fixture
def forgotten(shell: Shell) -> Shell:
    """A project in which a timer has run for 27 hours."""
    shell("add", "mixup", "-t", "2h")
    clock = Clock(datetime.now(UTC) - timedelta(hours=27))
    Workspace(Layout(shell.folder), now=clock, who="ana").ideas.start_timer(1)
    return shell


def test_a_script_is_told_what_to_type(forgotten: Shell) -> None:
    said = forgotten("stop", 1, status=2).err
    assert said.count("\n") == 1
    assert "has run 27 h: `planner stop 1 --hours 3h`" in said
    assert "--as-measured" in said
    assert "27 h" in forgotten("stop", 1, "--json", status=2).err
    assert forgotten("stop", 1, "--as-measured", "--json").json["spent_hours"] == pytest.approx(27, abs=0.1)


def test_it_is_named_wherever_one_looks(forgotten: Shell) -> None:
    for verb in ("status", "next", "review"):
        assert "has run 27 h" in forgotten(verb).out
        assert forgotten(verb, "--json").json["timers"][0]["idea"] == 1
    forgotten("stop", 1, "--hours", "3h")
    for verb in ("status", "next", "review"):
        assert "has run 27 h" not in forgotten(verb).out


def test_a_person_is_asked(forgotten: Shell) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "planner.cli.main", "-C", str(forgotten.folder), "stop", "1"],
        encoding="utf-8",
        timeout=600,
    )
    child.expect("has run 27 h")
    child.expect("What did the work take")
    child.sendline("3h")
    child.expect("3.0 h of work so far")
    child.expect(pexpect.EOF)
    assert forgotten("show", 1, "--json").json["spent_hours"] == 3


def test_a_second_timer_names_the_first_and_switches(shell: Shell) -> None:
    shell("add", "mixup")
    shell("add", "cutmix")
    shell("start", 1)
    assert "planner start 2 --switch" in shell("start", 2, status=2).err
    assert shell("start", 2, "--switch", "--json").json["timer_by"] == "ana"
    assert shell("show", 1, "--json").json["timer_since"] is None


def test_the_hours_in_all_are_said_in_a_word(shell: Shell) -> None:
    shell("add", "mixup")
    assert "1.5 h of work" in shell("spent", 1, "90m").out
    assert shell("spent", 1, "3h", "--json").json["spent_hours"] == 3
    assert "30m, 2h or 1.5d" in shell("spent", 1, "long", status=2).err
