import csv
import os
from pathlib import Path

import pytest

from planner.domain.estimate import Estimate
from planner.domain.mistake import Mistake
from planner.workspace.export import export_text
from planner.workspace.workspace import Workspace

HEADER = "title,by,hours,complexity,impact,likelihood\n"


def sheet(folder: Path, name: str, text: str, *, day: int = 10) -> Path:
    """A file that was written on that day of November, before the tests' clock."""
    path = folder / name
    path.write_text(text)
    os.utime(path, (1793750400 + 86400 * day,) * 2)
    return path


def estimates(work: Workspace, title: str) -> dict[str, Estimate]:
    (idea,) = (idea for idea in work.view().ledger.ideas.values() if idea.title == title)
    return idea.estimates


def test_two_peoples_copies_of_a_sheet_are_merged_without_loss(work: Workspace, tmp_path: Path) -> None:
    work.ideas.add("mixup")
    work.import_ideas(sheet(tmp_path, "ana.csv", HEADER + "mixup,,2h,1,+0.3pp,20%\n"), by="ana")
    work.import_ideas(sheet(tmp_path, "bo.csv", HEADER + "MIXUP,bo,2h-5h,,,40%\nema,bo,1h,,,\n"))
    assert len(work.view().ledger.ideas) == 2
    said = estimates(work, "mixup")
    assert {who: one.likelihood for who, one in said.items()} == {"ana": 0.2, "bo": 0.4}
    assert said["bo"].ranges == {"hours": (2, 5)}


def test_importing_again_changes_nothing(work: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path, "ana.csv", HEADER + "mixup,,2h,1,+0.3pp,20%\n")
    work.import_ideas(path)
    before = work.view().ledger
    assert work.import_ideas(path).skipped == {"already there": 1}
    assert work.view().ledger is before


def test_the_newer_of_one_persons_numbers_wins_and_the_older_go_to_the_history(
    work: Workspace, tmp_path: Path
) -> None:
    newer = sheet(tmp_path, "newer.csv", HEADER + "mixup,ana,3h,,,\n", day=12)
    older = sheet(tmp_path, "older.csv", HEADER + "mixup,ana,2h,,,20%\n", day=11)
    for path in (newer, older, newer, older):
        work.import_ideas(path)
    (idea,) = work.view().ledger.ideas.values()
    assert (idea.estimates["ana"].hours, idea.estimates["ana"].likelihood) == (3, 0.2)
    assert [one.hours for one in idea.history] == [2]


def test_a_file_may_name_an_idea_by_its_number(work: Workspace, tmp_path: Path) -> None:
    idea = work.ideas.add("mixup")
    work.import_ideas(sheet(tmp_path, "a.csv", f"id,likelihood\n{idea.id},30%\n"), by="bo")
    assert estimates(work, "mixup")["bo"].likelihood == 0.3
    with pytest.raises(Mistake, match=r"line 2, column id: there is no idea 99 here"):
        work.import_ideas(sheet(tmp_path, "b.csv", "id,likelihood\n99,30%\n"))
    with pytest.raises(Mistake, match=r"idea 1 is “mixup” here and not “cutmix”"):
        work.import_ideas(sheet(tmp_path, "c.csv", "id,title,likelihood\n1,cutmix,30%\n"))


def test_an_export_that_somebody_filled_in_comes_back_to_its_ideas(work: Workspace, tmp_path: Path) -> None:
    idea = work.ideas.add("=mixup", hours="2h")
    (row,) = csv.DictReader(export_text(work.view(), work.layout, "csv").splitlines())
    work.ideas.edit(idea.id, title="mixup, renamed")
    for name, filled in (("bo", {"likelihood": "30%", "estimated_hours": "4h"}), ("cy", {"hours": "3h"})):
        with (tmp_path / "filled.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            writer.writeheader()
            writer.writerow({**row, "by": name, **filled})
        found = work.import_ideas(tmp_path / "filled.csv")
        assert (found.ideas, found.matched) == ((), 1)
    said = estimates(work, "mixup, renamed")
    assert (said["bo"].likelihood, {who: one.hours for who, one in said.items()}) == (
        0.3,
        {"ana": 2, "bo": 4, "cy": 3},
    )


def test_hours_that_the_planner_calculated_are_nobodys_estimate(work: Workspace, tmp_path: Path) -> None:
    work.ideas.add("mixup")
    (tmp_path / "ideas.csv").write_text(export_text(work.view(), work.layout, "csv"))
    assert work.import_ideas(tmp_path / "ideas.csv").estimates == 0
    assert estimates(work, "mixup") == {}


def test_one_bad_cell_keeps_all_of_it_out(work: Workspace, tmp_path: Path) -> None:
    path = sheet(tmp_path, "a.csv", HEADER + "mixup,,2h,1,,20%\ncutmix,,2h,9,,20%\n")
    with pytest.raises(
        Mistake, match=r"a.csv, line 3, column complexity: complexity '9' is not on the scale"
    ):
        work.import_ideas(path)
    assert not work.view().ledger.ideas
    found = work.import_ideas(path, skip_bad=True)
    assert (len(found.ideas), [row.line for row in found.bad]) == (1, [3])


def test_duplicates_within_a_file_are_merged(work: Workspace, tmp_path: Path) -> None:
    found = work.import_ideas(sheet(tmp_path, "ideas.md", "- mixup #aug\n- Mixup  #cheap (2h)\n- cutmix\n"))
    assert len(found.ideas) == 2
    mixup = work.view().ledger.ideas[found.ideas[0]]
    assert (mixup.tags, mixup.estimates["ana"].hours) == (("aug", "cheap"), 2)


def test_what_a_person_has_written_is_filled_up_and_never_replaced(work: Workspace, tmp_path: Path) -> None:
    idea = work.ideas.add("mixup", hypothesis="mine", params=["alpha=0.2"])
    text = "title,hypothesis,category,params\nmixup,theirs,augmentation,alpha=0.9\n"
    work.import_ideas(sheet(tmp_path, "a.csv", text))
    now = work.view().ledger.ideas[idea.id]
    assert (now.hypothesis, now.category, now.change.params) == ("mine", "augmentation", {"alpha": 0.2})


def test_ideas_move_no_score_and_are_undone_together(work: Workspace, tmp_path: Path) -> None:
    work.ideas.add("ema")
    calibration = work.view().ledger.calibration
    work.import_ideas(sheet(tmp_path, "ideas.md", "- mixup (2h)\n- cutmix\n"))
    assert work.view().ledger.calibration == calibration
    assert work.undo() == ["import ideas of ideas.md: 2 new ideas, 1 estimate"]
    assert [idea.title for idea in work.view().ledger.ideas.values()] == ["ema"]
