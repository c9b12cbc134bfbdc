"""Runs as the command line tells them: where each stands, its log, stopping and trying again."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from planner.domain.event import Epoch, Started
from planner.domain.run import SPEC_FORMAT, Run, RunStatus, Spec
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from tests.cli.conftest import Shell

AT = "2026-11-16T09:00:00.000Z"


def put_run(shell: Shell, number: int, status: RunStatus, **fields: object) -> Run:
    """Write a run into the store as a dispatcher would have left it."""
    run = Run(
        id=f"r{number}-abcd",
        idea=1,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at=AT,
        order=float(number),
        status=status,
        started_at=None if status == "queued" else AT,
        ended_at=None if status in ("queued", "running") else f"2026-11-16T09:0{number}:00.000Z",
    )
    run = replace(run, **fields)  # type: ignore[arg-type]  # fields of a run by name
    with Store(Layout(shell.folder)).transaction("put", by="test", undoable=False) as tables:
        return tables.put(run)


def make_folder(shell: Shell, run: Run) -> RunFolder:
    """The folder of a run that has been told what to do."""
    spec = Spec(
        format=SPEC_FORMAT,
        run=run.id,
        project=str(shell.folder),
        rung="full",
        seed=0,
        params={},
        metric="val_accuracy",
        direction="max",
    )
    return RunFolder.create(Layout(shell.folder).runs, spec)


@pytest.fixture
def busy(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A project with one idea and a run in each state, and nobody who settles it."""
    monkeypatch.setattr("planner.workspace.standing.ensure_dispatcher", lambda _layout: None)
    shell("add", "an idea", "--set", "lr=0.1")
    put_run(shell, 1, "finished", value=0.91, hours=0.5, metrics={"val_accuracy": 0.91})
    put_run(shell, 2, "crashed", cause="signal 9 after epoch 3", idea=None)
    put_run(shell, 3, "queued", waits="waits for a free slot")
    put_run(shell, 4, "queued", waits="waits for a free slot")
    running = put_run(shell, 5, "running")
    with EventLog(make_folder(shell, running).events) as log:
        log.write(Started(at=AT, pid=1, epochs=8))
        log.write(Epoch(at=AT, epoch=2, epochs=8, seconds=20.0, metrics={"val_accuracy": 0.9}))
    return shell


def test_runs_stand_running_first_then_the_queue_then_the_ended_newest_first(busy: Shell) -> None:
    runs = busy("runs", "--json").json
    assert [run["id"][:2] for run in runs] == ["r5", "r3", "r4", "r2", "r1"]
    running, queued, _, crashed, finished = runs
    assert running["progress"]["epoch"] == 2
    assert running["progress"]["eta_seconds"] == 60
    assert running["progress"]["metrics"] == {"val_accuracy": 0.9}
    assert queued["waits"] == "waits for a free slot"
    assert (crashed["cause"], crashed["title"]) == ("signal 9 after epoch 3", "baseline")
    assert (finished["value"], finished["hours"]) == (0.91, 0.5)
    assert Path(running["folder"]).is_dir()


def test_runs_are_told_in_words(busy: Shell) -> None:
    lines = busy("runs").out.splitlines()
    assert "epoch 2 of 8 · val_accuracy 0.9000 · 1m 00s left" in lines[1]
    assert "queued: waits for a free slot" in lines[2]
    assert "crashed: signal 9 after epoch 3" in lines[4]
    assert "val_accuracy 0.9100 in 30m 00s" in lines[5]


def test_runs_are_filtered_by_idea_and_state(busy: Shell) -> None:
    assert len(busy("runs", "--idea", 1, "--json").json) == 4
    assert [run["id"] for run in busy("runs", "--status", "crashed", "--json").json] == ["r2-abcd"]
    assert len(busy("runs", "--limit", 2, "--json").json) == 2
    busy("runs", "--idea", 9, status=2)


def test_no_runs_is_an_empty_list(shell: Shell) -> None:
    assert shell("runs", "--json").json == []
    assert "planner dispatch" in shell("runs").err


def test_the_status_tells_what_runs_and_why_the_rest_waits(busy: Shell) -> None:
    answer = busy("status", "--json").json
    assert [run["id"] for run in answer["running"]] == ["r5-abcd"]
    assert [run["id"] for run in answer["queued"]] == ["r3-abcd", "r4-abcd"]
    assert answer["ideas"] == {"running": 1}
    assert (answer["dispatcher"], answer["paused"]) == (True, None), "one is started for what runs"
    assert "epoch 2 of 8" in busy("status").out


