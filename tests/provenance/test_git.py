"""Which code ran, read from a real repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from planner.provenance import git
from tests.worker.making import make

RECIPE = "def recipe(params, run): run.log(1, val_accuracy=1)"


def call(where: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=where, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    call(project, "init", "-q", "-b", "trunk")
    (project / "net.py").write_text("width = 1\n")
    call(project, "add", ".")
    call(project, "commit", "-qm", "first")
    return project


def test_a_clean_tree_needs_no_patch(repository: Path) -> None:
    found = git.look(repository)
    assert found is not None
    code, patch = found
    assert (code.commit, code.branch, code.dirty) == (call(repository, "rev-parse", "HEAD"), "trunk", False)
    assert patch == b""


def test_the_patch_brings_the_uncommitted_code_back(repository: Path, tmp_path: Path) -> None:
    call(repository, "remote", "add", "origin", "https://me:s3cret-word@example.org/repo.git")
    (repository / "net.py").write_text("width = 2\n")
    run = make(tmp_path, RECIPE)
    assert run.context["code"]["dirty"] is True
    assert run.context["code"]["patch"] == "code.patch"
    assert run.context["code"]["remote"] == "https://example.org/repo.git"
    call(repository, "stash", "--include-untracked")
    call(repository, "apply", str(run.folder.patch))
    assert (repository / "net.py").read_text() == "width = 2\n"
    assert (repository / "experiment.py").read_text() == RECIPE


def test_secrets_large_files_and_binaries_stay_out_of_the_patch(repository: Path) -> None:
    (repository / ".env").write_text("KEY=hunter2")
    (repository / "weights.bin").write_bytes(b"\0\1")
    (repository / "long.txt").write_text("x" * 200_000)
    (repository / "note.md").write_text("ours")
    (repository / ".planner").mkdir()
    (repository / ".planner/backlog.json").write_text("{}")
    found = git.look(repository)
    assert found is not None
    code, patch = found
    assert set(code.left_out) == {".env", "weights.bin", "long.txt"}
    assert b"hunter2" not in patch
    assert b"+ours" in patch
    assert b"backlog" not in patch


def test_a_repository_without_a_commit_is_still_described(tmp_path: Path) -> None:
    call(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "a.py").write_text("a")
    found = git.look(tmp_path)
    assert found is not None
    assert (found[0].commit, found[0].branch, found[0].dirty) == (None, "trunk", True)


def test_a_folder_outside_git_is_calm(tmp_path: Path) -> None:
    assert make(tmp_path, RECIPE).context["code"] is None


def test_a_machine_without_git_is_calm(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert git.look(repository) is None


def test_a_git_that_hangs_delays_the_run_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "LONGER", 0.05)
    run = make(tmp_path, RECIPE)
    assert run.ended.status == "finished"
    assert "git took longer than" in run.alerts[0]


def test_a_patch_can_be_applied_whatever_a_person_has_told_git(repository: Path) -> None:
    (repository / "deep").mkdir()
    for name, value in (
        ("noprefix", "true"),
        ("context", "0"),
        ("relative", "true"),
        ("mnemonicPrefix", "true"),
    ):
        call(repository, "config", f"diff.{name}", value)
    (repository / "net.py").write_text("width = 2\n")
    found = git.look(repository / "deep")
    assert found is not None
    assert b"\n--- a/net.py\n+++ b/net.py\n" in found[1]
