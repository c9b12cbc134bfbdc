from collections.abc import Mapping

import pytest

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.history import read_history
from planner.imports.judged import Judged, judged
from planner.imports.past import History

GOAL = Goal(metric="val_accuracy", minimum_effect=0.002)
NOW = "2026-11-21T12:00:00.000Z"


def history(text: str, mapped: Mapping[str, str] | None = None, goal: Goal = GOAL) -> History:
    return read_history(text, "log.csv", goal, mapped=mapped or {}, by="ana")


def told(text: str, goal: Goal = GOAL, guess: str = "max") -> tuple[Judged, ...]:
    read = history(text, goal=goal)
    assert not read.bad
    return judged(read.pasts, goal, since="2026-11-01T00:00:00.000Z", now=NOW, guess=lambda _: guess)


def test_columns_are_found_by_what_people_call_them() -> None:
    (past,) = history(
        "Description,Result,Metric value,GPU hours,Human hours,Estimated hours,Confidence,Who,Date,Labels\n"
        "mixup,kept,0.93,2.5,3h,2h,30%,bo,2026-01-08,aug;cheap\n"
    ).pasts
    assert (past.title, past.verdict, past.value, past.run_hours, past.hours) == (
        "mixup",
        "improved",
        0.93,
        2.5,
        3,
    )
    assert past.estimate is not None
    assert (past.estimate.by, past.estimate.hours, past.estimate.likelihood) == ("bo", 2, 0.3)
    assert (past.at, past.tags) == ("2026-01-08T00:00:00.000Z", ("aug", "cheap"))


def test_a_column_can_be_mapped_to_a_field_or_to_a_param() -> None:
    (past,) = history(
        "Experiment,verdict,Implementation time,Learning rate,secret\nmixup,keep,90m,0.1,x\n",
        {"Implementation time": "hours", "learning rate": "param:lr", "secret": "ignore"},
    ).pasts
    assert (past.hours, past.params) == (1.5, {"lr": 0.1})


def test_a_column_just_called_hours_has_the_runs_hours_where_nothing_else_has() -> None:
    (alone,) = history("idea,status,hours\nmixup,keep,2\n").pasts
    (beside,) = history("idea,status,hours,duration_s\nmixup,keep,2,3600\n").pasts
    assert (alone.run_hours, alone.hours) == (2, None)
    assert (beside.run_hours, beside.hours) == (1, 2)


def test_the_columns_that_a_planner_export_calculated_are_nobodys_words() -> None:
    columns = history(
        "title,status,score_mei_per_hour,hours,verdict,chance\nmixup,done,0.1,4,improved,0.3\n"
    ).columns
    assert columns == {"title": "title", "verdict": "status"}


@pytest.mark.parametrize(
    ("mapped", "sentence"),
    [
        ({"Run tim": "run_hours"}, "has no column 'Run tim': did you mean 'Run time'"),
        ({"Run time": "run_hour"}, "knows no field 'run_hour': did you mean run_hours"),
    ],
)
def test_a_map_that_misses_names_what_is_near(mapped: dict[str, str], sentence: str) -> None:
    with pytest.raises(Mistake, match=sentence):
        history("idea,status,Run time\nmixup,keep,2\n", mapped)


def test_a_table_without_titles_or_outcomes_says_which_map_is_missing() -> None:
    with pytest.raises(Mistake, match=r"no column with titles among 'a', 'verdict'; .*--map 'verdict=title'"):
        history("a,verdict\n1,keep\n")
    with pytest.raises(Mistake, match=r"has no outcomes: .*--ideas"):
        history("idea,category\nmixup,data\n")


def test_a_cell_that_can_not_be_read_names_its_line_and_column() -> None:
    bad = history(
        "idea,status,Odds as said\nmixup,keep,20%\n\n,keep,1%\nx,huh,1%\ny,keep,?!\n",
        {"Odds as said": "likelihood"},
    ).bad
    assert [(row.line, row.column) for row in bad] == [(4, "idea"), (5, "status"), (6, "Odds as said")]


def test_a_title_that_is_too_long_goes_on_in_the_hypothesis() -> None:
    long = "word " * 100
    (past,) = history(f"idea,status\n{long}\x00,keep\n").pasts
    assert len(past.title) <= 300
    assert past.title.endswith("…")
    assert past.hypothesis == long.strip()


def test_a_baseline_is_no_idea_and_a_crash_is_no_evidence() -> None:
    found = told("idea,status,value,is_baseline\nstart,keep,0.90,1\nbaseline,keep,0.90,\nmixup,crash,,0\n")
    assert [(one.past.title, one.verdict) for one in found] == [("mixup", "invalid")]


def test_a_gain_is_in_mei_where_the_metric_is_the_goals() -> None:
    same, other, unnamed = told(
        "idea,status,gain,metric\nmixup,keep,0.004,val_accuracy\ncutmix,keep,0.004,val_loss\nema,keep,0.006,\n"
    )
    assert (same.gain, other.gain, unnamed.gain) == (pytest.approx(2), None, pytest.approx(3))


def test_a_delta_is_a_change_of_the_metric_whichever_way_is_good() -> None:
    goal = Goal(metric="val_loss", direction="min", minimum_effect=0.01)
    better, worse = told("idea,status,delta\nmixup,keep,-0.02\ncutmix,discard,0.05\n", goal)
    assert (better.gain, better.verdict) == (pytest.approx(2), "improved")
    assert (worse.gain, worse.verdict) == (pytest.approx(-5), "worse")


def test_without_a_status_each_value_is_compared_with_the_best_before_it() -> None:
    found = told("idea,val_accuracy\nfirst,0.900\nmixup,0.905\ncutmix,0.9055\nbug,nan\nema,0.880\n")
    assert [one.verdict for one in found] == ["inconclusive", "improved", "no gain", "worse"]
    assert found[1].gain == pytest.approx(2.5)


def test_values_of_another_metric_improve_in_the_direction_its_name_suggests() -> None:
    text = "idea,metric,value\nfirst,val_loss,0.5\nmixup,val_loss,0.4\ncutmix,val_loss,0.45\n"
    assert [one.verdict for one in told(text, guess="min")] == ["inconclusive", "improved", "no gain"]


def test_what_has_times_stands_in_their_order_and_no_two_at_once() -> None:
    found = told("idea,status,date\nlate,keep,2026-02-02\nearly,keep,2026-01-01\nsecond,keep,2026-01-01\n")
    assert [one.past.title for one in found] == ["early", "second", "late"]
    assert [one.at for one in found] == sorted({one.at for one in found})


def test_what_has_no_times_keeps_the_order_of_the_file() -> None:
    found = told("idea,status\nb,keep\na,discard\nc,keep\n")
    assert [one.past.title for one in found] == ["b", "a", "c"]
    assert [one.at for one in found] == sorted({one.at for one in found})
    assert all(one.at < NOW and not one.timed for one in found)
