"""What holds for every verb: help, errors in a sentence, exit status, nothing but data on stdout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli import say
from planner.cli.main import SECTIONS, VERBS, main
from planner.domain.mistake import StoreNeedsAttention
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell

PLANNER = Path(sys.executable).parent / "planner"


def test_the_help_lists_every_verb_by_section(empty: Shell) -> None:
    out = empty("--help").out
    assert all(section in out for section in SECTIONS)
    assert all(f"\n  {verb} " in out for verb in VERBS)
    assert "..." not in out.partition("Start:")[2], "a first sentence is too long for its line"


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_has_an_example(empty: Shell, verb: str) -> None:
    out = empty(verb, "--help").out
    assert "Example" in out
    assert "planner " + verb in out or verb == "config"
    assert "--json" in out


def test_an_unknown_verb_names_the_nearest(empty: Shell) -> None:
    assert empty("lst", status=2).err == (
        "planner: no verb 'lst': did you mean `list`?; `planner --help` lists them\n"
    )


def test_misuse_is_one_sentence(shell: Shell) -> None:
    for words in (["list", "--colour"], ["add"], ["show", "x"], ["list", "--status", "good"], ["--frob"]):
        answer = shell(*words, status=2)
        assert answer.out == ""
        assert answer.err.startswith("planner: ")
        assert answer.err.count("\n") == 1


def test_with_json_an_error_is_an_object_on_stderr_and_stdout_stays_empty(shell: Shell) -> None:
    answer = shell("show", 7, "--json", status=2)
    assert answer.out == ""
    assert "no idea 7" in json.loads(answer.err)["error"]


def test_a_json_flag_after_two_dashes_is_a_word(shell: Shell) -> None:
    assert shell("add", "--", "--json").out.startswith("#1 “--json”")


def test_outside_a_project_the_sentence_says_what_makes_one(empty: Shell) -> None:
    assert "planner init" in empty("list", status=2).err


def test_a_folder_that_is_not_there_is_misuse(empty: Shell) -> None:
    assert "there is no such folder" in empty("-C", empty.folder / "nowhere", "list", status=2).err


def test_a_project_is_found_from_a_folder_within_it(shell: Shell) -> None:
    shell("add", "an idea")
    (shell.folder / "deep" / "er").mkdir(parents=True)
    assert len(shell("-C", shell.folder / "deep" / "er", "list", "--json").json) == 1


def test_a_store_that_needs_attention_is_exit_4(shell: Shell) -> None:
    shell("add", "an idea")
    (shell.folder / ".planner" / "backlog.json").write_text("garbage")
    answer = shell("list", status=4)
    assert "planner doctor --restore" in answer.err
    assert (shell.folder / ".planner" / "backlog.json").read_text() == "garbage"
    assert StoreNeedsAttention.exit_code == 4


def test_a_defect_of_ours_is_a_sentence_and_a_log(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Workspace) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Workspace, "view", broken)
    answer = shell("list", status=1)
    log = shell.folder / ".planner" / "defects.log"
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert str(log) in answer.err
    assert "secret detail" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_control_characters_reach_neither_stdout_nor_stderr(shell: Shell) -> None:
    evil = "a\x1b[31mb\x07c‮d\x9be\x7f"
    shell("add", evil, "--tag", evil, "--hypothesis", evil)
    said = [shell("list"), shell("show", 1), shell("next"), shell("export", "--format", "md")]
    said += [shell("list", "--json"), shell("export", "--format", "html"), shell("add", evil, "-x", status=2)]
    for answer in said:
        text = answer.out + answer.err
        assert not any(sign in text for sign in "\x1b\x07‮\x9b\x7f")
    assert shell("list", "--json").json[0]["title"] == evil


def test_text_that_is_no_unicode_is_refused_in_a_sentence(shell: Shell) -> None:
    answer = shell("add", os.fsdecode(b"caf\xe9"), status=2)
    assert answer.err.count("\n") == 1


def test_a_reader_that_leaves_early_is_no_failure(shell: Shell) -> None:
    for number in range(40):
        shell("add", f"idea {number} " + "x" * 250)
    command = f"'{PLANNER}' -C '{shell.folder}' export --format json | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_stdout_is_exit_1_and_a_sentence(shell: Shell) -> None:
    shell("add", "an idea")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PLANNER, "-C", shell.folder, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=600
        )
    assert done.returncode == 1
    assert done.stderr.startswith("planner: No space left")
    assert done.stderr.count("\n") == 1


def test_an_interrupt_is_exit_130(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_self: Workspace) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "view", interrupted)
    assert shell("list", status=130).err == "planner: interrupted\n"


def test_without_a_terminal_bare_planner_tells_the_status(shell: Shell) -> None:
    answer = shell()
    assert "goal: val_accuracy" in answer.out
    assert "planner --help" in answer.err


def test_the_version_is_told(empty: Shell) -> None:
    assert empty("--version").out.startswith("planner 0.")


def test_a_path_is_seen_from_the_folder_named(shell: Shell, tmp_path: Path) -> None:
    shell("export", "ideas.csv")
    assert (shell.folder / "ideas.csv").is_file()


def test_numbers_that_json_cannot_hold_are_spelt(capsys: pytest.CaptureFixture[str]) -> None:
    say.document({"a": float("nan"), "b": float("inf"), "c": 2**70})
    assert json.loads(capsys.readouterr().out) == {"a": "nan", "b": "inf", "c": 2**70}


def test_main_answers_instead_of_raising() -> None:
    assert main(["no-such-verb"]) == 2
