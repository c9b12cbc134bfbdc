"""Corrections from the shell: what is said, what is shown of it, and what a script reads."""

import json
from dataclasses import replace

import pytest

from planner.domain.outcome import Baseline
from planner.store.layout import Layout
from planner.store.store import Store
from planner.workspace.learning import learn
from planner.workspace.workspace import Workspace
from tests.cli.conftest import Shell
from tests.cli.test_runs import AT, put_run
from tests.rules.scoring_facts import outcome

ENDED = "2026-11-16T09:30:00.000Z"


@pytest.fixture
def judged(shell: Shell) -> Shell:
    """A project with a win, a failure, an open idea and the runs of the win."""
    for title, chance in (("mixup", "50%"), ("cutmix", "40%"), ("warmup", "30%")):
        shell("add", title, "-l", chance, "-t", "2h", "-c", "2", "--category", "augmentation")
    put_run(shell, 1, "finished", value=0.91, seed=0)
    put_run(shell, 2, "finished", value=0.912, seed=1)
    for seed in range(3):
        put_run(shell, 3 + seed, "finished", value=0.9 + seed / 1000, seed=seed, idea=None)
    with Store(Layout(shell.folder)).transaction("put", by="test", undoable=False) as tables:
        tables.put(Baseline(version=1, params={}, at=AT))
        won = outcome(1, "improved", q=0.97, kept=True, at=ENDED, reason="improved: +2.0 MEI")
        tables.put(won)
        tables.put(outcome(2, "no gain", q=0.02, at=ENDED))
        learn(tables, Workspace(Layout(shell.folder)).settings, at=ENDED, because="a test")
    return shell


def scores(shell: Shell) -> dict[int, float]:
    return {row["id"]: row["score"] for row in shell("list", "--json").json}


def test_a_list_has_what_a_finished_idea_gained_and_no_score_of_it(judged: Shell) -> None:
    finished = next(line for line in judged("list").out.splitlines() if "mixup" in line)
    assert finished.split()[:6] == ["–", "1", "–", "–", "2.0", "–"]


def test_overruling_is_shown_everywhere_and_taken_back_restores_every_score(judged: Shell) -> None:
    before = scores(judged)
    said = judged("overrule", 1, "no", "gain", "--because", "the split leaked").out
    assert said.splitlines()[0] == "overruled the verdict on “mixup”: no gain; the seeds had said improved"
    assert "warmup" in said
    assert scores(judged) != before

    shown = judged("show", 1).out
    assert "no gain: the split leaked (overruled by ana; the seeds had said improved)" in shown
    assert "the seeds: improved: +2.0 MEI" in shown
    assert "no gain (overruled)" in judged("list").out
    facts = judged("show", 1, "--json").json["outcome"]
    assert (facts["verdict"], facts["overruled"]["verdict"]) == ("no gain", "improved")
    assert judged("list", "--json").json[-1]["outcome"]["overruled"]["by"] == "ana"
    exported = judged("export", "--format", "csv").out
    assert "improved,ana" in exported
    assert "overruled by ana" in judged("export", "--format", "md").out

    judged("overrule", 1, "--back")
    assert scores(judged) == before
    judged("overrule", 1, "worse", "--because", "the split leaked")
    judged("undo")
    assert scores(judged) == before


def test_a_correction_answers_a_script_with_the_idea_and_what_it_moved(judged: Shell) -> None:
    facts = judged("overrule", 1, "worse", "--because", "the split leaked", "--json").json
    assert (facts["id"], facts["verdict"]) == (1, "worse")
    assert [one["idea"] for one in facts["moved"]] == [3]
    assert facts["says"].startswith("overruled the verdict on “mixup”")
    refused = judged("overrule", 3, "worse", "--because", "why not", "--json", status=3)
    assert "no verdict yet" in json.loads(refused.err)["error"]


def test_a_win_is_declined_and_kept_after_all(judged: Shell) -> None:
    before = scores(judged)
    judged("decline", 1, "--because", "twice the memory")
    assert "improved, not adopted" in judged("list").out
    assert "(not adopted: twice the memory)" in judged("show", 1).out
    assert "twice the memory" in judged("export", "--format", "csv").out
    judged("decline", 1, "--back")
    assert scores(judged) == before
    judged("decline", 2, "--because", "twice the memory", status=2)


