"""Which files of code no longer do what a run saw them do."""

from __future__ import annotations

from pathlib import Path

from planner.provenance.digest import of_file
from planner.provenance.git import look
from planner.provenance.sameness import DataFiles, Seen, Standing
from tests.projects import commit, git


def test_data_beside_the_project_are_no_code_though_git_has_them(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    git(tmp_path, "init", "-q", "-b", "main")
    (project / "net.py").write_text("x = 1\n")
    (tmp_path / "labels.yaml").write_text("cat: 1\n")
    commit(tmp_path, "the start")
    found = look(project)
    assert found is not None
    seen = Seen(
        commit=found[0].commit,
        patch=b"",
        files={"net.py": of_file(project / "net.py")},
        at=None,
        data="",
        size=(None, None),
        command=False,
    )
    (tmp_path / "labels.yaml").write_text("cat: 2\n")
    assert Standing(project, DataFiles(project, ("../labels.yaml",))).changed(seen) == ()
    assert Standing(project, DataFiles(project, ())).changed(seen) == ("labels.yaml",)
