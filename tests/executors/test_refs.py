"""What a name of a branch, a tag or a commit stands for, and what is said where it stands for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.domain.mistake import Failed, Mistake
from planner.executors.data_links import link_data
from planner.executors.refs import commit_of, keep, merged, pointers
from planner.provenance.asking import reason
from tests.projects import AUTHOR, commit, git
from tests.slow_git import whichever_is_slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits, and names of every kind for them; no test changes any."""
    folder = tmp_path_factory.mktemp("refs") / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "net.py").write_text("a = 1\n")
    commit(folder, "the start")
    git(folder, "tag", "both")
    (folder / "net.py").write_text("a = 2\n")
    commit(folder, "focal")
    git(folder, "branch", "both")
    git(folder, "branch", "alike")
    git(folder, "tag", "alike")
    git(folder, *AUTHOR, "tag", "-a", "-m", "annotated", "v1")
    git(folder, "update-ref", "refs/heads/-x", "main")
    git(folder, "update-ref", "refs/remotes/origin/x", "main")
    return folder


@pytest.mark.parametrize(
    "ref", ["main", "HEAD", "v1", "-x", "origin/x", "heads/both", "alike", "main@{0}", "main^{/focal}"]
)
def test_whatever_git_takes_for_one_commit_is_one(project: Path, ref: str) -> None:
    head = git(project, "rev-parse", "main")
    assert commit_of(project, ref) == commit_of(project, head) == commit_of(project, head[:8]) == head


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("^main", "'^main' names no commit of"),
        ("main..v1", "'main..v1' names no commit of"),
        ("main^{tree}", "names no commit of"),
        ("--all", "'--all' names no commit of"),
        ("", "'' names no commit of"),
        ("a\0b", "names no commit of"),
        ("0" * 40, "names no commit of"),
        ("x", "did you mean 'origin/x'?"),
        ("mian", "did you mean 'main'?"),
        ("y" * 5000, "yyy…' names no commit of"),
        ("both", "'both' is a branch and a tag, of two commits: say 'heads/both' or 'tags/both'"),
    ],
)
def test_what_names_none_or_two_is_refused_in_one_sentence(project: Path, ref: str, said: str) -> None:
    with pytest.raises(Mistake) as refused:
        commit_of(project, ref)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


def test_a_commit_that_is_kept_outlives_its_branch(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, *AUTHOR, "commit", "-q", "--allow-empty", "-m", "the start")
    lost, kept = (
        git(tmp_path, *AUTHOR, "commit-tree", "-m", name, "HEAD^{tree}") for name in ("lost", "kept")
    )
    keep(tmp_path, kept)
    git(tmp_path, "gc", "-q", "--prune=now")
    assert commit_of(tmp_path, kept) == kept
    with pytest.raises(Mistake, match="names no commit"):
        commit_of(tmp_path, lost)
    assert git(tmp_path, "branch", "-a") == "* main"
    keep(tmp_path, "0" * 40)  # what is not there, or can't be written down, is let go of


def test_a_repository_of_another_owner_says_what_would_help(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Mistake, match=r"dubious ownership .*; `git config --global --add safe.directory .*`"):
        commit_of(project, "main")


def test_a_program_that_git_lacks_is_named() -> None:
    said = b"Preparing\ngit-lfs: 1: git-lfs: not found\nerror: no\nfatal: d.npz: smudge filter lfs failed"
    assert reason(said) == "git-lfs: 1: git-lfs: not found; d.npz: smudge filter lfs failed"
    assert reason(b"") == "no reason given"


def test_files_of_git_lfs_are_pointers_where_it_is_not_set_up(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(project, "checkout", "-q", "-b", "lfs")
    (project / ".gitattributes").write_text("*.npz filter=lfs diff=lfs -text\n*.py text\n")
    commit(project, "large files")
    git(project, "checkout", "-q", "main")
    assert pointers(project, "main") == []
    assert pointers(project, "lfs") == ["*.npz"]
    git(project, "config", "--file", str(tmp_path / "config"), "filter.lfs.smudge", "git-lfs smudge -- %f")
    assert pointers(project, "lfs") == []


def test_data_behind_a_link_that_git_has_are_found_where_it_leads(tmp_path: Path) -> None:
    project, code = tmp_path / "project", tmp_path / "run" / "code"
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "x.npz").write_text("1")
    for place in (project, code):
        place.mkdir(parents=True)
        (place / "data").symlink_to("../disk")
    git(project, "init", "-q", "-b", "main")
    link_data(project, code, tmp_path / "run", ("data/*.npz",))
    assert (code / "data" / "x.npz").read_text() == "1"
    assert (tmp_path / "run" / "disk" / "x.npz").is_symlink()


def test_a_git_that_is_slow_says_nothing_of_a_name(project: Path) -> None:
    git(project, "checkout", "-q", "-b", "deep")
    (project / "deep").mkdir()
    (project / "deep" / "net.py").write_text("a = 3\n")
    commit(project, "a project further down")
    git(project, "checkout", "-q", "main")
    (project / "deep").mkdir()
    slow, calm = whichever_is_slow(lambda: commit_of(project / "deep", "deep"))
    assert calm == git(project, "rev-parse", "deep")
    assert len(slow) == 5, "what is asked: its top, the name, a branch, a tag, the folder"
    assert {type(one) for one in slow} == {Failed}, slow


def test_a_git_that_is_slow_says_nothing_of_what_is_merged(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "net.py").write_text("a = 1\n")
    commit(tmp_path, "the start")
    git(tmp_path, "checkout", "-q", "-b", "focal")
    (tmp_path / "net.py").write_text("a = 2\n")
    commit(tmp_path, "focal")
    there = git(tmp_path, "rev-parse", "focal")
    git(tmp_path, "checkout", "-q", "main")
    assert not merged(tmp_path, there)
    (tmp_path / "net.py").write_text("a = 2\n")
    commit(tmp_path, "squashed")
    slow, calm = whichever_is_slow(lambda: merged(tmp_path, there))
    assert calm is True
    assert {type(one) for one in slow} == {Failed}, slow