def test_an_idea_is_given_up_and_taken_up_again(judged: Shell) -> None:
    before = scores(judged)
    said = judged("give-up", 3, "--because", "no labels to be had", "--hours", "3h").out
    assert said.startswith("gave up “warmup” after 3.0 h of work: no labels to be had")
    assert "given up" in judged("list").out
    assert judged("show", 3, "--json").json["outcome"]["hours"] == 3
    assert judged("give-up", 3, "--back").out.startswith("“warmup” is open again")
    assert scores(judged) == before


def test_a_struck_run_is_marked_wherever_runs_are_shown(judged: Shell) -> None:
    before = scores(judged)
    said = judged("strike", "r1", "--because", "the disk was full").out
    assert said.startswith("struck out run r1-abcd: the disk was full\n  “mixup”")
    assert "struck out (the disk was full): val_accuracy 0.9100" in judged("runs").out
    assert judged("runs", "--idea", 1, "--json").json[-1]["struck"] == "the disk was full"
    facts = judged("strike", "r2", "--because", "too", "--json").json
    assert (facts["id"], facts["struck"]) == ("r2-abcd", "too")
    assert facts["also"] == [
        "the verdict on “mixup” is withdrawn: no seed is left to compare; it is to be tried again"
    ]
    shown = judged("show", 1).out
    assert "withdrawn, since the runs it rested on are struck out\n" in shown
    assert "before runs were struck out: improved: +2.0 MEI" in shown
    story = judged("show", 1, "--json").json
    assert (story["outcome"], story["status"]) == (None, "open")
    assert story["withdrawn"][0]["unstruck"]["verdict"] == "improved"
    judged("strike", "r1", "--back")
    judged("strike", "r2", "--back")
    assert scores(judged) == before
    judged("strike", "r9", "--because", "no reason", status=2)


@pytest.mark.parametrize(
    "words",
    [
        ("overrule", 1),
        ("overrule", 1, "worse"),
        ("overrule", 1, "worse", "--because", " "),
        ("overrule", 1, "wurse", "--because", "a reason"),
        ("overrule", 1, "worse", "--back"),
        ("decline", 1),
        ("decline", 1, "--back", "--because", "a reason"),
        ("give-up", 3, "--because", ""),
        ("give-up", 3, "--because", "a reason", "--hours", "many"),
        ("strike", "r1"),
    ],
)
def test_half_a_correction_is_refused_in_a_sentence_and_changes_nothing(
    judged: Shell, words: tuple[object, ...]
) -> None:
    before = Store(Layout(judged.folder)).read().generation
    refused = judged(*words, status=2).err
    assert refused.startswith("planner: ")
    assert len(refused.splitlines()) == 1
    assert Store(Layout(judged.folder)).read().generation == before


def test_hostile_reasons_are_shown_literally(judged: Shell) -> None:
    judged("decline", 1, "--because", "\x1b[31mred\x1b[0m =1+1 [/] <script>")
    assert "\x1b" not in judged("show", 1).out
    assert "\x1b" not in judged("export", "--format", "csv").out
    assert "<script>" not in judged("export", "--format", "html").out


def test_a_project_of_an_earlier_release_is_corrected_and_restored(judged: Shell) -> None:
    """Outcomes written before there were corrections lack their fields."""
    store = Store(Layout(judged.folder))
    with store.transaction("as it was", by="test", undoable=False) as tables:
        for number, document in tables._documents.all("outcomes").items():
            old = {name: value for name, value in document.items() if name not in NEWER}
            tables._documents.put("outcomes", number, old)
    before = scores(judged)
    judged("estimate", 3, "-l", "70%", "--by", "bo")
    judged("estimate", 3, "-l", "30%")
    known = scores(judged)
    judged("overrule", 1, "worse", "--because", "the split leaked")
    judged("overrule", 1, "--back")
    assert scores(judged) == known != before
    assert replace(store.read().outcomes[0], at="").overruled is None


NEWER = ("overruled", "declined", "given_up", "unstruck", "withdrawn", "imported", "reported_gain")