def test_a_queued_run_is_stopped_at_once(busy: Shell) -> None:
    assert busy("stop-run", "r4", "--json").json["status"] == "stopped"
    busy("stop-run", "r4", status=3)
    busy("stop-run", "r44", status=2)


def test_a_live_run_cannot_be_tried_again(busy: Shell) -> None:
    busy("requeue", "r3", status=3)


def test_a_log_is_shown_from_its_end_and_cleaned(busy: Shell) -> None:
    folder = RunFolder(Layout(busy.folder).runs / "r5-abcd")
    lines = [f"line {number}" for number in range(200)] + ["\x1b[32mgreen\x1b[0m \x07 \x1b]0;title\x07"]
    folder.log.write_bytes("\n".join(lines).encode() + b"\n 1/10\r 5/10\r10/10 done\n\xff\xfe")
    out = busy("logs", "r5", "--lines", 5).out
    assert out.splitlines()[:2] == ["line 198", "line 199"]
    assert "green ␇ ␛]0;title␇" in out
    assert "10/10 done" in out
    assert "5/10" not in out.replace("10/10", "")
    assert "\x1b" not in out
    assert busy("logs", "r5", "--json").json["lines"][-2] == "10/10 done"
    assert len(busy("logs", "r5", "--lines", 0).out) == 0


def test_a_huge_log_costs_no_more_than_its_end(busy: Shell) -> None:
    folder = RunFolder(Layout(busy.folder).runs / "r5-abcd")
    with folder.log.open("wb") as file:
        file.seek(3 * 2**30)
        file.write(b"the end\n")
    assert busy("logs", "r5", "--lines", 1).out.endswith("the end\n")
    assert len(busy("logs", "r5", "--json").out) < 1_000_000


def test_a_run_that_printed_nothing_says_so(busy: Shell) -> None:
    assert "printed nothing yet" in busy("logs", "r5").err
    assert "printed nothing" in busy("logs", "r1").err


def test_a_log_is_followed_until_its_run_has_ended(busy: Shell) -> None:
    folder = RunFolder(Layout(busy.folder).runs / "r5-abcd")
    folder.log.write_text("before\nhalf a ")

    def write_and_end() -> None:
        with folder.log.open("a") as file:
            file.write("line\nafter\nno line end")
        put_run(busy, 5, "finished", value=0.9)

    writer = threading.Timer(0.3, write_and_end)
    writer.start()
    out = busy("logs", "r5", "-f").out
    writer.join()
    assert out.splitlines() == ["before", "half a ", "line", "after", "no line end"]


def test_following_gives_no_json(busy: Shell) -> None:
    assert "--json" in busy("logs", "r5", "-f", "--json", status=2).err


def test_the_review_is_printed_and_written(busy: Shell) -> None:
    answer = busy("review", "--week", "2026-W47")
    assert answer.out.startswith("# Review of 2026-W47")
    path = busy.folder / ".planner" / "reviews" / "2026-W47.md"
    page, _, notes = path.read_text().partition("\n## Notes\n")
    assert page == answer.out
    assert "stays when the review is written again" in notes
    path.unlink()
    assert busy("review", "--week", "2026-W47", "--json").json["week"] == "2026-W47"
    assert not path.exists(), "with --json it is written only when asked"
    busy("review", "--week", "2026-W47", "--json", "--write")
    assert path.exists()
    busy("review", "--week", "last", status=2)


def test_a_review_that_cannot_be_written_is_printed_still(
    busy: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.store.files.write_whole", full)
    answer = busy("review", "--week", "2026-W47")
    assert answer.out.startswith("# Review of 2026-W47")
    assert answer.err.startswith("not written: the disk of ")
    assert "is full" in answer.err
    busy("review", "--week", "2026-W47", "--write", status=1)


def test_only_a_run_that_asks_can_pass(busy: Shell) -> None:
    put_run(busy, 5, "finished", metrics={"val_accuracy": float("nan")})
    put_run(busy, 6, "finished", rung="check")
    told = {line.split()[1]: line for line in busy("runs").out.splitlines()}
    assert "val_accuracy missing or not finite in " in told["r5-abcd"]
    assert "passed in " in told["r6-abcd"]
