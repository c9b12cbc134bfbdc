"""What the doctor finds in a project's files."""

from __future__ import annotations

import shutil

from planner.domain.finding import Finding
from planner.store import check
from planner.store.check import check_store
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import add


def found(layout: Layout) -> dict[str, Finding]:
    return {finding.name: finding for finding in check_store(layout)}


def test_a_healthy_project_is_found_healthy(store: Store, layout: Layout) -> None:
    add(store, "a")
    findings = found(layout)
    assert {finding.state for finding in findings.values()} == {"ok"}
    assert findings["backlog"].text == "generation 1, 1 ideas"
    before = sorted(layout.home.rglob("*"))
    check_store(layout)
    assert sorted(layout.home.rglob("*")) == before


def test_a_folder_without_a_store_says_how_to_make_one(layout: Layout) -> None:
    findings = check_store(layout)
    assert [(finding.name, finding.state) for finding in findings] == [("backlog", "problem")]
    assert "planner init" in findings[0].text


def test_a_damaged_backlog_comes_with_the_command_that_restores_it(store: Store, layout: Layout) -> None:
    add(store, "a")
    layout.backlog.write_bytes(b"")
    finding = found(layout)["backlog"]
    assert (finding.state, finding.command) == ("problem", "planner doctor --restore")


def test_damaged_backups_journal_lines_and_unfinished_files_are_counted(store: Store, layout: Layout) -> None:
    for title in ("a", "b"):
        add(store, title)
    (layout.backups / "000000001.json").write_bytes(b"")
    layout.journal.write_bytes(b"{}\n" + layout.journal.read_bytes())
    (layout.home / ".backlog.json.1-aa.part").touch(0o600)
    findings = found(layout)
    assert "1 of 2" in findings["backups"].text
    assert "1 lines" in findings["journal"].text
    assert "1 unfinished" in findings["unfinished files"].text
    assert {findings[name].state for name in ("backups", "journal", "unfinished files")} == {"warning"}


def test_what_others_can_read_is_named_with_the_command_that_closes_it(store: Store, layout: Layout) -> None:
    layout.backlog.chmod(0o644)
    assert found(layout)["permissions"].state == "ok"
    layout.home.chmod(0o755)
    finding = found(layout)["permissions"]
    assert finding.state == "warning"
    assert f"2 files or folders, such as {layout.home}" in finding.text
    assert finding.command == f"chmod -R go= {layout.home}"


def test_an_older_copy_of_the_backlog_is_noticed(store: Store, layout: Layout) -> None:
    add(store, "a")
    add(store, "b")
    shutil.copy(layout.backups / "000000001.json", layout.backlog)
    finding = found(layout)["backlog"]
    assert "older copy" in finding.text
    assert (finding.state, finding.command) == ("problem", "planner doctor --restore")


def test_a_newer_releases_backlog_is_a_warning(store: Store, layout: Layout) -> None:
    from planner.store import backlog

    state, _ = backlog.load(layout.backlog)
    layout.backlog.write_bytes(backlog.render(state._replace(schema=2)))
    assert found(layout)["backlog"].state == "warning"


def test_run_folders_without_a_run_are_named(store: Store, layout: Layout) -> None:
    (layout.runs / "r9-dead").mkdir()
    assert "r9-dead" in found(layout)["run folders"].text


def test_a_network_file_system_is_warned_of(layout: Layout) -> None:
    mounts = {"/": "ext4", str(layout.project.resolve()): "nfs4"}
    assert check._file_system(layout.home, mounts).state == "warning"
    assert check._file_system(layout.home, {"/": "ext4"}).state == "ok"
    assert check._file_system(layout.home, {}).text == "unknown"
