"""Undo and redo of every verb, over restarts, past runs and verdicts, with words that name what moved."""

from __future__ import annotations

import copy
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.dispatcher.climb import climb
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.rules.learning.calibrate import calibrate
from planner.store.layout import Layout
from planner.workspace.learning import learn
from planner.workspace.project import Project
from planner.workspace.records import calibrate_now
from planner.workspace.workspace import Workspace
from tests.drills.figure import Figure
from tests.projects import make_project, workspace
from tests.rules.scoring_facts import outcome
from tests.workspace.test_corrections import learned, scores

Do = Callable[[Workspace], object]


def now(work: Workspace) -> Ledger:
    """Everything decided, whatever number of writes it took."""
    return replace(work.project.store.read(), generation=0)


def again(work: Workspace) -> Workspace:
    """The same project after a restart."""
    return Workspace(work.layout, now=work.project.now, who=work.project.who)


def tick(work: Workspace) -> None:
    """What the dispatcher decides by itself: runs are queued, and ideas settled or halted."""
    climb(Project(work.layout, work.project.now, "dispatcher"))


def queued(work: Workspace) -> list[Run]:
    return [run for run in now(work).runs.values() if run.status == "queued"]


def become(work: Workspace, run: Run, **fields: object) -> None:
    """Let a run go on as the dispatcher writes it down."""
    with work.project.store.transaction(f"run {run.id}", by="dispatcher", undoable=False) as tables:
        current = tables.get(Run, run.id)
        assert current is not None
        tables.put(replace(current, **fields))  # type: ignore[arg-type]  # fields of a run by name


def begin(work: Workspace, run: Run) -> None:
    become(work, run, status="running", started_at=work.project.now(), waits="")


def finish(work: Workspace, run: Run, value: float) -> None:
    at = work.project.now()
    become(work, run, status="finished", started_at=at, ended_at=at, value=value, hours=0.5, waits="")


def land(work: Workspace, found: Outcome) -> None:
    """Let an outcome land as the dispatcher does."""
    landed = replace(found, at=work.project.now())
    with work.project.store.transaction("verdict", by="dispatcher", undoable=False) as tables:
        tables.put(landed)
        if landed.verdict != "invalid":
            learn(tables, work.settings, at=landed.at, because="it landed", outcome_of=landed.idea)


