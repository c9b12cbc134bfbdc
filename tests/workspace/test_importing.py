from pathlib import Path

import pytest

from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome
from planner.workspace.export import export_text
from planner.workspace.workspace import Workspace
from tests.projects import make_project, workspace

LOG = (
    "idea,status,gain,run_hours,who,likelihood,estimated_at,date\n"
    "start,keep,,1,,,,2026-01-01\n"
    "mixup,keep,0.004,2,bo,30%,2026-01-01,2026-01-02\n"
    "cutmix,discard,-0.001,4,bo,60%,,2026-01-03\n"
    "ema,crash,,9,,,,2026-01-04\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def outcomes(work: Workspace) -> dict[str, Outcome]:
    ledger = work.project.store.read()
    return {ledger.ideas[outcome.idea].title: outcome for outcome in ledger.outcomes}


def test_outcomes_come_in_with_what_they_gained_and_where_they_are_from(work: Workspace, log: Path) -> None:
    found = work.import_history(log)
    assert (len(found.ideas), found.outcomes, found.kept, found.invalid) == (4, 4, 2, 1)
    mixup, ema = outcomes(work)["mixup"], outcomes(work)["ema"]
    assert (mixup.verdict, mixup.kept, mixup.imported, mixup.gain) == (
        "improved",
        True,
        "log.csv",
        pytest.approx(2),
    )
    assert mixup.reason == "improved: as log.csv says (“keep”)"
    assert (ema.verdict, ema.kept, ema.gain) == ("invalid", False, None)
    assert {row.status for row in work.view().ranked} == {"done", "invalid"}


def test_history_moves_the_base_rate_and_the_hours_of_a_run(work: Workspace, log: Path) -> None:
    work.ideas.add("something new")
    found = work.import_history(log)
    calibration = work.view().ledger.calibration
    assert found.base_after == calibration.base > found.base_before == pytest.approx(1 / 6)
    assert calibration.run_hours == pytest.approx((1 + 2 + 4) / 3)  # a crash says nothing of a whole run
    assert found.revised == len(work.view().ledger.revisions) == 1
    assert work.view().ledger.revisions[0].because.startswith("import of log.csv: ")


def test_only_what_was_said_before_the_outcome_counts_as_foresight(work: Workspace, log: Path) -> None:
    from planner.rules.learning.settled import settled

    work.import_history(log)
    said = {each.idea.title: set(each.estimates) for each in settled(work.view().ledger)}
    assert (said["mixup"], said["cutmix"]) == ({"bo"}, set())


def test_what_was_said_before_the_outcome_counts_though_more_was_said_since(
    work: Workspace, log: Path
) -> None:
    from planner.rules.learning.settled import settled

    work.import_history(log)
    (mixup,) = (idea for idea in work.view().ledger.ideas.values() if idea.title == "mixup")
    work.ideas.estimate(mixup.id, by="bo", likelihood="90%")
    said = {each.idea.title: each.estimates for each in settled(work.view().ledger)}
    assert {who: one.likelihood for who, one in said["mixup"].items()} == {"bo": 0.3}


def test_the_same_file_again_doubles_nothing(work: Workspace, log: Path) -> None:
    work.import_history(log)
    before = work.view().ledger
    found = work.import_history(log)
    assert (found.ideas, found.outcomes, found.skipped) == ((), 0, {"already there": 4})
    assert work.view().ledger is before


@pytest.mark.parametrize("dates", [("2026-01-01", "2026-01-02", "2026-01-03"), ("", "", "")])
def test_a_log_that_has_grown_brings_only_what_is_new(
    work: Workspace, tmp_path: Path, dates: tuple[str, ...]
) -> None:
    rows = [f"mixup,keep,{dates[0]}\n", f"mixup,discard,{dates[1]}\n", f"ema,keep,{dates[2]}\n"]
    path = tmp_path / "log.csv"
    path.write_text("idea,status,date\n" + "".join(rows[:2]))
    work.import_history(path)
    path.write_text("idea,status,date\n" + "".join(rows))
    found = work.import_history(path)
    assert (len(found.ideas), found.skipped) == (1, {"already there": 2})


def test_an_export_is_recognised_here_and_comes_in_elsewhere(
    work: Workspace, log: Path, tmp_path: Path
) -> None:
    work.import_history(log)
    path = tmp_path / "export.csv"
    path.write_text(export_text(work.view(), work.layout, "csv"))
    assert work.import_history(path).skipped == {"already there": 4}
    other = workspace(make_project(tmp_path / "other"))
    found = other.import_history(path)
    assert (found.outcomes, found.kept, found.invalid) == (4, 2, 1)
    assert outcomes(other)["mixup"].gain == pytest.approx(2)
    assert {title: one.at for title, one in outcomes(other).items()} == {
        title: one.at for title, one in outcomes(work).items()
    }


def test_two_logs_without_times_that_tried_the_same_are_two_outcomes(work: Workspace, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("idea,status\nmixup,keep\n")
        assert work.import_history(tmp_path / name).outcomes == 1


def test_an_undecided_idea_gets_the_outcome_rather_than_a_copy(work: Workspace, log: Path) -> None:
    idea = work.ideas.add("Mixup", likelihood="20%")
    work.ideas.park(idea.id)
    found = work.import_history(log)
    assert (found.matched, len(found.ideas)) == (1, 3)
    row = next(row for row in work.view().ranked if row.idea.id == idea.id)
    assert (row.status, row.idea.place, set(row.idea.estimates)) == ("done", "backlog", {"ana", "bo"})


def test_an_import_is_one_change_that_undo_takes_back_and_redo_brings_again(
    work: Workspace, log: Path
) -> None:
    work.ideas.add("something new")
    before = work.view().ledger
    work.import_history(log)
    after = work.view().ledger
    assert work.undo() == ["import log.csv: 4 new ideas, 4 outcomes, 2 estimates"]
    undone = work.view().ledger
    assert (undone.ideas, undone.outcomes, undone.calibration) == (before.ideas, (), before.calibration)
    work.redo()
    assert work.view().ledger.outcomes == after.outcomes


def test_a_dry_run_tells_the_same_and_leaves_nothing(work: Workspace, log: Path) -> None:
    before = work.view().ledger
    tried = work.import_history(log, dry_run=True)
    assert work.view().ledger == before
    found = work.import_history(log)
    assert (tried.ideas, tried.outcomes, tried.base_after) == (found.ideas, found.outcomes, found.base_after)
    assert tried.dry_run


def test_a_bad_cell_keeps_the_whole_file_out_unless_it_may_be_left_out(work: Workspace, log: Path) -> None:
    log.write_text(LOG + "huh,maybe so,,,,,,\n")
    with pytest.raises(
        Mistake, match=r"log.csv, line 6, column status: 'maybe so' is no outcome.*--skip-bad"
    ):
        work.import_history(log)
    assert not work.view().ledger.ideas
    found = work.import_history(log, skip_bad=True)
    assert (found.outcomes, [row.line for row in found.bad]) == (4, [6])


def test_history_is_older_than_what_was_measured_here(work: Workspace, log: Path, tmp_path: Path) -> None:
    from planner.rules.learning.settled import settled

    (tmp_path / "new.csv").write_text("idea,status,date\nlate,discard,2026-11-01\n")
    work.import_history(tmp_path / "new.csv")
    work.import_history(log)
    assert [each.idea.title for each in settled(work.view().ledger)][-1] == "late"


def test_history_takes_nothing_off_what_people_estimate_on_top_of_it(work: Workspace, log: Path) -> None:
    work.import_history(log)
    idea = work.ideas.add("mixup once more", impact="+0.4pp")
    score = next(row.score for row in work.view().ranked if row.idea.id == idea.id)
    assert work.view().ledger.calibration.kept_complexity == 0
    assert (score.gain.overlap, score.chance.relatives > 1) == (1, True)


def test_rows_without_an_outcome_are_ideas_to_try(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("idea,status\nmixup,keep\ncutmix,todo\nema,\n")
    found = work.import_history(tmp_path / "log.csv")
    assert (len(found.ideas), found.outcomes) == (3, 1)
    again = work.import_history(tmp_path / "log.csv")
    assert again.skipped == {"already there": 3}


def test_markup_and_escape_sequences_in_titles_do_no_harm(work: Workspace, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("idea,status\n[/red]\x1b[31m‮mixup,keep\n")
    work.import_history(tmp_path / "log.csv")
    assert next(iter(work.view().ledger.ideas.values())).title == "[/red]\x1b[31m‮mixup"
