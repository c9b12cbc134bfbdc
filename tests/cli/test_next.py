"""`planner next`: one small screen, whatever stands in the backlog."""

from __future__ import annotations

import pytest

from planner.rules.wording.display import cells
from tests.cli.conftest import Answer, Shell


def fits(answer: Answer) -> list[str]:
    """The lines of an answer that a terminal of 80 by 24 shows at once, prompt included."""
    lines = (answer.out + answer.err).splitlines()
    assert len(lines) <= 23
    assert all(cells(line) <= 80 for line in lines), lines
    return lines


def test_both_answers_say_what_why_at_what_cost_and_what_would_change_it(shell: Shell) -> None:
    shell("add", "label smoothing", "--set", "lr=0.1", "-t", "15m", "-i", "+0.3pp", "-l", "25%")
    shell("add", "cosine schedule", "-t", "2h", "-c", 2, "-i", "+0.5pp", "-l", "30%")
    lines = fits(shell("next"))
    assert lines[0] == "run #1 “label smoothing” · planner dispatch 1"
    assert any(line.startswith("implement #2 “cosine schedule” · planner start 2") for line in lines)
    assert sum("until its verdict" in line for line in lines) == 2
    assert sum("of work (" in line for line in lines) == 1
    assert sum(line.startswith("  would change it:") for line in lines) == 2


def test_long_titles_and_several_people_stay_on_one_screen(shell: Shell) -> None:
    for number in range(6):
        kind = ["--set", f"lr=0.{number + 1}"] if number % 2 else []
        shell("add", f"{number} mixup 漢字 " + "very long title " * 12, "-t", "2h", "-l", "40%", *kind)
        for who in ("bo", "a-colleague-with-a-long-name", "cleo"):
            shell("estimate", number + 1, "--by", who, "-t", "9h", "-l", "70%", "-i", "+2pp")
    fits(shell("next"))


def test_with_everything_parked_it_says_where_the_ideas_are(shell: Shell) -> None:
    shell("add", "one")
    shell("add", "two")
    shell("park", 1, 2)
    assert "2 parked ideas wait" in shell("next", status=3).err


def test_what_is_on_its_way_is_not_offered_again(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.workspace.standing.ensure_dispatcher", lambda layout: None)
    monkeypatch.setattr("planner.workspace.workspace.Workspace.ensure_dispatcher", lambda work: None)
    shell("add", "ready", "--set", "lr=0.1")
    shell("dispatch", 1)
    assert "1 idea is on the way to a verdict" in shell("next", status=3).err
    shell("add", "open")
    assert "run: 1 idea is on the way to a verdict" in fits(shell("next"))


def test_with_runs_as_the_bottleneck_it_counts_no_hours(shell: Shell) -> None:
    with (shell.folder / "planner.toml").open("a") as file:
        file.write('[score]\nbottleneck = "runs"\n')
    shell("add", "ready", "--set", "lr=0.1")
    lines = fits(shell("next"))
    assert any("MEI, rank 1 of 1" in line for line in lines)
