import json
from pathlib import Path

import pytest

from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.imports.ideas_source import read_ideas
from planner.imports.proposal import Ideas

GOAL = Goal(metric="val_accuracy", minimum_effect=0.002)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, name: str, text: str) -> Ideas:
    (folder / name).write_text(text)
    return read_ideas(folder / name, GOAL, mapped={}, by="ana")


def test_a_list_has_titles_tags_estimates_and_hypotheses(folder: Path) -> None:
    ideas = read(
        folder,
        "ideas.md",
        "# Ideas\nprose\n\n## loss\n- [ ] label smoothing #cheap (15m, 25%)\n"
        "  The labels are noisy.\n  - so soften them\n"
        "- mixup: blend pairs of images\n* **cutmix** (2h-5h, 20-30%, +0.1pp..0.5pp, c2) #aug\n",
    )
    smoothing, mixup, cutmix = ideas.proposals
    assert (smoothing.title, smoothing.tags, smoothing.category) == ("label smoothing", ("cheap",), "loss")
    assert smoothing.hypothesis == "The labels are noisy.\n- so soften them"
    assert smoothing.estimate is not None
    assert (smoothing.estimate.hours, smoothing.estimate.likelihood) == (0.25, 0.25)
    assert (mixup.title, mixup.hypothesis, mixup.estimate) == ("mixup", "blend pairs of images", None)
    assert cutmix.title == "cutmix"
    assert cutmix.tags == ("aug",)
    assert cutmix.estimate is not None
    assert set(cutmix.estimate.ranges) == {"hours", "likelihood", "impact"}
    assert cutmix.estimate.complexity == 2


def test_checked_items_are_counted_with_all_that_is_below_them(folder: Path) -> None:
    ideas = read(folder, "ideas.md", "- [x] done\n  - [ ] a part of it\n- [ ] open\n")
    assert [one.title for one in ideas.proposals] == ["open"]
    assert ideas.skipped == {"checked off": 1}


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("- try f(x) (new)", "try f(x) (new)"),
        ("- lr: 0.1 instead of 0.01", "lr: 0.1 instead of 0.01"),
        ("- title: mixup", "mixup"),
        ("1. dropout 0.2 (see #12)", "dropout 0.2 (see #12)"),
    ],
)
def test_what_only_looks_like_an_estimate_or_a_tag_stays_in_the_title(
    folder: Path, item: str, title: str
) -> None:
    (one,) = read(folder, "ideas.md", item + "\n").proposals
    assert (one.title, one.estimate, one.tags) == (title, None, ())


def test_lines_below_an_item_may_say_fields_of_it(folder: Path) -> None:
    (one,) = read(
        folder, "ideas.md", "- mixup\n  by: bo\n  - hours: 2h\n  likelihood: 30%\n  tags: aug, cheap\n"
    ).proposals
    assert one.estimate is not None
    assert (one.estimate.by, one.estimate.hours, one.estimate.likelihood) == ("bo", 2, 0.3)
    assert (one.tags, one.hypothesis) == (("aug", "cheap"), "")


def test_an_estimate_out_of_bounds_names_its_line(folder: Path) -> None:
    (bad,) = read(folder, "ideas.md", "- fine\n- mixup (300%)\n").bad
    assert (bad.line, bad.column) == (2, "likelihood")


def test_text_without_a_list_is_refused(folder: Path) -> None:
    with pytest.raises(Mistake, match="no list of ideas"):
        read(folder, "ideas.md", "just prose\n")


def test_issues_of_gh_and_of_rest_become_ideas_without_pull_requests(folder: Path) -> None:
    issues = [
        {
            "number": 3,
            "title": "Try EMA",
            "body": "of weights",
            "labels": [{"name": "optimizer"}, {"name": "good first issue"}],
        },
        {"number": 4, "title": "A fix", "pull_request": {}},
        {"number": 5, "title": "Old", "state": "closed", "labels": []},
        {"number": 6, "title": "Broken \ud800 text\x00", "body": None, "labels": ["category: loss"]},
    ]
    ideas = read(folder, "issues.json", json.dumps(issues[:2]) + json.dumps(issues[2:]))
    ema, broken = ideas.proposals
    assert (ema.title, ema.category, ema.tags) == ("Try EMA", "optimizer", ("good-first-issue",))
    assert ema.hypothesis == "of weights\n\nGitHub issue #3"
    assert (broken.title, broken.category) == ("Broken ? text", "loss")
    assert ideas.skipped == {"pull requests": 1, "closed": 1}


@pytest.mark.parametrize("text", ["[", "[" * 100_000, '[{"number": 1}]', "[1]", '"x"'])
def test_what_is_no_json_of_issues_is_refused_in_a_sentence(folder: Path, text: str) -> None:
    with pytest.raises(Mistake, match="gh issue list --json"):
        read(folder, "issues.json", text)


def test_a_table_may_have_params_and_any_of_the_estimates(folder: Path) -> None:
    first, second = read(
        folder,
        "ideas.csv",
        'title,hours,impact,params,id\nmixup,2h-5h,+0.3pp,"alpha=0.2; p=1",\n,,,"{""lr"": 0.1}",#7\n',
    ).proposals
    assert first.estimate is not None
    assert first.estimate.ranges == {"hours": (2, 5)}
    assert first.params == {"alpha": 0.2, "p": 1}
    assert (second.id, second.params, second.estimate) == (7, {"lr": 0.1}, None)


def test_without_an_ending_the_first_sign_says_what_a_file_is(folder: Path) -> None:
    assert read(folder, "a", "- mixup\n").kind == "a list of ideas"
    assert read(folder, "b", "title,hours\n- mixup,2h\n").kind == "a table of ideas"
    assert read(folder, "c", ' [{"title": "mixup"}]').kind == "GitHub issues"