def to_verdict(work: Workspace, lift: float = 0.02) -> None:
    """Let every dispatched idea climb to its verdict: its runs bring `lift`, the baseline's nothing."""
    while any(idea.dispatch and not idea.dispatch.halted for idea in now(work).ideas.values()):
        tick(work)
        for run in queued(work):
            finish(work, run, 0.9 + (lift if run.idea else 0.0) + run.seed / 5000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A project with a verdict, and with something to import; every test has a copy of its own."""
    work = workspace(make_project(tmp_path_factory.mktemp("made") / "project"))
    work.ideas.add("mixup", likelihood="50%", hours="2h", params=["lift=0.02"], category="augmentation")
    work.ideas.add("cutmix", likelihood="40%", hours="3h", params=["lift=0.03"], category="augmentation")
    work.ideas.add("label smoothing", params=["smooth=0.1"])
    work.ideas.add("mixture of experts")
    work.ideas.park(4)
    work.queue.dispatch([1])
    to_verdict(work)
    assert [one.verdict for one in now(work).outcomes] == ["improved"]
    (work.layout.project / "log.csv").write_text("idea,val_accuracy\nbaseline,0.90\nwarmup,0.91\nema,0.89\n")
    (work.layout.project / "ideas.md").write_text("- cutout (2h)\n- weight decay\n")
    return work


@pytest.fixture
def busy(made: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(made.layout.project, tmp_path / "busy")
    return Workspace(Layout(tmp_path / "busy"), now=copy.deepcopy(made.project.now), who="ana")


def full_run(work: Workspace) -> str:
    return next(run.id for run in now(work).runs.values() if run.idea == 1 and run.rung == "full")


VERBS: dict[str, tuple[Do, str]] = {
    "add": (lambda w: w.ideas.add("ema"), "add #5 “ema”"),
    "retitle": (
        lambda w: w.ideas.edit(3, title="smoothing", tags=["loss"]),
        "edit #3 “label smoothing”: title “label smoothing” → “smoothing”, tags loss",
    ),
    "params": (
        lambda w: w.ideas.edit(3, params=["smooth=0.2", "eps=1"]),
        "edit #3 “label smoothing”: smooth 0.1 → 0.2, eps 1",
    ),
    "ref": (
        lambda w: w.ideas.edit(2, ref="cutmix", hypothesis="it blends", category="loss", run_hours="2h"),
        "edit #2 “cutmix”: hypothesis, category augmentation → loss, ref cutmix, run hours 2h",
    ),
    "estimate": (
        lambda w: w.ideas.estimate(2, hours="4h", likelihood="20%"),
        "estimate #2 “cutmix”: hours 3h → 4h, likelihood 40% → 20%",
    ),
    "estimate of another": (
        lambda w: w.ideas.estimate(2, by="bo", impact="+0.3pp", complexity="2"),
        "estimate by bo of #2 “cutmix”: complexity 2, impact +0.003",
    ),
    "range": (
        lambda w: w.ideas.estimate(2, hours="2h-8h"),
        "estimate #2 “cutmix”: hours 3h → 2h-8h",
    ),
    "nudge": (lambda w: w.ideas.nudge(2, "hours", 1), "raise #2 “cutmix”: hours 3h → 3.75h"),
    "nudge down": (
        lambda w: w.ideas.nudge(2, "likelihood", -1),
        "lower #2 “cutmix”: likelihood 40% → 35%",
    ),
    "start": (lambda w: w.ideas.start_timer(3), "start the timer of #3 “label smoothing”"),
    "stop": (
        lambda w: w.ideas.stop_timer(3, hours="90m"),
        "add to the hours of #3 “label smoothing”: hours spent 1.5h",
    ),
    "spent": (
        lambda w: w.ideas.set_spent(1, "3h"),
        "say what was spent on #1 “mixup”: hours spent 3h",
    ),
    "park": (lambda w: w.ideas.park(2), "park #2 “cutmix”"),
    "restore": (lambda w: w.ideas.restore(4), "restore #4 “mixture of experts”"),
    "drop": (lambda w: w.ideas.drop(2), "drop #2 “cutmix”"),
    "keep": (lambda w: w.ideas.keep(2), "keep #2 “cutmix”"),
    "dispatch": (lambda w: w.queue.dispatch([2, 3]), "dispatch #2 “cutmix”, #3 “label smoothing”"),
    "overrule": (
        lambda w: w.corrections.overrule(1, "worse", "the split leaked"),
        "overrule the verdict on #1 “mixup”: improved → worse",
    ),
    "overrule as invalid": (
        lambda w: w.corrections.overrule(1, "invalid", "the split leaked"),
        "overrule the verdict on #1 “mixup”: improved → invalid",
    ),
    "decline": (lambda w: w.corrections.decline(1, "memory"), "decline #1 “mixup”"),
    "give up": (
        lambda w: w.corrections.give_up(3, "no labels", hours="2h"),
        "give up #3 “label smoothing”",
    ),
    "strike": (
        lambda w: w.corrections.strike(full_run(w), "the disk was full"),
        "strike out run {run} of #1 “mixup”",
    ),
    "calibrate": (lambda w: calibrate_now(w.project), "calibrate anew: no score moved"),
    "import history": (
        lambda w: w.import_history(w.layout.project / "log.csv"),
        "import log.csv: 2 new ideas, 2 outcomes",
    ),
    "import ideas": (
        lambda w: w.import_ideas(w.layout.project / "ideas.md"),
        "import ideas of ideas.md: 2 new ideas, 1 estimate",
    ),
}
"""Everything a person can do to the store, and what undo says of it."""


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_undone_and_redone_exactly_over_restarts_in_words_that_name_it(
    verb: str, busy: Workspace
) -> None:
    do, says = VERBS[verb]
    expected = says.format(run=full_run(busy))
    before, score = now(busy), scores(busy)
    do(busy)
    after = now(busy)
    assert after != before
    assert again(busy).undo() == [expected]
    assert (now(again(busy)), scores(busy)) == (before, score)
    assert again(busy).redo() == [expected]
    assert now(again(busy)) == after
    again(busy).undo()
    assert now(again(busy)) == before


BACK: dict[str, tuple[Do, Do]] = {
    "overrule": (
        lambda w: w.corrections.overrule(1, "worse", "it leaked"),
        lambda w: w.corrections.overrule_back(1),
    ),
    "decline": (lambda w: w.corrections.decline(1, "memory"), lambda w: w.corrections.decline_back(1)),
    "give up": (lambda w: w.corrections.give_up(3, "no data"), lambda w: w.corrections.give_up_back(3)),
    "strike": (
        lambda w: w.corrections.strike(full_run(w), "full disk"),
        lambda w: w.corrections.strike_back(full_run(w)),
    ),
}


@pytest.mark.parametrize("verb", BACK)
def test_taking_a_correction_back_is_itself_undone_and_redone(verb: str, busy: Workspace) -> None:
    do, back = BACK[verb]
    before, score = now(busy), scores(busy)
    do(busy)
    corrected = now(busy)
    back(busy)
    assert scores(busy) == score
    taken = now(busy)
    busy.undo()
    assert now(busy) == corrected
    busy.redo()
    assert now(busy) == taken
    busy.undo(2)
    assert now(busy) == before


def random_verbs(work: Workspace, chance: random.Random, count: int) -> int:
    """Do verbs at random, those that apply; answers how many changed something."""
    done = 0
    for _ in range(count):
        do, _says = VERBS[chance.choice(sorted(VERBS))]
        before = work.project.store.read().generation
        try:
            do(work)
        except Mistake:
            continue
        done += work.project.store.read().generation > before
    return done


def test_any_mixture_of_verbs_is_walked_back_to_the_first_ledger_and_forth_again(
    busy: Workspace, publish: Callable[[Figure], None]
) -> None:
    tried = held = 0
    for seed in range(5):
        chance = random.Random(seed)
        first = now(busy)
        states = [first]
        for _ in range(12):
            if random_verbs(busy, chance, 1):
                states.append(now(busy))
        work, place = again(busy), len(states) - 1
        while place:
            step = min(place, chance.choice([1, 1, 2, 3]))
            place -= len(work.undo(step))
            tried, held = tried + 1, held + (now(work) == states[place])
            if chance.random() < 0.3 and place < len(states) - 1:
                place += len(work.redo())
                tried, held = tried + 1, held + (now(work) == states[place])
        work.redo(len(states))
        tried, held = tried + 1, held + (now(again(busy)) == states[-1])
        work.undo(len(states) - 1)
        assert now(again(busy)) == first
    publish(Figure(what="undo and redo of random verbs, exact ledger", tried=tried, held=held))


# -- somebody else -----------------------------------------------------------------------------------


def test_a_change_of_somebody_else_is_named_as_theirs_and_ones_own_comes_after_it(work: Workspace) -> None:
    bo = Workspace(work.layout, now=work.project.now, who="bo")
    work.ideas.add("mixup", hours="2h")
    work.ideas.estimate(1, hours="4h")
    bo.ideas.estimate(1, likelihood="20%")
    assert work.undo() == ["estimate #1 “mixup”: likelihood 20% (by bo)"]
    assert work.undo() == ["estimate #1 “mixup”: hours 2h → 4h"]
    assert list(now(work).ideas[1].estimates) == ["ana"]
    assert bo.redo(2) == [
        "estimate #1 “mixup”: hours 2h → 4h (by ana)",
        "estimate #1 “mixup”: likelihood 20%",
    ]


def test_hostile_titles_and_values_are_named_without_control_characters(work: Workspace) -> None:
    work.ideas.add("a\x1b[2J\u202eb [/] " + "x" * 200, params=["lr=0.1"])
    work.ideas.edit(1, params=["lr=\x1b]0;owned\x07" + "y" * 500], ref="\u202emain")
    (said,) = work.undo()
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert len(said) < 400
    assert "lr 0.1 → " in said


# -- dispatch ----------------------------------------------------------------------------------------


def test_a_dispatch_whose_runs_still_wait_is_undone_with_them_freeze_and_all(work: Workspace) -> None:
    work.ideas.add("mixup", likelihood="50%", params=["lift=0.02"])
    work.ideas.add("mixture of experts")
    before = now(work)
    work.queue.dispatch([1, 2], implemented=True)
    after = now(work)
    tick(work)
    become(work, queued(work)[0], waits="waits for a free slot")
    assert [run.idea for run in queued(work)] == [1, 2]
    assert again(work).undo() == ["dispatch #1 “mixup”, #2 “mixture of experts”"]
    assert now(work) == before
    assert again(work).redo() == ["dispatch #1 “mixup”, #2 “mixture of experts”"]
    assert now(work) == after
    tick(work)
    assert len(queued(work)) == 2


@pytest.mark.parametrize("status", ["running", "finished", "failed", "crashed", "stopped"])
def test_a_dispatch_with_a_run_that_has_begun_is_refused_in_a_sentence(status: str, work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    become(work, run, status=status, started_at=work.project.now())
    before = now(work)
    with pytest.raises(Mistake) as refused:
        work.undo()
    said = str(refused.value)
    assert said.startswith(f"dispatch #1 “mixup” is not undone: its run {run.id} has ")
    way = f"`planner stop-run {run.id}`" if status == "running" else "`planner runs --idea 1`"
    assert way in said
    assert now(work) == before


def test_the_refusal_names_the_run_of_the_baseline_where_the_idea_waits_for_it(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    finish(work, queued(work)[0], 0.9)
    tick(work)
    (baseline,) = queued(work)
    begin(work, baseline)
    with pytest.raises(Mistake, match=f"has finished; `planner stop-run {baseline.id}` ends it there"):
        work.undo()


def test_a_queued_run_that_has_a_worker_has_begun(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    folder = work.layout.run(run.id)
    folder.path.mkdir(parents=True)
    folder.claim.write_text("{}")
    with pytest.raises(Mistake, match=f"its run {run.id} has begun"):
        work.undo()


def test_a_dispatch_that_was_stopped_is_passed_over_and_said_to_stay(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.ideas.estimate(1, hours="2h")
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    begin(work, run)
    work.queue.stop(run.id)
    become(work, run, status="stopped")
    tick(work)
    assert now(work).ideas[1].dispatch.halted  # type: ignore[union-attr]  # it was dispatched
    done = work.history.undo()
    assert done.says == ("estimate #1 “mixup”: hours 2h",)
    assert done.stays == (
        f"run {run.id} was asked to stop; `planner requeue {run.id}` lets it go on",
        f"stays: dispatch #1 “mixup” (its run {run.id} has been stopped)",
    )
    with pytest.raises(NothingToDo, match="there is nothing to undo"):
        work.undo()
    assert work.redo() == ["estimate #1 “mixup”: hours 2h"]


def test_what_others_build_on_stays_when_a_dispatch_is_undone(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.ideas.add("cutmix", params=["lift=0.03"])
    work.queue.dispatch([1])
    work.queue.dispatch([2])
    tick(work)
    second = next(run for run in queued(work) if run.idea == 2)
    begin(work, second)
    work.queue.stop(second.id)
    become(work, second, status="stopped")
    tick(work)
    assert work.undo() == ["dispatch #1 “mixup”"]
    after = now(work)
    assert [baseline.version for baseline in after.baselines] == [1]
    assert after.calibration.number == 1
    assert (after.ideas[1].dispatch, after.ideas[1].frozen) == (None, None)
    assert queued(work) == []
    work.redo()
    assert now(work).ideas[1].dispatch is not None
    tick(work)
    assert [run.idea for run in queued(work)] == [1]


def test_the_runs_of_the_baseline_leave_the_queue_with_the_last_idea_that_needs_them(
    work: Workspace,
) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=[f"lift=0.0{number}"])
    work.queue.dispatch([1])
    tick(work)
    finish(work, queued(work)[0], 0.9)
    tick(work)
    (baseline,) = queued(work)
    assert baseline.idea is None
    work.queue.dispatch([2])
    tick(work)
    work.undo()
    assert queued(work) == [baseline]


# -- the queue ---------------------------------------------------------------------------------------


def test_a_run_taken_out_of_the_queue_comes_back_and_its_idea_climbs_on(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    before = now(work)
    (run,) = queued(work)
    work.queue.stop(run.id)
    tick(work)
    assert now(work).ideas[1].dispatch.halted  # type: ignore[union-attr]  # it was dispatched
    says = f"take run {run.id} (check, seed 0) out of the queue"
    assert again(work).undo() == [says]
    assert now(work) == before
    become(work, run, waits="waits for a free slot")
    assert again(work).redo() == [says]
    assert now(work).runs[run.id].status == "stopped"
    again(work).undo()
    assert again(work).undo() == ["dispatch #1 “mixup”"]
    assert now(work).runs == {}


def test_a_run_that_nobody_waits_for_any_more_stays_out_of_the_queue(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    tick(work)
    (run,) = queued(work)
    work.queue.stop(run.id)
    tick(work)
    work.queue.requeue(run.id)
    to_verdict(work)
    done = work.history.undo
    with pytest.raises(NothingToDo, match=r"nothing to undo; the verdict on #1 “mixup” stays: improved"):
        done()
    assert now(work).runs[run.id].status == "stopped"


def test_a_place_in_the_queue_is_given_back(work: Workspace) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=[f"lift=0.0{number}"])
    work.queue.dispatch([1, 2])
    tick(work)
    before = now(work)
    first = queued(work)[0]
    work.queue.move(first.id, 1)
    assert work.undo() == [f"move run {first.id} down the queue"]
    assert now(work) == before


def test_letting_dispatch_go_on_is_undone_until_it_has_been_paused_again(work: Workspace) -> None:
    pause = "r1 vanished"

    def paused(reason: str | None) -> None:
        with work.project.store.transaction("pause", by="dispatcher", undoable=False) as tables:
            tables.set_paused(reason)

    paused(pause)
    work.queue.resume()
    assert now(work).paused is None
    assert work.undo() == ["let dispatch go on"]
    assert now(work).paused == pause
    work.redo()
    paused("r2 vanished")
    with pytest.raises(NothingToDo, match=r"stays: let dispatch go on \(dispatch has been paused again\)"):
        work.undo()


# -- verdicts ----------------------------------------------------------------------------------------


def test_undo_after_a_verdict_says_what_it_took_back_and_how_the_verdict_is(busy: Workspace) -> None:
    busy.ideas.edit(2, title="cut mix")
    busy.queue.dispatch([2])
    to_verdict(busy)
    done = busy.history.undo()
    assert done.says == ("edit #2 “cutmix”: title “cutmix” → “cut mix”",)
    assert done.stays[0] == (
        "the verdict on #2 “cutmix” stays: improved; "
        "`planner overrule 2 invalid` takes back what it did to the scores"
    )
    assert len(now(busy).outcomes) == 2


def test_an_idea_that_has_been_tried_is_not_taken_away(busy: Workspace) -> None:
    busy.undo(4)  # parking it, and the three that were never tried
    with pytest.raises(NothingToDo, match="nothing to undo; the verdict on #1 “mixup” stays: improved"):
        busy.undo()
    assert list(now(busy).ideas) == [1]


@pytest.mark.parametrize("verdict", ["improved", "no gain", "worse", "inconclusive"])
def test_what_a_verdict_did_to_the_scores_is_taken_back_bit_for_bit_and_that_is_undone(
    verdict: str, busy: Workspace
) -> None:
    before, score = now(busy), scores(busy)
    land(busy, outcome(2, verdict, q=0.6))  # type: ignore[arg-type]  # one of the verdicts
    after = now(busy)
    assert scores(busy) != score
    busy.ideas.estimate(3, likelihood="30%")
    busy.undo()
    busy.corrections.overrule(2, "invalid", "the validation split leaked")
    assert scores(busy) == score
    assert learned(now(busy).calibration) == learned(before.calibration)
    busy.undo()
    assert now(busy) == after
    busy.redo()
    assert scores(busy) == score
    busy.corrections.overrule_back(2)
    assert learned(now(busy).calibration) == learned(after.calibration)
    assert now(busy).outcomes == after.outcomes


def test_what_runs_taught_beside_goes_with_their_verdict(busy: Workspace) -> None:
    busy.ideas.estimate(3, impact="2%", likelihood="30%")
    score = scores(busy)
    busy.queue.dispatch([2])
    to_verdict(busy, lift=-0.02)
    assert scores(busy)[3] != score[3]
    busy.corrections.overrule(2, "invalid", "the validation split leaked")
    assert scores(busy) == score
    busy.corrections.overrule_back(2)
    assert scores(busy)[3] != score[3]


def test_an_invalid_verdict_moved_no_score_and_another_one_is_said_over_it(busy: Workspace) -> None:
    score = scores(busy)
    busy.ideas.keep(3)
    land(busy, outcome(2, "invalid", reason="a bug"))
    assert scores(busy) == score
    done = busy.history.undo()
    assert done.says == ("keep #3 “label smoothing”",)
    assert done.stays == (
        "the verdict on #2 “cutmix” stays: invalid, which moves no score; "
        "`planner overrule 2 VERDICT` says another",
    )
    before = now(busy)
    busy.corrections.overrule(2, "worse", "it was no bug")
    busy.undo()
    assert now(busy) == before


CORRECTIONS = {name: VERBS[name] for name in ("overrule", "decline", "give up", "strike", "spent")}


@pytest.mark.parametrize("verb", CORRECTIONS)
def test_a_correction_is_undone_after_a_later_outcome_and_all_is_learned_anew(
    verb: str, busy: Workspace
) -> None:
    do, says = CORRECTIONS[verb]
    expected = says.format(run=full_run(busy))
    before = now(busy)
    do(busy)
    land(busy, outcome(2, "no gain", q=0.1))
    after = now(busy)
    done = busy.history.undo()
    assert done.says == (expected,)
    assert len(done.stays) == 1
    undone = now(busy)
    assert undone.outcomes[: len(before.outcomes)] == before.outcomes
    assert undone.ideas == before.ideas
    fresh = calibrate(undone, busy.settings, at="", because="")
    assert learned(undone.calibration) == learned(fresh)
    assert undone.calibration.because.startswith(f"undo: {expected}")
    again(busy).redo()
    redone = now(busy)
    assert (redone.outcomes, redone.ideas) == (after.outcomes, after.ideas)
    assert learned(redone.calibration) == learned(after.calibration)


def test_an_older_calibration_that_was_asked_for_is_passed_over(busy: Workspace) -> None:
    busy.ideas.estimate(3, likelihood="30%")
    calibrate_now(busy.project)
    land(busy, outcome(2, "no gain", q=0.1))
    calibration = now(busy).calibration
    done = busy.history.undo()
    assert done.says == ("estimate #3 “label smoothing”: likelihood 30%",)
    assert "stays: calibrate anew: 2 scores moved (more has been learned since)" in done.stays
    assert now(busy).calibration == calibration


# -- a real store, many times ------------------------------------------------------------------------


def test_nothing_is_undone_in_a_new_project() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = workspace(make_project(Path(folder) / "project"))
        for verb in (work.undo, work.redo):
            with pytest.raises(NothingToDo, match="there is nothing to"):
                verb()
