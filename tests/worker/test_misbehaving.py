"""Scripts and loops that misbehave, and the one sentence each ends with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.worker.making import Made, make

EXAMPLE = 'for each epoch it must print a line such as {"epoch": 1, "val_accuracy": 0.5}'
GOOD = 'echo \'{"epoch": 1, "val_accuracy": 0.5}\'\n'
NOTHING = (
    "experiment:recipe ended and logged no metrics: call run.log(epoch, val_accuracy=...) after each epoch"
)
WHOLE = "it must be a whole number from 0 on"


def shell(where: Path, text: str, **asked: Any) -> Made:
    """A run of a shell script, with a log of its own."""
    path = where / "train.sh"
    path.write_text(text)
    return make(where, logged=True, **{"command": ("sh", str(path)), **asked})


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


def test_a_loop_that_hangs_is_given_up_with_the_line_it_is_at(tmp_path: Path) -> None:
    recipe = """
        import threading

        def recipe(params, run):
            run.log(1, val_accuracy=0.5)
            threading.Event().wait()
    """
    run = make(tmp_path, recipe, silence=0.05, grace=5.0)
    assert run.ended.status == "failed"
    assert run.ended.cause.startswith(
        "it reported nothing for 0.05 minutes after epoch 1, being at experiment.py:6;"
    )


def test_a_loop_that_speaks_now_and_then_is_left_alone(tmp_path: Path) -> None:
    recipe = """
        import time

        def recipe(params, run):
            for epoch in range(1, 21):
                time.sleep(0.2)
                run.log(epoch, val_accuracy=0.5)
    """
    assert make(tmp_path, recipe, silence=0.05).ended.status == "finished"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("pass", NOTHING),
        ("sys.exit()", NOTHING),
        ("run.log(1, val_accuracy=None)", "the metric val_accuracy is None; it must be a number"),
        ("run.log(1, val_accuracy=[0.5, 0])", "the metric val_accuracy is [0.5, 0]; it must be a number"),
        ("run.log(None, val_accuracy=1)", f"run.log was given the epoch None; {WHOLE}"),
        ("run.log(0.5, val_accuracy=1)", f"run.log was given the epoch 0.5; {WHOLE}"),
        ("run.log(-1, val_accuracy=1)", f"run.log was given the epoch -1; {WHOLE}"),
        ("run.log(1, 0.5)", "run.log was given 0.5 without a name: write run.log(epoch, name=...)"),
        ("run.log(1, loss=1)", "the run reports loss; planner.toml's metric val_accuracy is not among them"),
        ("yield",
         "experiment:recipe returned a generator; a recipe with its own loop returns a dict of metrics"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (experiment.py:3)"),
        ("sys.exit(3)", "the project's code ended the process itself (exit 3) (experiment.py:3)"),
        ("sys.exit('no data')", "the project's code ended the process itself: no data (experiment.py:3)"),
        ("raise ValueError('x' * 1_000_000)", f"ValueError: {'x' * 199}… (experiment.py:3)"),
        ("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})", "Odd (experiment.py:3)"),
        ("os.environ['DATA_DIR']", "the environment variable DATA_DIR is not set (experiment.py:3)"),
        ("sys.stdout.close(); sys.stderr.close(); open('no')",
         "FileNotFoundError: [Errno 2] No such file or directory: 'no' (experiment.py:3)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rung", ["check", "full"])
def test_a_loop_that_goes_wrong_says_how(tmp_path: Path, body: str, cause: str, rung: str) -> None:
    run = make(tmp_path, f"import os, sys\ndef recipe(params, run):\n    {body}", logged=True, rung=rung)
    assert (run.ended.status, run.ended.cause) == ("failed", cause)


@pytest.mark.parametrize(
    "body",
    [
        "run.log(np.int64(0), val_accuracy=np.float32(0.5))",
        "run.log(1.0, val_accuracy=np.array(0.5))",
        "run.log(1, val_accuracy=np.array([[0.5]]))",
        "run.log(1, val_accuracy=0.5); sys.exit(0)",
        "return {'val_accuracy': 0.5}",
        "os.chdir('/'); run.log(1, val_accuracy=0.5)",
        "sys.stdout.close(); run.log(1, val_accuracy=0.5, loss=float('nan'))",
        "thread = threading.Thread(target=run.log, args=(1,), kwargs={'val_accuracy': 0.5}); "
        "thread.start(); thread.join()",
        "run.log(epoch=1, val_accuracy=0.5)",
        "run.log(1, {'val_accuracy': 0.5, 'per/class': 1})",
    ],
)
def test_a_loop_may_do_it_in_its_own_way(tmp_path: Path, body: str) -> None:
    text = f"import os, sys, threading\nimport numpy as np\ndef recipe(params, run):\n    {body}"
    run = make(tmp_path, text, logged=True)
    assert (run.ended.status, run.epochs[0].epoch) == ("finished", 1)
    assert run.ended.metrics["val_accuracy"] == 0.5 or "nan" in body


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_in_a_thread_is_told_when_the_check_has_seen_enough(tmp_path: Path) -> None:
    recipe = """
        import threading

        def recipe(params, run):
            def loop():
                run.log(1, val_accuracy=0.5)

            thread = threading.Thread(target=loop)
            thread.start()
            thread.join()
            while not run.stopping:
                pass
    """
    assert make(tmp_path, recipe, rung="check", logged=True).ended.status == "finished"


POOL = """
    from multiprocessing import get_context

    def square(x):
        return x * x

    def recipe(params, run):
        for epoch in (1, 2):
            with get_context("fork").Pool(2) as pool:  # which ends its processes by SIGTERM
                run.log(epoch, val_accuracy=sum(pool.map(square, range(4))))
"""


def test_a_pool_of_processes_is_no_request_to_stop(tmp_path: Path) -> None:
    run = make(tmp_path, POOL, grace=4.0)
    assert (run.ended.status, len(run.epochs)) == ("finished", 2)


def test_a_loop_reports_from_its_own_process_alone(tmp_path: Path) -> None:
    recipe = """
        import os

        def recipe(params, run):
            child = os.fork()
            if child == 0:
                try:
                    run.log(1, val_accuracy=1.0)
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            run.log(1, val_accuracy=0.5)
    """
    run = make(tmp_path, recipe)
    assert [epoch.metrics for epoch in run.epochs] == [{"val_accuracy": 0.5}]
