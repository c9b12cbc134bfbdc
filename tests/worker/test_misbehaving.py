"""Scripts that misbehave, and the one sentence each ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.making import make, shell

EXAMPLE = 'for each epoch it must print a line such as {"epoch": 1, "val_accuracy": 0.5}'
GOOD = 'echo \'{"epoch": 1, "val_accuracy": 0.5}\'\n'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("exit 0", f"the command ended and reported no metrics: {EXAMPLE}; it printed nothing"),
        (
            "echo epoch 1: val_accuracy=0.5",
            f"the command ended and reported no metrics: {EXAMPLE}; its last line, epoch 1: val_accuracy=0.5"
            ", is no JSON object",
        ),
        (
            "head -c 9999 /dev/zero",
            f"the command ended and reported no metrics: {EXAMPLE}; it printed nothing",
        ),
        (
            "printf '\\377\\376\\200\\201'",
            f"the command ended and reported no metrics: {EXAMPLE}; what it printed is no text",
        ),
        (
            "printf '\\377\\376{\\000}\\000\\n\\000'",  # UTF-16
            f"the command ended and reported no metrics: {EXAMPLE}; what it printed is no text",
        ),
        (
            f"printf '{{'; head -c {1 << 20} /dev/zero | tr '\\000' x",
            f"the command ended and reported no metrics: {EXAMPLE}; a line of it is longer than 1 MiB, and "
            "in such no metrics are looked for",
        ),
        (
            GOOD.strip() + " >&2",
            f"the command ended and reported no metrics: {EXAMPLE}; it printed such lines to its standard "
            "error, and only standard output is read",
        ),
        (
            "echo \"{'val_accuracy': 0.5}\"",
            f"the command ended and reported no metrics: {EXAMPLE}; its line {{'val_accuracy': 0.5}} is no "
            "JSON (its quotes are single ones; Python's json.dumps writes double ones)",
        ),
        (
            'echo \'{"epoch": 1, "val_accuracy": null}\'',
            "the command's val_accuracy is null, which is no number",
        ),
        (
            'echo \'{"epoch": 1, "val": {"accuracy": 1}}\'',
            f"the command ended and reported no metrics: {EXAMPLE}; its line "
            '{"epoch": 1, "val": {"accuracy": 1}} has an epoch and no metric that is a number',
        ),
        (
            "echo '[0.5, 0.6]'",
            f"the command ended and reported no metrics: {EXAMPLE}; its last line, [0.5, 0.6], is no JSON "
            "object",
        ),
        (
            "echo '{\"val_acc\": 0.5}'",
            "the run reports val_acc; planner.toml's metric val_accuracy is not among them; "
            "did you mean val_acc?",
        ),
        ("kill -9 $$", "the command ended with signal 9 (SIGKILL)"),
        ("sh -c 'kill -9 $$'; exit $?", "the command ended with exit 137 (SIGKILL)"),
        ("echo no data >&2; exit 3", "the command ended with exit 3: no data"),
        ("echo no data >&2; head -c 3000 /dev/zero; exit 3", "the command ended with exit 3: no data"),
        ("read answer || { echo nobody answers; exit 1; }", "the command ended with exit 1: nobody answers"),
    ],
)
@pytest.mark.parametrize("rung", ["check", "full"])
def test_a_script_that_reports_nothing_ends_with_the_reason(
    tmp_path: Path, text: str, cause: str, rung: str
) -> None:
    run = shell(tmp_path, text, rung=rung)
    if "Killed" in run.ended.cause:  # which some shells say of their children
        cause += ": Killed"
    assert (run.ended.status, run.ended.cause) == ("failed", cause)


@pytest.mark.parametrize(
    ("program", "mode", "first", "why"),
    [
        ("./train.sh", 0o600, "#!/bin/sh", "it may not be executed; `chmod +x ./train.sh` allows it"),
        ("./train.sh", 0o700, "#!/no/such/sh", "its first line names an interpreter that is not there"),
        ("./train.sh", 0o700, "exit 0", "it needs a first line such as #!/bin/sh"),
        ("train.sh", 0o700, "#!/bin/sh", "programs of the project are called ./train.sh"),
        ("./train", 0o700, "", "there is no such file"),
    ],
)
def test_a_command_that_can_not_start_says_what_would_be_right(
    tmp_path: Path, program: str, mode: int, first: str, why: str
) -> None:
    path = tmp_path / "project/train.sh"
    path.parent.mkdir()
    path.write_text(first + "\n")
    path.chmod(mode)
    run = make(tmp_path, command=(program,))
    assert run.ended.cause == f"the command can't start {program!r}: {why}"


@pytest.mark.parametrize(
    ("program", "better"),
    [
        ("sh -c exit", 'each word is a text of its own, ["sh", "-c", "exit"]'),
        ("cd", 'only a shell knows it: write ["sh", "-c", "cd … && …"]'),
        ("~/train.sh", "only a shell knows ~: write the whole path"),
        ("no such program", "no program of that name is on the PATH"),
    ],
)
def test_a_command_that_only_a_shell_would_understand_is_told_so(
    tmp_path: Path, program: str, better: str
) -> None:
    assert make(tmp_path, command=(program,)).ended.cause == f"the command can't start {program!r}: {better}"


def test_a_command_that_is_a_folder_is_told_so(tmp_path: Path) -> None:
    run = make(tmp_path, command=(str(tmp_path),))
    assert run.ended.cause == f"the command can't start {str(tmp_path)!r}: it is a folder"


def test_a_program_that_no_checkout_has_says_what_would_be_right(tmp_path: Path) -> None:
    home = tmp_path / ".planner"
    home.mkdir()
    run = make(home, command=("./train",))
    assert run.ended.cause == (
        "the command can't start './train': there is no such file; what is compiled is not in a checkout, so "
        "let the command build it"
    )


def test_whatever_stands_between_its_metrics_a_script_is_heard(tmp_path: Path) -> None:
    text = f"""
