"""Capturing, listing, showing, changing and placing ideas."""

import json

import pytest

from planner.domain.idea import CATEGORIES
from tests.cli.conftest import Shell


def test_one_line_captures_everything(shell: Shell) -> None:
    shell("add", "a first one")
    idea = shell(
        *("add", "label smoothing 0.1", "-t", "15m", "-c", 0, "-i", "+0.3pp", "-l", "25%"),
        *("--set", "label_smoothing=0.1", "--set", "mode=soft", "--tag", "loss", "--tag", "cheap"),
        *("--category", "loss", "--hypothesis", "softer targets", "--ref", "smooth", "--after", 1, "--json"),
    ).json
    assert (idea["id"], idea["title"], idea["category"], idea["tags"]) == (
        2,
        "label smoothing 0.1",
        "loss",
        ["loss", "cheap"],
    )
    assert idea["change"]["params"] == {"label_smoothing": 0.1, "mode": "soft"}
    assert idea["change"]["ref"] == "smooth"
    assert (idea["after"], idea["hypothesis"], idea["status"]) == ([1], "softer targets", "ready")
    said = idea["estimates"]["ana"]
    assert (said["hours"], said["complexity"], said["relative"], said["likelihood"]) == (0.25, 0, False, 0.25)
    assert said["impact"] == pytest.approx(0.003)
    assert idea["assumed"] == []


def test_a_title_needs_no_quotes(shell: Shell) -> None:
    assert (
        shell("add", "smaller", "batch", "size", "-t", "1h", "--json").json["title"] == "smaller batch size"
    )


def test_where_less_is_better_the_impact_is_a_fall(empty: Shell) -> None:
    empty("init", "--metric", "val_loss")
    assert empty("add", "an idea", "-i", "-0.03", "--json").json["estimates"]["ana"]["impact"] == -0.03


def test_add_says_what_the_planner_assumes(shell: Shell) -> None:
    first, second = shell("add", "an idea", "-i", "+1pp").out.splitlines()
    assert first.startswith("#1 “an idea” · ")
    assert first.endswith("MEI per 100 h")
    assert second.strip() == "nobody has said hours (2 h), complexity (1), likelihood (base rate 17 %)"


def test_an_idea_estimated_in_full_takes_one_line(shell: Shell) -> None:
    assert len(shell("add", "an idea", "-t", "1h", "-c", 0, "-i", "+1pp", "-l", "20%").out.splitlines()) == 1


def test_added_and_listed_an_idea_has_the_same_shape(shell: Shell) -> None:
    added = shell("add", "an idea", "-t", "2h", "--json").json
    (listed,) = shell("list", "--json").json
    assert added | {"rank": 1} == listed


@pytest.mark.parametrize(
    "words",
    [
        ["-t", "soon"],
        ["-c", "9"],
        ["-i", "much"],
        ["-l", "150%"],
        ["--set", "lr"],
        ["--after", "5"],
        ["--ref", "-x"],
    ],
)
def test_what_cannot_be_understood_is_named_and_nothing_is_added(shell: Shell, words: list[str]) -> None:
    answer = shell("add", "an idea", *words, status=2)
    assert answer.err.count("\n") == 1
    assert shell("list", "--json").json == []


def test_the_list_is_ranked_and_its_terms_make_the_score(shell: Shell) -> None:
    shell("add", "slow", "-t", "40h", "-i", "+0.5pp", "-l", "30%")
    shell("add", "quick", "-t", "1h", "-i", "+0.5pp", "-l", "30%")
    ideas = shell("list", "--json").json
    assert [(idea["title"], idea["rank"]) for idea in ideas] == [("quick", 1), ("slow", 2)]
    for idea in ideas:
        product = 1.0
        for factor in idea["terms"]["product"]:
            product *= factor["calibrated"]
        assert product == pytest.approx(idea["score"])
        assert sum(idea["terms"]["hours"]["parts"].values()) == pytest.approx(idea["terms"]["hours"]["used"])


def test_the_list_filters_by_status_tag_and_category(shell: Shell) -> None:
    shell("add", "one", "--tag", "a", "--tag", "b", "--category", "loss", "--set", "x=1")
    shell("add", "two", "--tag", "a")
    shell("add", "three")
    shell("park", 3)

    def titles(*words: str) -> list[str]:
        return [idea["title"] for idea in shell("list", "--json", *words).json]

    assert titles("--tag", "a", "--tag", "b") == ["one"]
    assert titles("--status", "ready") == ["one"]
    assert titles("--status", "parked", "--status", "open") == ["two", "three"]
    assert titles("--category", "loss") == ["one"]
    assert len(titles("--limit", "2")) == 2


def test_dropped_ideas_are_shown_when_asked_for(shell: Shell) -> None:
    shell("add", "one")
    shell("add", "two")
    shell("drop", 2)
    assert len(shell("list", "--json").json) == 1
    assert len(shell("list", "--json", "--all").json) == 2
    assert [idea["id"] for idea in shell("list", "--json", "--status", "dropped").json] == [2]


def test_no_ideas_is_an_empty_list_and_no_failure(shell: Shell) -> None:
    assert shell("list", "--json").json == []
    assert "planner add" in shell("list").err


