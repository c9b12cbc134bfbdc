"""Ranges, several people, what stands frozen, and what was said beside what came of it."""

import json
from dataclasses import replace

import pytest

from planner.domain.idea import Idea
from planner.domain.outcome import Outcome
from planner.store.layout import Layout
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.rules.ledgers import some_evidence


def settle(shell: Shell, **fields: object) -> None:
    """Let idea 1 come to an outcome."""
    work = Workspace(Layout(shell.folder), who="dispatcher")
    with work.project.store.transaction("settle", by="dispatcher") as tables:
        usual = {"verdict": "improved", "reason": "", "rung": "full", "baseline": 1, "kept": True}
        tables.put(
            Outcome(idea=1, at=work.project.now(), evidence=some_evidence(2.6, 0.98), **(usual | fields))
        )
        idea = tables.get(Idea, 1)
        assert idea is not None
        tables.put(replace(idea, dispatch=None))
        learn(tables, work.settings, at=work.project.now(), because="a verdict", outcome_of=1)


def dispatch(shell: Shell) -> None:
    """Dispatch idea 1, and leave it to nobody to run it."""
    Workspace(Layout(shell.folder), who="ana").queue.dispatch([1])


def test_ranges_are_kept_and_shown(shell: Shell) -> None:
    words = ("add", "mixup", "-t", "2h-5h", "-c", "1-3", "-i", "0.1-0.5pp", "-l", "10-30%", "--json")
    said = shell(*words).json["estimates"]["ana"]
    assert said["hours"] == pytest.approx(10**0.5)
    assert said["ranges"] == {
        "hours": [2, 5],
        "complexity": [1, 3],
        "impact": [0.001, 0.005],
        "likelihood": [0.1, 0.3],
    }
    assert shell("list", "--json").json[0]["estimates"]["ana"]["ranges"] == said["ranges"]
    shown = shell("show", 1)
    assert "you said 2.0–5.0" in shown.out
    assert "hours 3.162 (2 to 5) · complexity 2 (1 to 3)" in shown.out
    assert shell("estimate", 1, "-t", "3h", "--json").json["estimates"]["ana"]["ranges"].keys() == {
        "complexity",
        "impact",
        "likelihood",
    }


def test_a_fall_may_be_a_range_too(empty: Shell) -> None:
    empty("init", "--metric", "val_loss")
    said = empty("add", "an idea", "-i", "-0.05--0.02", "--json").json["estimates"]["ana"]
    assert said["ranges"]["impact"] == [-0.05, -0.02]
    assert said["impact"] == pytest.approx(-(0.001**0.5))


def test_a_range_upside_down_is_one_sentence(shell: Shell) -> None:
    said = shell("add", "mixup", "-t", "5h-2h", status=2).err
    assert "upside down; write it as 2h..5h" in said
    assert said.count("\n") == 1


def test_each_persons_number_stands_beside_the_pooled_one(shell: Shell) -> None:
    shell("add", "mixup", "-t", "1h", "-i", "+0.4pp", "-l", "60%", "-c", "1")
    idea = shell(
        "estimate", 1, "--by", "bo", "-t", "2-4h", "-i", "+0.2pp", "-l", "20%", "-c", "3", "--json"
    ).json
    terms = idea["terms"]
    assert [one["by"] for one in terms["chance"]["people"]] == ["ana", "bo"]
    for factor in ("chance", "gain", "hours"):
        for one in terms[factor]["people"]:
            assert {"by", "said", "usual", "centred", "low", "high"} == one.keys()
    centred = [one["centred"] for one in terms["chance"]["people"]]
    assert sum(centred) / 2 == pytest.approx(terms["chance"]["centred"])
    assert terms["hours"]["people"][1]["low"] == 2
    out = shell("show", 1).out
    assert " people  chance   ana 60 % (usually 40 %) · bo 20 % (usually 40 %) → pooled" in out
    assert out.count("pooled  ") == 4
    assert all(len(line) <= 80 for line in out.splitlines() if line.startswith(" people"))


