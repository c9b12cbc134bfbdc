"""Sweeps from the command line: typed, shown, edited, narrowed and undone."""

from __future__ import annotations

import re
from dataclasses import replace
from math import log10

import pytest

from planner.cli.news import News
from planner.domain.outcome import Baseline, Outcome
from planner.domain.sweep import Chosen
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.workspace.swept import as_if_judged, try_all

TYPED = ("--sweep", "lr=1e-4..1e-1", "--sweep", "width=32,64", "--nuisance", "lr", "--fixed", "epochs=3")
LATER = "2026-12-01T09:00:00.000Z"


def accuracy(values: dict[str, object]) -> float | None:
    """Best near a rate of 3e-4 and wide; a high rate fails."""
    rate, width = float(str(values["lr"])), int(str(values["width"]))
    return None if rate > 0.05 else 0.9 - abs(log10(rate) + 3.5) / 100 + width / 1e4


@pytest.fixture
def swept(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A project whose first idea has tried each of twelve configurations."""
    monkeypatch.setattr("planner.workspace.workspace.Workspace.ensure_dispatcher", lambda self: None)
    shell("add", "tune", *TYPED, "--method", "random", "--configs", 12)
    work = Workspace.find(shell.folder)
    work.queue.dispatch([1])
    try_all(work, 1, accuracy)
    return shell


def test_an_idea_is_captured_with_its_sweep(shell: Shell) -> None:
    idea = shell("add", "tune lr and width", *TYPED, "--method", "tpe", "--configs", 30, "--json").json
    assert idea["status"] == "ready"
    assert idea["change"]["params"] == {"epochs": 3}
    found = idea["change"]["sweep"]
    assert (found["method"], found["configs"], found["round"]) == ("tpe", 30, 1)
    lr, width = found["axes"]
    assert (lr["low"], lr["high"], lr["log"], lr["nuisance"]) == (0.0001, 0.1, True, True)
    assert (width["choices"], width["nuisance"]) == ([32, 64], False)
    told = "changes: epochs = 3, sweep lr=0.0001..0.1 (nuisance) × width=32,64: TPE, 30 configurations"
    assert told in shell("show", 1).out


def test_what_makes_no_sense_is_refused_and_nothing_is_captured(shell: Shell) -> None:
    assert "upside down" in shell("add", "x", "--sweep", "lr=1..0.1", status=2).err
    assert "give --sweep too" in shell("add", "x", "--method", "grid", status=2).err
    assert "both set and swept" in shell("add", "x", "--sweep", "lr=1,2", "--set", "lr=3", status=2).err
    assert shell("list", "--json").json == []


def test_an_edit_changes_the_sweep_and_undo_takes_it_back(shell: Shell) -> None:
    shell("add", "tune", *TYPED)
    edited = shell("edit", 1, "--method", "grid", "--configs", 8, "--nuisance", "width", "--json").json
    assert (edited["change"]["sweep"]["method"], edited["change"]["sweep"]["configs"]) == ("grid", 8)
    assert [axis["nuisance"] for axis in edited["change"]["sweep"]["axes"]] == [False, True]
    assert "width 32,64 → 32,64 (nuisance), method random → grid, configurations 20 → 8" in shell("undo").out
    assert shell("show", 1, "--json").json["change"]["sweep"]["method"] == "random"
    shell("redo")
    assert shell("edit", 1, "--sweep", "", "--json").json["change"]["sweep"] is None
    assert "give it params to search over" in shell("sweep", 1, status=2).err


def test_every_configuration_is_shown_with_the_best_one_marked(swept: Shell) -> None:
    out = swept("sweep", 1).out
    assert "12 of at most 12 configurations tried" in out
    assert "fixed: epochs 3" in out
    facts = swept("sweep", 1, "--json").json
    assert len(facts["configurations"]) == 12
    best = facts["best"]
    assert best["values"]["width"] == 64
    marked = [line for line in out.splitlines() if line.startswith("*")]
    assert len(marked) == 1
    assert marked[0].split()[1] == str(best["number"])
    failed = [one for one in facts["configurations"] if one["state"] == "failed"]
    assert failed
    assert "failed: ValueError: too fast" in out
    assert {part["axis"] for part in facts["parts"]} == {"lr", "width"}
    assert sum(part["tried"] for part in facts["parts"] if part["axis"] == "width") == 12


def test_show_tells_the_best_for_each_value_of_what_is_asked_about(swept: Shell) -> None:
    lines = swept("show", 1).out.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("sweep: 12 of at most 12"))
    assert [line.split()[:2] for line in lines[start + 2 : start + 4]] == [["width", "32"], ["width", "64"]]
    assert not any(line.startswith("  lr ") for line in lines)
    assert len(swept("show", 1, "--json").json["sweep"]["configurations"]) == 12


def test_the_next_round_is_narrower_knows_what_was_tried_and_is_undone_in_two_steps(swept: Shell) -> None:
    assert "is dispatched" in swept("sweep", 1, "--narrow", status=2).err
    as_if_judged(Workspace.find(swept.folder), 1)
    before = swept("sweep", 1, "--json").json["sweep"]
    out = swept("sweep", 1, "--narrow", "--more", 6).out
    assert out.startswith("dispatched #1 “tune”: sweep lr=")
    after = swept("sweep", 1, "--json").json
    assert (after["sweep"]["round"], after["sweep"]["since"], after["sweep"]["configs"]) == (2, 12, 6)
    assert after["sweep"]["axes"][0]["high"] < before["axes"][0]["high"]
    assert len(after["configurations"]) == 12
    swept("undo", 2)
    assert swept("sweep", 1, "--json").json["sweep"] == before


def test_a_sweep_whose_win_was_adopted_shows_what_it_tried(swept: Shell) -> None:
    work = Workspace.find(swept.folder)
    as_if_judged(work, 1)
    with work.project.store.transaction("adopt", by="ana", undoable=False) as tables:
        tables.put(Outcome(idea=1, at=LATER, verdict="improved", reason="it won", rung="full", baseline=1))
        tables.put(Baseline(version=2, params={"lr": 3e-4, "width": 64}, at=LATER))
    out = swept("sweep", 1).out
    assert "tried against baseline 1, which is no longer in force" in out
    assert len(swept("sweep", 1, "--json").json["configurations"]) == 12
    assert "has tried no configuration yet" in swept("sweep", 1, "--narrow", status=3).err


def test_more_configurations_are_asked_for_by_number(swept: Shell) -> None:
    assert "no number of configurations" in swept("sweep", 1, "--more", 0, status=2).err
    work = Workspace.find(swept.folder)
    as_if_judged(work, 1)
    assert swept("sweep", 1, "--more", 5).out.endswith("random, 5 configurations\n")
    try_all(work, 1, accuracy)
    told = swept("sweep", 1, "--json").json
    assert [one["number"] for one in told["configurations"]] == list(range(17))
    assert "12 of earlier rounds known" in swept("sweep", 1).out


def test_whoever_follows_a_sweep_reads_what_each_run_tries_and_what_was_chosen(swept: Shell) -> None:
    work = Workspace.find(swept.folder)
    view = work.view()
    found = News(replace(view, ledger=replace(view.ledger, runs={})), [1])
    running = {key: replace(run, status="running") for key, run in view.ledger.runs.items()}
    runs = tuple(replace(one, run=running[one.run.id]) for one in view.runs)
    chosen = Chosen(config=3, params={"lr": 0.01, "width": 64}, value=0.9, rung="full", tried=12, failed=2)
    idea = view.ledger.ideas[1]
    assert idea.dispatch is not None
    idea = replace(idea, dispatch=replace(idea.dispatch, chosen=chosen))
    later = replace(view, ledger=replace(view.ledger, runs=running, ideas={1: idea}), runs=runs)
    told = found.of(later)
    tries = [line for line in told if "configuration 0, of #1" in line]
    assert len(tries) == 1
    assert re.search(r"of #1 “tune”: lr \S+, width (32|64)$", tries[0])
    assert told[-1] == (
        "chosen   #1 “tune”: lr 0.01, width 64: the best of 12 configurations at full, seed 0, "
        "of which 2 failed"
    )
    assert found.of(later) == []


def test_whoever_sweeps_over_a_secret_is_told_where_it_is_kept(shell: Shell) -> None:
    assert (
        "database_password: what looks like a secret"
        in shell("add", "x", "--sweep", "database_password=hunter22,other").err
    )
    assert "database_password" in shell("edit", 1, "--sweep", "database_password=hunter22,third").err
    assert "secret" not in shell("edit", 1, "--sweep", "width=32,64").err


def test_whoever_asks_for_tpe_hears_at_once_that_it_is_not_installed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("add", "x", "--sweep", "lift=1,2", "--method")
    assert "Optuna" not in shell(*asked, "tpe").err
    monkeypatch.setattr("planner.cli.sweep.find_spec", lambda name: None)
    assert "TPE needs Optuna, which is not installed here: pip install" in shell(*asked, "tpe").err
    assert "Optuna" not in shell(*asked, "grid").err


def test_what_a_sweep_was_understood_as_is_told_and_a_misspelt_param_asked_about(shell: Shell) -> None:
    told = shell("add", "x", "--sweep", "width=1..3", "--sweep", "d=1,2", "--method", "grid", "--configs", 30)
    assert "grid, 6 configurations (there are no more than that; 30 were asked for)" in told.out
    assert told.err == ""
    assert (
        "lfit is none of the baseline's params: did you mean lift?"
        in shell("add", "y", "--sweep", "lfit=1,2").err
    )
