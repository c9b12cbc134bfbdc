"""The worked example of the scoring model, typed into a shell: real runs and verdicts, the printed digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.projects import make_project

RECIPE = '''
"""What each idea scores on each seed; the baseline is idea 0."""

ACCURACY = {
    0: (76.1, 76.3, 75.9, 76.2, 76.0),
    5: (76.55, 76.70),
    7: (76.02, 76.1),
    1: (76.586, 76.586),
}


def train(params, run):
    run.log(1, accuracy=ACCURACY[params["idea"]][run.seed], epochs=1)
'''

TOML = """
[goal]
metric = "accuracy"
minimum_effect = 0.2

[recipe]
entry = "experiment:train"

[baseline]
params = { idea = 0 }
"""

IDEAS = (
    # title, category, chance, impact, hours, complexity, run hours, who
    ("mixup alpha 0.2", "augmentation", "50%", "+0.6", "2h", 1, "4h", "ana"),
    ("cutmix", "augmentation", "45%", "+0.6", "3h", 1, "4h", "ana"),
    ("random erasing", "augmentation", "30%", "+0.3", "1h", 0, "4h", "ana"),
    ("muon optimizer", "optimizer", "40%", "+1.0", "8h", 2, "4h", "bo"),
    ("cosine schedule with warmup", "lr-schedule", "60%", "+0.4", "1h", 0, "4h", "bo"),
    ("mixture of experts block", "architecture", "35%", "+2.0", "40h", 5, "12h", "bo"),
    ("label smoothing 0.1", "loss", "40%", "+0.4", "30m", 0, "4h", "ana"),
    ("ema of weights", "optimizer", "55%", "+0.5", "2h", 1, "4h", "ana"),
)


@pytest.fixture
def planner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in the example's project, its ideas captured and the day-0 calibration made."""
    make_project(tmp_path / "example", recipe=RECIPE, toml=TOML)
    typed = Shell(tmp_path / "example", capsys)
    for title, category, chance, impact, hours, complexity, run_hours, who in IDEAS:
        estimate = ("-l", chance, "-i", impact, "-t", hours, "-c", complexity, "--by", who)
        typed("add", title, "--category", category, *estimate, "--run-hours", run_hours)
    typed("calibration", "--now")
    return typed


def ranking(planner: Shell) -> list[tuple[int, float]]:
    """The ideas still to decide, best first, each with its score per 1,000 hours."""
    listed = planner("list", "--json").json
    return [(row["id"], round(1000 * row["score"], 1)) for row in listed if row["rank"]]


def term(planner: Shell, idea: int, name: str) -> dict[str, float]:
    """One factor of an idea's score."""
    factor: dict[str, float] = planner("show", idea, "--json").json["terms"][name]
    return factor


def run(planner: Shell, idea: int, hours: str) -> dict[str, float]:
    """Implement an idea in so many hours and dispatch it; answers its evidence."""
    planner("stop", idea, "--hours", hours)
    planner("edit", idea, "--set", f"idea={idea}")
    planner("dispatch", idea, "--wait")
    outcome = planner("show", idea, "--json").json["outcome"]
    return {**outcome["evidence"], "verdict": outcome["verdict"]}


def test_day_0_has_the_printed_scores_and_factors(planner: Shell) -> None:
    assert ranking(planner) == [
        (5, 62.6),
        (1, 61.6),
        (7, 61.1),
        (8, 59.7),
        (2, 47.3),
        (3, 35.1),
        (4, 28.4),
        (6, 12.0),
    ]
    chances = [round(term(planner, idea, "chance")["calibrated"], 3) for idea in (5, 1, 7, 8, 2, 3, 4, 6)]
    assert chances == [0.232, 0.185, 0.148, 0.208, 0.165, 0.120, 0.147, 0.132]
    gains = [round(term(planner, idea, "gain")["calibrated"], 2) for idea in (5, 1, 7, 8, 2, 3, 4, 6)]
    assert gains == [1.34, 2.18, 1.65, 1.92, 2.18, 1.34, 2.55, 4.14]
    hours = [round(term(planner, idea, "hours")["calibrated"], 1) for idea in (5, 1, 7, 8, 2, 3, 4, 6)]
    assert hours == [5.0, 6.6, 4.0, 6.7, 7.6, 4.6, 13.1, 45.3]


def test_three_outcomes_move_the_scores_as_printed(planner: Shell) -> None:
    schedule = run(planner, 5, "1.6h")
    assert (schedule["verdict"], schedule["seeds"]) == ("improved", 2)
    assert (round(schedule["q"], 3), round(schedule["gain"], 2)) == (0.980, 2.56)
    assert round(schedule["noise"], 3) == 0.173
    assert round(term(planner, 7, "chance")["base"], 3) == 0.283
    assert round(term(planner, 7, "chance")["trust"], 2) == 0.81
    after_a_win = [(7, 112.4), (1, 111.1), (8, 106.1), (2, 87.5), (3, 64.5), (4, 52.3), (6, 22.3)]
    assert ranking(planner) == after_a_win

    smoothing = run(planner, 7, "48m")
    assert (smoothing["verdict"], smoothing["seeds"], round(smoothing["q"], 3)) == ("no gain", 1, 0.048)
    planner("dispatch", 7, "--wait")  # the printed scores count a second seed, which only says it again
    assert planner("show", 7, "--json").json["outcome"]["evidence"]["seeds"] == 2
    assert round(term(planner, 1, "chance")["base"], 3) == 0.250
    assert ranking(planner) == [(1, 101.0), (8, 97.5), (2, 78.3), (3, 56.4), (4, 46.5), (6, 19.5)]

    mixup = run(planner, 1, "4h")
    assert mixup["verdict"] == "improved"
    assert (round(mixup["q"], 2), round(mixup["gain"], 1)) == (0.97, 2.4)
    assert round(term(planner, 2, "chance")["calibrated"], 3) == 0.359
    assert round(term(planner, 2, "chance")["relatives"], 2) == 1.09
    assert round(term(planner, 2, "gain")["overlap"], 2) == 0.88
    # No two seeds give a q of .97 and a gain of 2.4 at once; with 2.37 scores are up to .4 per cent less.
    printed = {8: 112.3, 2: 85.2, 3: 64.5, 4: 57.9, 6: 24.7}
    assert dict(ranking(planner)) == pytest.approx(printed, rel=0.005)
    assert [idea for idea, _ in ranking(planner)] == list(printed)
