import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Shell

LOG = "idea,status,duration_s,is_baseline\nstart,keep,60,1\n"
LOG += "mixup,keep,3600,0\ncutmix,discard,7200,0\nema,crash,,0\n"


@pytest.fixture
def log(shell: Shell) -> Path:
    path = shell.folder / "log.csv"
    path.write_text(LOG)
    return path


def test_an_import_tells_what_came_in_and_what_it_taught(shell: Shell, log: Path) -> None:
    said = shell("import", "log.csv").out
    assert "3 new ideas, 3 outcomes (1 kept, 1 invalid) came in" in said
    assert "duration_s as run_seconds" in said
    assert "base rate 17 % → " in said
    assert "a full run takes 1.5 h" in said
    assert "left out: baselines 1" in said
    again = shell("import", "log.csv").out
    assert "nothing new" in again
    assert "already there 3" in again


def test_the_same_facts_as_json(shell: Shell, log: Path) -> None:
    tried = shell("import", log, "--dry-run", "--json").json
    assert shell("list", "--json").json == []
    found = shell("import", log, "--json").json
    assert tried == {**found, "dry_run": True}
    assert (found["outcomes"], found["kept"], found["skipped"]) == (3, 1, {"baselines": 1})


def test_ideas_come_from_a_pipe(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"- [ ] mixup #aug (2h, 30%)\n- [x] old\n"))
    )
    said = shell("import", "--ideas", "-").out
    assert "stdin, a list of ideas: 1 new idea, 1 estimate of ana came in" in said
    assert "checked off 1" in said
    assert shell("list", "--json").json[0]["estimates"]["ana"]["likelihood"] == 0.3


def test_columns_can_be_mapped(shell: Shell) -> None:
    (shell.folder / "x.csv").write_text("What,Implementation time,Went\nmixup,2h,well\ncutmix,3h,yes\n")
    shell("import", "x.csv", "--map", "What=title", "--map", "Went=status", "--skip-bad", status=0)
    (row,) = shell("list", "--json").json
    assert (row["title"], row["outcome"]["hours"]) == ("cutmix", 3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nowhere.csv",), "there is no file"),
        (("empty.csv",), "empty.csv is empty"),
        (("planner.toml",), "no column with titles"),
        (("log.csv", "--map", "idea=titel"), "did you mean title"),
        (("log.csv", "--map", "idea"), "--map 'idea' says no column and field"),
        (("--ideas", "log.csv", "--metric", "x"), "--metric judges history"),
        ((".",), "holds nothing known"),
    ],
)
def test_a_mistake_is_one_sentence(shell: Shell, log: Path, words: tuple[str, ...], sentence: str) -> None:
    (shell.folder / "empty.csv").write_text(" \n")
    answer = shell("import", *words, status=2)
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def test_an_import_shows_in_the_list_and_the_review_and_is_undone(shell: Shell, log: Path) -> None:
    shell("import", log)
    assert "improved" in shell("list").out
    assert "imported" not in shell("show", 1).err
    shell("review")
    shell("undo")
    assert shell("list", "--json").json == []
    shell("redo")
    assert len(shell("list", "--json").json) == 3
