"""One line captures an idea, as the command line would."""

import pytest

from planner.domain.mistake import Mistake
from planner.workspace.capture import hint, parse_capture, split
from planner.workspace.workspace import Workspace


def test_everything_that_is_no_option_is_the_title() -> None:
    said = parse_capture(
        "label smoothing 0.1 -t 15m -c 0 -i +0.3pp -l 25% --set label_smoothing=0.1 --tag loss"
    )
    assert said == {
        "title": "label smoothing 0.1",
        "hours": "15m",
        "complexity": "0",
        "impact": "+0.3pp",
        "likelihood": "25%",
        "params": ["label_smoothing=0.1"],
        "tags": ["loss"],
    }


def test_options_may_stand_anywhere_hang_together_and_repeat() -> None:
    said = parse_capture(
        "-t2h --tag=a mixup --after 3 alpha --after 4 --tag b --implemented --by bo -i -0.03"
    )
    assert said["title"] == "mixup alpha"
    assert (said["hours"], said["by"], said["impact"]) == ("2h", "bo", "-0.03")
    assert (said["tags"], said["after"], said["implemented"]) == (["a", "b"], [3, 4], True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("don't decay, can't fail", ["don't", "decay,", "can't", "fail"]),
        ('--hypothesis "a \\"b\\" c" d', ["--hypothesis", 'a "b" c', "d"]),
        ("--hypothesis='a b' c", ["--hypothesis=a b", "c"]),
        ("lr 1e-3 -> 1e-4", ["lr", "1e-3", "->", "1e-4"]),
        ("\\alpha a\\ b", ["\\alpha", "a b"]),
        ("'' a", ["", "a"]),
        ("  ", []),
    ],
)
def test_quotes_open_only_where_a_word_or_a_value_begins(line: str, words: list[str]) -> None:
    assert split(line) == words


def test_a_dash_without_a_letter_belongs_to_the_title() -> None:
    assert parse_capture("lr 1e-3 -> 1e-4 - or -5")["title"] == "lr 1e-3 -> 1e-4 - or -5"
    assert parse_capture("-t 1h -- -t is a title")["title"] == "-t is a title"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("", "needs a title"),
        ("-t 2h", "needs a title"),
        ("x --colour red", "no option '--colour'"),
        ("x -z", "no option '-z'"),
        ("x -t", "needs a value"),
        ("x --after y", "no idea"),
        ("x --after " + "9" * 5000, "no idea"),
        ("x --implemented=yes", "takes no value"),
        ('x --hypothesis "y', "never closed"),
        ("x " * 20_000, "at most"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(line: str, part: str) -> None:
    with pytest.raises(Mistake, match=part) as caught:
        parse_capture(line)
    assert "\n" not in str(caught.value)


def test_the_hint_says_what_adding_would_make_of_the_line(work: Workspace) -> None:
    said = hint("mixup -t 90m -c 1 -i 2% -l 25% --set a=0.2 --tag aug --after 3 --by bo", work.settings)
    for part in (
        "“mixup”",
        "1.5 h",
        "complexity 1",
        "2% val_accuracy",
        "25 %",
        "a = 0.2",
        "#aug",
        "after #3",
        "bo",
    ):
        assert part in said


@pytest.mark.parametrize(
    "line", ["x -t soon", "x -c 7", "x -i lots", "x -l 101%", "x --set lr", "x --run-hours x"]
)
def test_the_hint_refuses_what_adding_would_refuse(work: Workspace, line: str) -> None:
    with pytest.raises(Mistake):
        hint(line, work.settings)
    with pytest.raises(Mistake):
        work.ideas.add(**parse_capture(line))


def test_ranges_are_told_with_the_middle_that_is_reckoned_with(work: Workspace) -> None:
    line = "mixup -t 2-5h -c 1-3 -i 0.1-0.5pp -l 10-30%"
    assert hint(line, work.settings) == (
        "“mixup” · 2–5 (middle 3.2) h to implement · complexity 1–3 (middle 2) · "
        "0.1-0.5pp val_accuracy · chance 10–30 (middle 18) %"
    )
    assert work.ideas.add(**parse_capture(line)).estimates["ana"].ranges["hours"] == (2, 5)
    with pytest.raises(Mistake, match="upside down"):
        hint("mixup -t 5-2h", work.settings)