def test_the_table_fits_the_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("add", "word " * 50)
    shell("add", "標題" * 40)
    for columns in (40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = shell("list").out.splitlines()
        assert len(lines) == 3
        assert all(len(line) + sum(ord(sign) > 0x2E80 for sign in line) <= columns for line in lines)


def test_an_idea_is_shown_with_why_it_stands_where_it_stands(shell: Shell) -> None:
    shell("add", "an idea", "-l", "30%", "--hypothesis", "because", "--tag", "t", "--set", "lr=0.1")
    shell("estimate", 1, "-l", "20%")
    out = shell("show", 1).out
    for part in ("rank 1", "chance", "gain", "hours", "would change it", "because", "lr = 0.1", "ana says"):
        assert part in out
    assert "chance 30 %" in out, "an estimate that was replaced stays in the history"


def test_show_json_has_runs_outcomes_and_revisions(shell: Shell) -> None:
    shell("add", "an idea")
    idea = shell("show", 1, "--json").json
    assert (idea["runs"], idea["outcome"], idea["outcomes"], idea["revisions"]) == ([], None, [], [])


def test_an_edit_changes_what_is_given_and_leaves_the_rest(shell: Shell) -> None:
    shell("add", "an idea", "--tag", "a", "--set", "lr=0.1", "--ref", "branch")
    idea = shell("edit", 1, "--title", "a better idea", "--ref", "", "--json").json
    assert (idea["title"], idea["tags"], idea["change"]["ref"]) == ("a better idea", ["a"], None)
    assert idea["change"]["params"] == {"lr": 0.1}
    assert shell("edit", 1, "--tag", "", "--json").json["tags"] == []
    assert shell("edit", 1, "--implemented", "--json").json["change"]["implemented"] is True


def test_an_edit_of_nothing_is_misuse(shell: Shell) -> None:
    shell("add", "an idea")
    assert "nothing to change" in shell("edit", 1, status=2).err
    assert "nothing to estimate" in shell("estimate", 1, status=2).err


def test_colleagues_estimate_too(shell: Shell) -> None:
    shell("add", "an idea", "-l", "50%")
    idea = shell("estimate", 1, "--by", "bo", "-l", "10%", "-t", "1.5d", "--json").json
    assert idea["estimates"]["bo"]["hours"] == 12
    assert idea["estimates"]["ana"]["likelihood"] == 0.5
    assert 0.1 < idea["terms"]["chance"]["raw"] < 0.5


def test_several_ideas_are_placed_at_once(shell: Shell) -> None:
    for title in ("one", "two", "three"):
        shell("add", title)
    assert [idea["status"] for idea in shell("park", 1, 3, "--json").json] == ["parked", "parked"]
    assert "restored #1" in shell("restore", 1, 3).out


def test_an_idea_is_kept_as_it_is_and_undo_takes_that_back(shell: Shell) -> None:
    shell("add", "one")
    assert "kept #1" in shell("keep", 1).out
    assert "undone: keep #1 “one”" in shell("undo").out


def test_one_refusal_does_not_keep_the_others_from_it(shell: Shell) -> None:
    shell("add", "one")
    shell("add", "two")
    shell("park", 1)
    answer = shell("park", 1, 2, 9, "--json", status=3)
    assert [idea["id"] for idea in answer.json] == [2]
    assert ["error" in json.loads(line) for line in answer.err.splitlines()] == [True, True]


def test_what_is_done_already_is_exit_3(shell: Shell) -> None:
    shell("add", "one")
    shell("park", 1)
    assert "parked already" in shell("park", 1, status=3).err


def test_the_timer_adds_hours(shell: Shell) -> None:
    shell("add", "one")
    assert shell("start", 1, "--json").json["timer_since"]
    shell("start", 1, status=3)
    assert shell("stop", 1, "--json").json["timer_since"] is None
    shell("stop", 1, status=3)
    idea = shell("stop", 1, "--hours", "2h", "--implemented", "--json").json
    assert idea["spent_hours"] == pytest.approx(2, abs=0.1)
    assert idea["status"] == "ready"


def test_changes_are_undone_and_redone(shell: Shell) -> None:
    shell("add", "one")
    shell("add", "two")
    assert shell("undo", 2, "--json").json == {"undone": ["add #2 “two”", "add #1 “one”"], "stays": []}
    assert shell("list", "--json").json == []
    assert shell("redo").out == "redone: add #1 “one”\n"
    assert len(shell("list", "--json").json) == 1
    shell("redo", 5)
    assert shell("redo", status=3).err.count("\n") == 1


def test_next_answers_what_to_run_and_what_to_implement(shell: Shell) -> None:
    shell("next", status=3)
    assert shell("next", "--json", status=3).json == {
        "run": None,
        "implement": None,
        "stop": None,
        "timers": [],
    }
    shell("add", "ready one", "--set", "lr=0.1")
    shell("add", "open one")
    answer = shell("next", "--json").json
    assert (answer["run"]["title"], answer["implement"]["title"]) == ("ready one", "open one")
    assert answer["run"]["cost"]["human_hours"] == 0
    assert answer["run"]["cost"]["gpu_hours"] > 0
    assert answer["implement"]["cost"]["human_hours"] > 0
    assert any("would change it" in line for line in answer["run"]["why"])
    out = shell("next").out
    assert "planner dispatch 1" in out
    assert "planner start 2" in out


def test_next_passes_over_what_comes_after_something_undecided(shell: Shell) -> None:
    shell("add", "open one")
    shell("add", "later one", "--after", 1, "-t", "5m", "-i", "+5pp", "-l", "90%")
    assert shell("next", "--json").json["implement"]["title"] == "open one"


def test_a_category_of_ones_own_is_fine(shell: Shell) -> None:
    assert "sparsity" not in CATEGORIES
    assert shell("add", "one", "--category", "Sparsity", "--json").json["category"] == "sparsity"