head -c 200000 /dev/zero
printf '\\377\\376 {{"val_accuracy": 0.1}}\\n'
echo '{{"epoch": 1e400, "val_accuracy": 0.2}}'
echo '{{"epoch": "second", "val_accuracy": 0.3}}'
echo '{{"epoch": 7, "epochs": NaN, "val_accuracy": "0.4", "loss": 1e400}}'
{GOOD}
printf '{{"epoch": 2, "val_accuracy": 0.6}}'
"""
    run = shell(tmp_path, text)
    assert run.ended.status == "finished"
    told = [(epoch.epoch, epoch.metrics["val_accuracy"]) for epoch in run.epochs]
    assert told == [(1, 0.2), (2, 0.3), (7, 0.4), (1, 0.5), (2, 0.6)]
    assert run.alerts == [
        "the command calls an epoch inf; it is counted as the next one",
        "loss is inf in epoch 7",
    ]


def test_metrics_that_can_not_be_read_among_others_that_can_are_told_of_once(tmp_path: Path) -> None:
    broken = 'echo \'{"epoch": 2, "val_accuracy": 0,6}\'\n'
    run = shell(tmp_path, GOOD + broken + broken)
    assert run.ended.metrics == {"val_accuracy": 0.5}
    assert run.alerts == [
        'metrics of the command are lost: its line {"epoch": 2, "val_accuracy": 0,6} is no JSON '
        "(Expecting property name enclosed in double quotes)"
    ]


def test_what_awk_prints_of_a_loss_that_is_no_number_is_no_number(tmp_path: Path) -> None:
    run = shell(tmp_path, GOOD + 'echo \'{"epoch": 2, "val_accuracy": -nan}\'')
    assert str(run.ended.metrics["val_accuracy"]) == "nan"


def test_lines_of_a_log_and_of_batches_are_no_epochs(tmp_path: Path) -> None:
    text = f"""
echo '{{"ts": 12.5, "msg": "loading"}}'
echo '{{"step": 1, "loss": 0.9}}'
echo '{{"step": 2, "loss": 0.8}}'
{GOOD}
echo '{{"step": 3, "loss": 0.7}}'
"""
    for rung in ("check", "full"):
        run = shell(tmp_path, text, rung=rung)
        assert run.ended.status == "finished"
        assert run.epochs[0].metrics == {"step": 2, "loss": 0.8, "val_accuracy": 0.5}
    assert run.ended.metrics["loss"] == 0.7
    assert "loading" in run.folder.tail()


EVERY_FIFTH = """
for epoch in 1 2 3 4; do echo '{"epoch": '$epoch', "loss": 1, "f1": NaN}'; done
echo '{"epoch": 5, "val_accuracy": 0.5}'
"""


def test_a_metric_that_is_measured_every_few_epochs_is_waited_for(tmp_path: Path) -> None:
    assert shell(tmp_path, EVERY_FIFTH, rung="check").ended.status == "finished"


def test_what_a_script_leaves_to_report_for_it_is_not_waited_for(tmp_path: Path) -> None:
    run = shell(tmp_path, "sleep 1000 & exit 0")
    assert run.ended.cause.endswith(
        "; what it has left running was not waited for: let it wait for its children"
    )


def test_a_script_that_counts_from_zero_is_shown_from_one(tmp_path: Path) -> None:
    run = shell(tmp_path, GOOD.replace("1", "0") + GOOD)
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]


def test_nobody_waits_for_what_a_script_leaves_running(tmp_path: Path) -> None:
    run = shell(tmp_path, f"{GOOD} sleep 1000 & exit 0")
    assert run.ended.status == "finished"
    assert run.ended.seconds < 500


def test_a_script_that_hangs_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    run = shell(tmp_path, "echo loading data\nsleep 1000", silence=0.05, rung="check")
    assert run.ended.status == "failed"
    assert run.ended.cause == (
        "it reported nothing for 0.05 minutes, its last words being 'loading data'; if it may take longer, "
        "write silence = 1 under [rungs.check] in planner.toml"
    )
    assert run.code == 1


def test_a_script_that_only_floods_its_log_is_given_up_too(tmp_path: Path) -> None:
    run = shell(tmp_path, f"{GOOD} while echo y; do sleep 0.01; done", silence=0.05)
    assert run.ended.cause.startswith("it reported nothing for 0.05 minutes after epoch 1")
