"""The files under tests/data/trackers were written by MLflow 3.17, Optuna 5.0 and TensorBoard 2.21."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.judged import Judged, judged
from planner.imports.past import History
from planner.imports.source import read_source

DATA = Path(__file__).parent.parent / "data" / "trackers"
GOAL = Goal(metric="val_accuracy", minimum_effect=0.002)


def history(path: Path, metric: str | None = None, goal: Goal = GOAL) -> History:
    return read_source(path, goal, mapped={}, by="ana", metric=metric)


def told(read: History, goal: Goal = GOAL, guess: str = "max") -> list[Judged]:
    since, now = "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"
    return list(judged(read.pasts, goal, since=since, now=now, guess=lambda _: guess))


@pytest.mark.parametrize("name", ["mlflow.db", "mlruns"])
def test_mlflow_runs_are_named_and_judged_against_the_best_before_them(name: str) -> None:
    found = told(history(DATA / name))
    assert [(one.past.title, one.verdict) for one in found] == [
        ("lr=0.001", "inconclusive"),
        ("warm restarts", "improved"),
        ("lr=0.1", "worse"),
        ("lr=0.003", "no gain"),
        ("lr=10", "invalid"),
    ]
    assert found[1].past.params == {"lr": 0.01, "batch_size": 64}
    assert found[1].gain == pytest.approx(5)
    assert all(one.past.run_hours is not None and one.past.run_hours >= 0 for one in found)
    assert found[0].at.startswith("2026-11-21T10:58:1")


def test_another_metric_can_be_chosen_and_has_no_gain_in_mei() -> None:
    found = told(history(DATA / "mlflow.db", "val_loss"), guess="min")
    assert [one.verdict for one in found][:3] == ["inconclusive", "improved", "no gain"]
    assert {one.gain for one in found} == {None}


def test_a_missing_metric_lists_those_there_are() -> None:
    with pytest.raises(
        Mistake, match=r"the goal's metric val_f1; its metrics are val_accuracy, val_loss: .*--metric"
    ):
        history(DATA / "mlflow.db", goal=Goal(metric="val_f1"))
    with pytest.raises(Mistake, match="no metric 'val_los': did you mean val_loss"):
        history(DATA / "mlflow.db", "val_los")


def test_optuna_trials_come_in_with_their_params_and_states() -> None:
    read = history(DATA / "optuna.db")
    found = told(read)
    assert read.skipped == {"not finished": 1}
    assert len(found) == 8
    assert found[0].past.title == "lr=0.004492, depth=3, activation=gelu"
    assert found[0].past.params["activation"] == "gelu"
    assert isinstance(found[0].past.params["depth"], int)
    assert found[2].verdict == "invalid"
    assert (found[4].verdict, found[4].past.said) == ("no gain", "pruned")
    assert found[1].verdict == "improved"


def test_optuna_trials_that_minimise_are_not_measured_in_mei_of_a_goal_that_maximises(tmp_path: Path) -> None:
    shutil.copy(DATA / "optuna.db", tmp_path / "study.db")
    with sqlite3.connect(tmp_path / "study.db") as database:
        database.execute("UPDATE study_directions SET direction = 'MINIMIZE'")
    found = told(history(tmp_path / "study.db"))
    assert {one.gain for one in found} == {None}
    assert "improved" in {one.verdict for one in found}


def test_tensorboard_runs_join_train_and_validation_under_the_names_of_keras() -> None:
    found = told(history(DATA / "tensorboard"))
    assert [(one.past.title, one.verdict) for one in found] == [
        ("run-a", "inconclusive"),
        ("run-b", "improved"),
    ]
    assert found[0].past.value == pytest.approx(0.902)


def test_simple_values_of_tensorboard_are_read_with_their_wall_time() -> None:
    (one,) = told(history(DATA / "tensorboard-simple"))
    assert one.past.value == pytest.approx(0.83)
    assert one.past.run_hours == pytest.approx(0.5)


def test_an_event_file_cut_anywhere_gives_what_came_before(tmp_path: Path) -> None:
    source = next((DATA / "tensorboard-simple").iterdir())
    data = source.read_bytes()
    (tmp_path / "whole").mkdir()
    shutil.copy(source, tmp_path / "whole" / source.name)
    for length in range(0, len(data), 7):
        (tmp_path / source.name).write_bytes(data[:length])
        whole, *cut = sorted(told(history(tmp_path)), key=lambda one: one.past.title != "whole")
        assert whole.past.value == pytest.approx(0.83)
        assert all(one.past.value is not None and 0.79 < one.past.value < 0.84 for one in cut)


def test_what_is_no_tracker_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="holds nothing known; an import takes"):
        history(tmp_path)
    with sqlite3.connect(tmp_path / "other.db") as database:
        database.execute("CREATE TABLE other (a)")
    with pytest.raises(Mistake, match="database of neither MLflow nor Optuna"):
        history(tmp_path / "other.db")
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(Mistake, match="can't be read as a database"):
        history(tmp_path / "broken.db")


def test_reading_trackers_loads_no_tracker() -> None:
    probe = (
        "import sys; from pathlib import Path; from planner.domain.goal import Goal;"
        "from planner.imports.source import read_source;"
        f"[read_source(Path({str(DATA)!r}) / name, Goal(metric='val_accuracy'), mapped={{}}, by='a')"
        " for name in ('mlflow.db', 'mlruns', 'optuna.db', 'tensorboard')];"
        "print({'mlflow', 'optuna', 'tensorboard', 'tensorflow', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