def test_what_stands_frozen_is_told_from_what_was_said_since(shell: Shell) -> None:
    shell("add", "mixup", "-t", "1h", "-l", "60%", "--set", "lift=0.1")
    shell("estimate", 1, "-t", "2-4h")
    dispatch(shell)
    frozen = shell("show", 1, "--json").json["frozen"]
    assert (frozen["intact"], frozen["changed"]) == (True, False)
    assert "changed since" not in shell("show", 1).out
    shell("estimate", 1, "-t", "9h")
    later = shell("show", 1, "--json").json
    assert (later["frozen"]["intact"], later["frozen"]["changed"]) == (True, True)
    assert later["frozen"]["digest"] == frozen["digest"]
    assert later["frozen"]["estimates"]["ana"]["ranges"] == {"hours": [2, 4]}
    assert "changed since it was frozen" in shell("show", 1).out


def test_what_was_said_after_the_dispatch_does_not_calibrate_this_outcome(shell: Shell) -> None:
    shell("add", "mixup", "-t", "1h", "-l", "60%", "-i", "+0.4pp", "--set", "lift=0.1")
    dispatch(shell)
    settle(shell, hours=3.0)
    learned = Workspace(Layout(shell.folder), who="ana").view().ledger.calibration
    shell("estimate", 1, "-t", "3h", "-l", "99%", "-i", "+0.52pp")
    shell("spent", 1, "3.5h")
    shell("spent", 1, "3h")
    again = Workspace(Layout(shell.folder), who="ana").view().ledger.calibration
    assert again.number == learned.number + 2
    assert replace(again, number=0, at="", because="") == replace(learned, number=0, at="", because="")


def test_a_finished_idea_says_what_was_said_and_what_it_was(shell: Shell) -> None:
    shell("add", "mixup", "-t", "2h", "-c", "1", "-l", "60%", "-i", "+0.4pp", "--set", "lift=0.1")
    shell("estimate", 1, "--by", "bo", "-t", "4h", "-c", "3", "-l", "40%", "-i", "+0.8pp")
    dispatch(shell)
    settle(shell, hours=6.0, complexity=4.0)
    shell("estimate", 1, "-t", "6h", "-l", "98%")
    told = shell("show", 1, "--json").json["said_was"]
    assert {name: (one["said"], one["was"]) for name, one in told.items()} == {
        "hours": (3, 6),
        "complexity": (2, 4),
        "gain": (pytest.approx(3), 2.6),
        "chance": (pytest.approx(0.5), 0.98),
    }
    assert 0 < told["chance"]["planner"] < 0.5
    out = shell("show", 1).out
    assert "→ 6.0, ×2.00 of what was said" in out
    assert "said 2 → 4" in out
    assert "→ 2.6 MEI" in out
    assert "→ improved, 98 % sure" in out


def test_hours_that_nobody_measured_can_still_be_said(shell: Shell) -> None:
    shell("add", "mixup", "-t", "2h")
    settle(shell)
    assert "not measured; `planner spent 1 HOURS` says it" in shell("show", 1).out
    shell("spent", 1, "3h")
    assert "→ 3.0, ×1.50 of what was said" in shell("show", 1).out


def test_an_unfinished_idea_says_nothing_of_it(shell: Shell) -> None:
    shell("add", "mixup")
    assert shell("show", 1, "--json").json["said_was"] == {}


def test_a_frozen_estimate_that_somebody_rewrote_shows(shell: Shell) -> None:
    from planner.rules.learning.freeze import intact

    shell("add", "mixup", "-t", "1h", "--set", "lift=0.1")
    dispatch(shell)
    frozen = Workspace(Layout(shell.folder), who="ana").view().ledger.ideas[1].frozen
    assert frozen is not None
    assert intact(frozen)
    rewritten = {"ana": replace(frozen.estimates["ana"], hours=3.0)}
    assert not intact(replace(frozen, estimates=rewritten))
    assert json.loads(shell("show", 1, "--json").out)["frozen"]["intact"] is True
