"""What the doctor finds in a project's files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from planner.domain.finding import Finding
from planner.store.check import check_store
from planner.store.disk import disk, file_system
from planner.store.filesystem import Mount, mount_of, mounts
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import add
from tests.store.ended import ended_run


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


def test_a_journal_that_is_gone_or_cut_short_is_a_warning_that_says_what_it_costs(
    store: Store, layout: Layout
) -> None:
    for title in ("a", "b", "c"):
        add(store, title)
    whole = layout.journal.read_bytes()
    layout.journal.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert found(layout)["journal"].state == "ok"  # its last operation stands in the backlog as well
    layout.journal.unlink()
    finding = found(layout)["journal"]
    assert finding.state == "warning"
    assert "ends with operation 0 of 3: nothing decided is lost" in finding.text
    assert found(layout)["backlog"].state == "ok"
    assert add(store, "d").id == 4


def test_a_backlog_is_restored_where_it_can_be_and_rebuilt_only_where_it_cannot(
    store: Store, layout: Layout
) -> None:
    add(store, "a")
    layout.backlog.unlink()
    assert found(layout)["backlog"].command == "planner doctor --restore"
    ended_run(layout, "r1-aaaa")
    assert found(layout)["backlog"].command == "planner doctor --restore"
    layout.journal.write_bytes(b"no journal\n")
    for backup in layout.backups.iterdir():
        backup.write_bytes(b"no backup")
    assert found(layout)["backlog"].command == "planner doctor --rebuild"
    shutil.rmtree(layout.runs)
    finding = found(layout)["backlog"]
    assert (finding.state, finding.command) == ("problem", None)
    assert "copy of your own" in finding.text


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("nfs4", "rw,vers=4.2,local_lock=none", "keep other machines out"),
        ("nfs", "rw,vers=3,local_lock=none", "up to a minute late"),
        ("nfs4", "rw,local_lock=all", "on this machine alone"),
        ("cifs", "rw,nobrl", "on this machine alone"),
        ("lustre", "rw,flock", "keep other machines out"),
        ("lustre", "rw,localflock", "on this machine alone"),
        ("gpfs", "rw", "keep other machines out"),
        ("ceph", "rw", "keep other machines out"),
        ("beegfs", "rw", "on this machine alone"),
        ("fuse.sshfs", "rw", "on this machine alone"),
        ("9p", "rw", "on this machine alone"),
        ("drvfs", "rw", "on this machine alone"),
        ("fuse.rclone", "rw", "nobody can tell"),
    ],
)
def test_a_network_file_system_is_warned_of_with_what_its_locks_are_worth(
    layout: Layout, kind: str, options: str, expected: str
) -> None:
    mounts = [Mount("/", "ext4"), Mount(str(layout.project.resolve()), kind, frozenset(options.split(",")))]
    finding = file_system(layout.home, mounts)
    assert finding.state == "warning"
    assert kind in finding.text
    assert expected in finding.text


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "apfs", "fuse.ntfs-3g"])
def test_a_file_system_of_this_machine_is_fine(layout: Layout, kind: str) -> None:
    assert file_system(layout.home, [Mount("/", kind)]) == Finding(name="file system", state="ok", text=kind)
    assert file_system(layout.home, []).text == "unknown"


def test_mounts_are_read_as_the_kernel_writes_them(tmp_path: Path) -> None:
    source = tmp_path / "mounts"
    source.write_text(
        "/dev/sda1 / ext4 rw,relatime 0 0\n"
        "box:/data /mnt/my\\040data nfs4 rw,vers=4.2 0 0\n"
        "other /mnt/my\\040data fuse.sshfs rw 0 0\n"
    )
    assert (
        mount_of(Path("/mnt/my data/project"), mounts(source)).kind == "fuse.sshfs"
    )  # the later lies on top
    assert mount_of(Path("/mnt/other"), mounts(source)).kind == "ext4"
    assert mounts(tmp_path / "none") == []


def test_a_disk_without_room_or_a_used_up_quota_is_a_warning(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert disk(layout.project).state == "ok"
    quota = tmp_path / "bin" / "quota"
    quota.parent.mkdir()
    quota.write_text("#!/bin/sh\n[ $1 = -q ] && echo 'Disk quotas for user ana: /home over by 12K'\nexit 1\n")
    quota.chmod(0o755)
    monkeypatch.setenv("PATH", f"{quota.parent}:{os.environ['PATH']}")
    assert "over a quota: Disk quotas for user ana" in disk(layout.project).text
    whole = os.statvfs(layout.project)
    monkeypatch.setattr(os, "statvfs", lambda _path: Room(whole.f_frsize, 10, 1000, 500_000))
    assert "GiB free: runs soon" in disk(layout.project).text
    monkeypatch.setattr(os, "statvfs", lambda _path: Room(whole.f_frsize, 10**9, 1000, 7))
    assert "room for 7 files only" in disk(layout.project).text


class Room(NamedTuple):
    f_frsize: int
    f_bavail: int
    f_files: int
    f_favail: int


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can give files away")
def test_files_that_belong_to_somebody_else_are_a_problem_and_the_command_brings_them_back(
    store: Store, layout: Layout
) -> None:
    add(store, "a")
    os.chown(layout.journal, 65534, 65534)
    finding = found(layout)["access"]
    assert finding.state == "problem"
    assert str(layout.journal) in finding.text
    assert finding.command is not None
    subprocess.run(finding.command, shell=True, check=True)
    assert found(layout)["access"].state == "ok"
    os.chown(layout.home, 65534, 65534)
    finding = found(layout)["access"]
    assert (finding.state, finding.command) == ("warning", f"ls -ld {layout.home}")


def test_files_that_their_owner_may_not_change_are_a_problem_and_the_command_opens_them(
    store: Store, layout: Layout
) -> None:
    layout.backlog.chmod(0o400)
    finding = found(layout)["access"]
    assert finding.state == "problem"
    assert finding.command is not None
    subprocess.run(finding.command, shell=True, check=True)
    assert found(layout)["access"].state == "ok"


def test_a_file_system_that_can_only_be_read_is_a_warning(
    store: Store, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "planner.store.access.mount_of", lambda _folder: Mount("/", "ext4", frozenset({"ro"}))
    )
    assert "read only" in found(layout)["access"].text
