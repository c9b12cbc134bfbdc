"""`planner review`: the frozen example week worked out by hand, and the file that keeps people's notes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.store.layout import find_project
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.workspace.review_example import FROZEN, NOW

WEEK = "2026-W47"


@pytest.fixture
def week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Shell]:
    """A shell in the frozen example, at the moment given."""
    folder = tmp_path / "example"
    (folder / ".planner").mkdir(parents=True, mode=0o700)
    shutil.copyfile(FROZEN / "planner.toml", folder / "planner.toml")
    shutil.copyfile(FROZEN / "backlog.json", folder / ".planner" / "backlog.json")

    def at(now: str) -> Shell:
        work = Workspace(find_project(folder), now=lambda: now, who="ana")
        monkeypatch.setattr(Workspace, "find", classmethod(lambda cls, start: work))
        return Shell(folder, capsys)

    return at


def test_the_review_of_the_frozen_week_is_what_it_comes_to_by_hand(week: Callable[[str], Shell]) -> None:
    told = week(NOW)("review", "--week", WEEK, "--json").json

    # Ideas 3 to 7 came to an outcome; 3 won 5 MEI of 0.002 each and was kept.
    assert [(one["idea"], one["verdict"]) for one in told["tried"]] == [
        (3, "improved"),
        (4, "no gain"),
        (5, "no gain"),
        (6, "invalid"),
        (7, "inconclusive"),
    ]
    assert told["gain_kept"] == 5.0
    assert told["gain_kept_metric"] == pytest.approx(5 * 0.002)
    # Best: 0.970 and 0.970 of idea 3; the baseline's mean is 0.960: (0.970 − 0.960) / (0.980 − 0.960) = 1/2.
    assert told["standing"]["best"] == pytest.approx(0.970)
    assert told["standing"]["share"] == pytest.approx(0.5)

    # People: 5 ideas of 4 h. GPU: 4 ideas (6 never ran in full) with 2 runs of 0.5 h and 100 Wh. One win.
    assert told["cost"]["human_hours"] == 20.0
    assert told["cost"]["gpu_hours"] == 4 * 2 * 0.5
    assert told["cost"]["energy_wh"] == 4 * 2 * 100.0
    assert told["cost"]["per_win"] == {"human_hours": 20.0, "gpu_hours": 4.0, "energy_wh": 800.0}
    # So far: ideas 1 and 2 before, 4 h and 2 runs each, and the baseline's 5 runs; wins 1 and 3.
    assert told["cost_so_far"]["human_hours"] == 28.0
    assert told["cost_so_far"]["gpu_hours"] == 4.0 + 4 * 0.5 + 5 * 0.5
    assert told["cost_so_far"]["per_win"]["gpu_hours"] == 4.25

    # The invalid idea is no miss: 1 of 4 in the week, 2 of 6 so far. Since the win of 3: 4, 5 and 7.
    assert (told["hits"]["wins"], told["hits"]["judged"], told["hits"]["rate"]) == (1, 4, 0.25)
    assert (told["hits_so_far"]["wins"], told["hits_so_far"]["judged"]) == (2, 6)
    assert (told["drought"], told["after_drought"]) == (3, 0.22)

    # Base rate (1 + Σ w q) / (1 + 5 + Σ w), w = ½^(age/20). Before: q .95 at age 1 (w .96594), .05 at age 0.
    assert told["base_before"] == pytest.approx((1 + 0.96594 * 0.95 + 0.05) / (6 + 1.96594), abs=1e-5)
    # After: q .95 .05 .95 .10 .05 .40 at ages 5 to 0: w .84090 .87055 .90125 .93303 .96594 1, Σ w 5.51167,
    # Σ w q = .79885 + .04353 + .85619 + .09330 + .04830 + .40000 = 2.24017.
    assert told["base"] == pytest.approx((1 + 2.24017) / (6 + 5.51167), abs=1e-5)

    # Hours at 0.25 for an hour of GPU. Augmentation (4, 5, 6): 12 h of people, 2 GPU hours: 12.5 of 21.
    assert told["concentration"]["category"] == "augmentation"
    assert told["concentration"]["hours"] == pytest.approx((12 + 0.25 * 2) / (20 + 0.25 * 4))
    assert told["concentration"]["human_hours"] == pytest.approx(12 / 20)
    assert told["concentration"]["gpu_hours"] == pytest.approx(2 / 4)
    assert told["concentration"]["ideas"] == pytest.approx(3 / 5)
    assert told["concentration"]["best_fifth"] is None  # two kept gains are too few

    # Hours, actual over stated: 4 / 1 of every idea.
    assert told["hours_ratio"]["median"] == 4.0


def test_the_plan_of_the_frozen_week_is_what_it_comes_to_by_hand(week: Callable[[str], Shell]) -> None:
    told = week(NOW)("review", "--week", WEEK, "--json").json
    plan = {one["idea"]: one for one in told["plan"]}
    # 11 follows from 10, which is undecided.
    assert list(plan) == [6, 8, 9, 10, 11]
    assert plan[11]["after"] == [10]
    nine = plan[9]  # nobody has finished anything in its category, and Ana says of it what she always says
    # P: the base rate, 3.24017 / 11.51167.
    assert nine["chance"] == pytest.approx(0.28147, abs=1e-5)
    # G: e^((3·ln 2 + ln 3 + ln 5) / (3 + 2)) = e^.95749.
    assert nine["gain"] == pytest.approx(2.60517, abs=1e-5)
    # Hours: Ana's six tasks took 4 h for 1: (6·ln 1.15 + 6·ln 4) / 12 = .76303; kept complexity 2 slows by
    # 1.02² = 1.0404: e^(.76303 + .6²/2) · 1.0404.
    assert nine["hours"] == pytest.approx(2.67148, abs=1e-5)
    # GPU hours: 0.5·(1.6 + 3.4·P).
    assert nine["gpu_hours"] == pytest.approx(0.5 * (1.6 + 3.4 * 0.28147), abs=1e-5)
    # H = hours + 0.25·GPU + 1 + P·1·.02·.8·160 = 2.67148 + .31962 + 1 + .72056 = 4.71167.
    assert nine["score"] == pytest.approx(0.28147 * 2.60517 / 4.71167, abs=1e-5)
    # Together: the sums of their columns.
    assert told["outlook"]["human_hours"] == pytest.approx(sum(one["hours"] for one in plan.values()))
    assert told["outlook"]["gpu_hours"] == pytest.approx(sum(one["gpu_hours"] for one in plan.values()))
    expected = sum(one["chance"] * one["gain"] for one in plan.values())
    assert told["outlook"]["gain"] == pytest.approx(expected)

    # Ana said 1 h where her record now says 2.67 h; 6 was repaired after it was found invalid.
    assert {one["idea"]: one["criterion"] for one in told["doubts"]} == dict.fromkeys((9, 10, 11), "hours")
    assert [(one["idea"], one["kind"]) for one in told["comebacks"]] == [(6, "repaired")]
    assert told["stop"] is None


def test_long_after_the_week_what_to_do_next_is_left_to_a_newer_review(
    week: Callable[[str], Shell],
) -> None:
    told = week("2026-12-01T09:00:00.000Z")("review", "--week", WEEK, "--json").json
    assert (told["past"], told["plan"], told["doubts"], told["comebacks"]) == (True, [], [], [])
    assert told["gain_kept"] == 5.0


@pytest.mark.parametrize("name", ["2026-W45", "2020-W53", "2026-W53", "2030-W01"])
def test_a_week_in_which_nothing_happened_has_a_review(week: Callable[[str], Shell], name: str) -> None:
    told = week(NOW)("review", "--week", name, "--json").json
    assert (told["tried"], told["gain_kept"], told["hits"]["rate"]) == ([], 0, None)
    if name < WEEK:
        assert (told["base_before"], told["base"]) == (pytest.approx(1 / 6), pytest.approx(1 / 6))
        assert told["standing"]["best"] is None


# -- the file -------------------------------------------------------------------------------------


def page_of(shell: Shell) -> Path:
    return shell.folder / ".planner" / "reviews" / f"{WEEK}.md"


def test_writing_it_twice_changes_nothing_not_even_its_time(week: Callable[[str], Shell]) -> None:
    shell = week(NOW)
    shell("review", "--week", WEEK)
    first = page_of(shell).read_bytes()
    os.utime(page_of(shell), (1, 1))
    week("2026-11-24T10:00:00.000Z")("review", "--week", WEEK)
    assert page_of(shell).read_bytes() == first
    assert page_of(shell).stat().st_mtime == 1


def test_notes_written_by_hand_survive(week: Callable[[str], Shell]) -> None:
    shell = week(NOW)
    shell("review", "--week", WEEK)
    page = page_of(shell)
    written = page.read_text()
    notes = "## Notes\r\n\r\nAsk bo about *erasing*.\r\n\n## Notes\n\xa0kept to the last byte "
    page.write_bytes(written[: written.index("## Notes")].encode() + notes.encode() + b"\xff")
    shell("edit", 9, "--title", "clean the labels twice")
    shell("review", "--week", WEEK)
    again = page.read_bytes()
    assert b"clean the labels twice" in again
    assert again.endswith(notes.encode() + b"\xff")


def test_what_was_planned_then_stays_in_the_page_of_an_old_week(week: Callable[[str], Shell]) -> None:
    shell = week(NOW)
    shell("review", "--week", WEEK)
    planned = page_of(shell).read_text()
    late = week("2027-03-01T09:00:00.000Z")
    assert "This week is long over" in late("review", "--week", WEEK).out
    assert page_of(late).read_text() == planned


def test_a_stranger_finds_goal_units_and_steps_in_the_page(week: Callable[[str], Shell]) -> None:
    text = week(NOW)("review", "--week", WEEK).out
    assert "The goal: raise val_accuracy to 0.98. 1 MEI, the smallest gain worth keeping, is 0.002." in text
    for unit in ("Hours of people are", "GPU hours are", "The base rate is", "A score is"):
        assert text.count(unit) == 1
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == ["## What happened", "## What paid off", "## How good were the guesses", "## What next"]


# -- the stop signal ------------------------------------------------------------------------------


def replaced_in_settings(shell: Shell, old: str, new: str) -> None:
    path = shell.folder / "planner.toml"
    path.write_text(path.read_text().replace(old, new))


def test_a_goal_that_is_reached_is_said_once_in_each_place(week: Callable[[str], Shell]) -> None:
    shell = week(NOW)
    replaced_in_settings(shell, "target = 0.98", "target = 0.97")
    for verb in ("next", "status"):
        assert shell(verb).out.lower().count("the goal is reached") == 1
        assert shell(verb, "--json").json["stop"]["kind"] == "goal"
    assert shell("next").out.startswith(
        "The goal is reached: val_accuracy is 0.97 by cosine schedule, the target is\n0.97.\n\nrun #6"
    )
    text = shell("review", "--week", WEEK).out
    assert text.count("the goal is reached") == 1
    assert "nothing more has to be run" in text


def test_what_is_left_being_too_small_is_said_once_in_each_place(
    week: Callable[[str], Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda work: None)
    shell = week(NOW)
    # With 1 MEI of 0.02 the seeds lie a tenth of an MEI apart, and so do the forecasts.
    replaced_in_settings(shell, "minimum_effect = 0.002", "minimum_effect = 0.02")
    for number in (6, 8, 9, 10, 11):
        shell("estimate", number, "-i", "+0.0001")
    for verb in ("next", "status"):
        assert " ".join(shell(verb).out.split()).count("time for larger ideas, or for more seeds") == 1
        assert shell(verb, "--json").json["stop"]["kind"] == "noise"
    assert shell("review", "--week", WEEK).out.count("Time to stop?") == 1
    assert shell("dispatch", 8, "--json").status == 0  # it stops nothing by itself


def test_while_there_is_no_reason_to_stop_nothing_is_said(week: Callable[[str], Shell]) -> None:
    shell = week(NOW)
    assert shell("status", "--json").json["stop"] is None
    assert "stop" not in shell("next").out
    assert "Time to stop?" not in shell("review", "--week", WEEK).out
