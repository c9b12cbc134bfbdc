"""`planner calibration`: how good the guesses were, from the shell."""

from __future__ import annotations

from planner.domain.outcome import Outcome
from planner.store.layout import Layout
from planner.store.store import Store
from tests.cli.conftest import Shell

LATER = "2126-11-16T09:00:00.000Z"


def six_losses(shell: Shell) -> None:
    """Six ideas that ana gave 60 %, none of which worked, and one that is left."""
    for number in range(1, 8):
        shell("add", f"idea {number}", "-l", "60%", "-t", "2h", "--category", "loss")
    with Store(Layout(shell.folder)).transaction("history", by="ana") as tables:
        for number in range(1, 7):
            tables.put(
                Outcome(
                    idea=number,
                    at=LATER,
                    verdict="no gain",
                    reason="given up",
                    rung="full",
                    baseline=1,
                    hours=3.0,
                )
            )


def test_a_project_without_outcomes_says_what_it_starts_from(shell: Shell) -> None:
    out = shell("calibration").out
    assert out.startswith("No idea is resolved yet")
    assert "Calibration 0 is in force, because: the priors alone" in out
    facts = shell("calibration", "--json").json
    assert facts["everybody"]["stated"]["brier"] is None
    assert facts["everybody"]["stated"]["ideas"] == 0
    assert facts["calibration"]["base"] == 1 / 6


def test_the_guesses_are_told_as_text_and_as_facts(shell: Shell) -> None:
    six_losses(shell)
    out = shell("calibration").out
    assert "ana                    6  60 %   0 %  0.360" in out
    assert "- 1 · idea 1: ana gave it 60 %, and it did not work (0 %); 1.3 bits lost" in out
    assert all(len(line) <= 80 for line in out.splitlines())
    facts = shell("calibration", "--by", "ana", "--category", "loss", "--json").json
    assert (facts["by"], facts["category"], facts["enough"]) == ("ana", "loss", 6)
    assert facts["everybody"]["stated"]["said"] == 0.6
    assert facts["everybody"]["hours"]["ratio"] == 1.5
    assert facts["people"]["ana"] == facts["categories"]["loss"] == facts["everybody"]
    assert facts["moved"] == []


def test_a_new_calibration_is_made_when_asked_for_and_can_be_undone(shell: Shell) -> None:
    six_losses(shell)
    answer = shell("calibration", "--now")
    assert answer.err.startswith("calibration 1 is in force; 1 score moved")
    assert "idea 7 " in answer.err
    assert "because: asked for by ana" in answer.out
    shell("undo")
    facts = shell("calibration", "--now", "--json").json
    assert (facts["calibration"]["number"], facts["calibration"]["outcomes"]) == (1, 6)
    assert [one["idea"] for one in facts["moved"]] == [7]
    assert shell("calibration", "--now").err == "calibration 2 is in force; no scores moved\n"


def test_a_stranger_is_named_before_anything_is_written(shell: Shell) -> None:
    six_losses(shell)
    refused = shell("calibration", "--now", "--by", "anna", status=2)
    assert refused.err == "planner: nobody called 'anna' in this project; did you mean 'ana'?\n"
    assert shell("calibration", "--json").json["calibration"]["number"] == 0


def test_the_json_says_what_is_not_enough_yet(shell: Shell) -> None:
    shell("add", "mixup", "-l", "40%", "-t", "2h")
    told = shell("calibration", "--json").json["everybody"]
    assert told["hours"]["note"] == "not enough yet (0 of 6)"
    assert told["hours"]["ratio"] is None
