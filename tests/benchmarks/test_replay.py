"""The replay of real logs: what is predicted, from what, and how well."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from benchmarks.replay.__main__ import SHIPPED, main
from benchmarks.replay.forecasts import FORECASTERS, RATE, RIVALS, Forecaster, running_rate
from benchmarks.replay.logs import Log, Tried, read, title
from benchmarks.replay.marks import Bin, interval, marks
from benchmarks.replay.report import Average, average, replay
from planner.domain.mistake import Mistake


@pytest.fixture(scope="module")
def logs() -> tuple[Log, ...]:
    return tuple(read(path) for path in sorted(SHIPPED.glob("*.csv")))


@pytest.fixture(scope="module")
def together(logs: tuple[Log, ...]) -> Average:
    return average([replay(each) for each in logs])


def written(folder: Path, text: str) -> Path:
    path = folder / "log.csv"
    path.write_text(text)
    return path


# -- reading a log ------------------------------------------------------------------------------


def test_the_shipped_logs_are_read_whole(logs: tuple[Log, ...]) -> None:
    assert len(logs) == 14
    assert sum(len(each.tried) for each in logs) == 584
    assert sum(each.passed_over.get("crash", 0) for each in logs) == 23
    assert sum(each.passed_over.get("baseline", 0) for each in logs) == 13


def test_baselines_crashes_and_odd_statuses_are_nobodys_evidence(tmp_path: Path) -> None:
    found = read(
        written(
            tmp_path,
            "seq,idea,category,status,is_baseline\n"
            "1,baseline,other,keep,1\n"
            "2,mixup,augmentation, KEEP ,0\n"
            "3,cutmix,augmentation,crash,False\n"
            "4,dropout,regularisation,Reverted,\n"
            "5,muon,optimizer,still running,0\n"
            "6,adam,optimizer,,0\n",
        )
    )
    assert [(idea.title, idea.kept) for idea in found.tried] == [("mixup", True), ("dropout", False)]
    assert found.passed_over == {"baseline": 1, "crash": 1, "still running": 1, "no status": 1}


def test_blanks_missing_columns_and_ragged_rows_are_no_obstacle(tmp_path: Path) -> None:
    found = read(written(tmp_path, "\ufeffIdea,Status\n\nmixup,keep,too,many\n,discard\ncutmix\n"))
    assert [(idea.title, idea.category, idea.kept) for idea in found.tried] == [
        ("mixup", "other", True),
        ("", "other", False),
    ]
    assert replay(found).marks["the product"].log_loss > 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("idea,verdict\nmixup,keep\n", "no column is called status"),
        ("", "no column is called status"),
        ("idea,status\nmixup,crash\n", "nothing to predict"),
    ],
)
def test_a_file_that_is_no_log_is_refused_in_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(Mistake, match=complaint):
        read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("depth 4->6 — val_bpb regressed 2.014->2.614, too few steps", "depth 4->6"),
        ("BatchNorm1d after each hidden layer (worse)", "BatchNorm1d after each hidden layer"),
        ("cosine LR decay - no improvement", "cosine LR decay"),
        ("[done] label smoothing improved it", "done"),
        ("SwiGLU, slightly better per step", "SwiGLU, slightly per step"),
        ("Halve the batch. It failed.", "Halve the batch"),
        ("", ""),
    ],
)
def test_a_title_has_no_word_of_what_came_of_it(description: str, name: str) -> None:
    assert title(description) == name


# -- forecasts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORECASTERS)
def test_no_forecast_knows_what_comes_later(name: str, logs: tuple[Log, ...]) -> None:
    tried = logs[1].tried
    turned = (*tried[:9], *[replace(idea, kept=not idea.kept) for idea in tried[9:]])
    forecast: Forecaster = FORECASTERS[name]
    assert forecast(turned)[:10] == forecast(tried)[:10]
    assert forecast(tried[:10]) == forecast(tried)[:10]


def test_the_product_starts_near_its_prior_and_learns_from_relatives() -> None:
    won = Tried(title="mixup alpha", category="augmentation", kept=True)
    again = Tried(title="mixup alpha long", category="augmentation", kept=False)
    other = Tried(title="muon", category="optimizer", kept=False)
    first, kindred = FORECASTERS["the product"]([won, again])
    stranger = FORECASTERS["the product"]([won, other])[1]
    assert first == pytest.approx(1 / 6, abs=0.02)
    assert first < stranger < kindred


def test_a_running_rate_is_as_it_is_defined() -> None:
    tried = [Tried(title="", category="other", kept=kept) for kept in (True, False, False)]
    assert running_rate(None)(tried) == pytest.approx([1 / 6, 2 / 7, 2 / 8])
    half = running_rate(1.0)(tried)
    assert half == pytest.approx([1 / 6, 2 / 7, (1 + 0.5) / (6 + 1.5)])


# -- marks --------------------------------------------------------------------------------------


def test_the_marks_of_three_forecasts_by_hand() -> None:
    found = marks([(0.25, False), (0.25, True), (0.5, True)])
    assert found.log_loss == pytest.approx(-(log(0.75) + log(0.25) + log(0.5)) / 3)
    assert found.brier == pytest.approx((0.0625 + 0.5625 + 0.25) / 3)
    assert found.bins == (Bin(said=0.25, happened=0.5, count=2), Bin(said=0.5, happened=1.0, count=1))


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    differences = [-0.03, 0.01, -0.02, 0.0, -0.01]
    low, high = interval(differences)
    assert low < -0.01 < high
    assert interval(differences) == (low, high)


# -- what must hold -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rival",
    [
        RATE,
        "constant 0.15",
        "constant 0.27",
    ],
)
def test_the_product_knows_more_than_a_rate_or_a_constant(rival: str, together: Average) -> None:
    assert rival in RIVALS
    assert together.log_loss["the product"] < together.log_loss[rival]


# -- on the command line ------------------------------------------------------------------------


def test_one_log_is_told_with_every_forecaster_and_what_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "idea,status\nmixup,keep\ncutmix,discard\nmuon,crash\n")
    assert main([str(path)]) == 0
    told = capsys.readouterr().out
    assert "log: 2 ideas, 50 % kept; passed over: 1 crash" in told
    assert all(name in told for name in FORECASTERS)
    assert "of 1 log: " in told

    assert main(["--json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["logs"][0]["ideas"] == 2
    assert [duel["rival"] for duel in found["average"]["duels"]] == list(RIVALS)


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere.csv")]) == 1
    assert "nowhere.csv" in capsys.readouterr().err
