"""The loop, with real worker processes and a recipe that needs no Keras."""

import os
import signal
from pathlib import Path

import pytest

from planner.dispatcher.dispatcher import Dispatcher
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.store.runfolder import RunFolder
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry, tick_until
from tests.projects import commit, git
from tests.workspace.paper_runs import PaperExecutor, PaperJob, end


def outcome(work: Workspace, idea: int) -> Outcome:
    return next(outcome for outcome in work.view().ledger.outcomes if outcome.idea == idea)


def test_an_idea_climbs_from_check_to_its_verdict_and_the_scores_move(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    work.ideas.add("mixup", likelihood="50%", hours="1h", category="augmentation", params=["lift=0.02"])
    work.ideas.add("cutmix", likelihood="40%", hours="1h", category="augmentation", params=["lift=0.03"])
    work.queue.dispatch([1])
    run_dry(dispatcher)

    runs = list(work.view().ledger.runs.values())
    assert [(run.idea, run.rung, run.seed, run.status) for run in runs[:4]] == [
        (1, "check", 0, "finished"),
        (None, "full", 0, "finished"),
        (None, "full", 1, "finished"),
        (None, "full", 2, "finished"),
    ]
    assert {(run.idea, run.rung) for run in runs[4:]} == {(1, "full")}

    verdict = outcome(work, 1)
    assert verdict.verdict == "improved"
    assert verdict.evidence is not None
    assert verdict.evidence.effect == pytest.approx(10, abs=1)
    assert verdict.worth is not None
    moved = [revision for revision in work.view().ledger.revisions if revision.outcome_of == 1]
    assert [revision.idea for revision in moved] == [2]
    assert work.view().ledger.calibration.outcomes == 1


def test_an_idea_that_changes_nothing_is_no_gain(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("no lift at all", params=["lift=0.0"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert outcome(work, 1).verdict == "no gain"


def test_a_new_metric_is_measured_on_the_baseline_again(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("lift", params=["lift=0.02"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    work.layout.toml.write_text(work.layout.toml.read_text().replace('"val_accuracy"', '"epochs"'))
    work.ideas.add("more epochs", params=["epochs=3"])
    work.queue.dispatch([2])
    run_dry(dispatcher)
    shown = outcome(work, 2).evidence
    assert shown is not None
    assert [(pair.idea, pair.baseline) for pair in shown.pairs] == [(3, 2)] * len(shown.pairs)


def test_a_second_idea_uses_the_baseline_runs_there_are(work: Workspace, dispatcher: Dispatcher) -> None:
    for lift in ("0.02", "-0.02"):
        work.ideas.add(f"lift {lift}", params=[f"lift={lift}"])
        work.queue.dispatch([int(lift == "-0.02") + 1])
        run_dry(dispatcher)
    assert sum(run.idea is None for run in work.view().ledger.runs.values()) == 3
    assert outcome(work, 2).verdict == "worse"


def test_a_bug_ends_at_the_check_and_is_not_evidence(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("new head", likelihood="50%", params=["bug=true"])
    work.queue.dispatch([1])
    before = work.view().ranked[0].score
    run_dry(dispatcher)

    row = work.view().ranked[0]
    (run,) = work.view().ledger.runs.values()
    assert (run.rung, run.status, row.status) == ("check", "failed", "invalid")
    assert "the head has 10 outputs and the labels 7 classes" in run.cause
    assert "experiment.py" in work.layout.run(run.id).tail()
    assert outcome(work, 1).verdict == "invalid"
    assert row.score.chance == before.chance
    assert work.view().ledger.calibration.outcomes == 0


def test_a_repaired_idea_can_be_dispatched_again(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("new head", params=["bug=true"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    work.ideas.edit(1, params=["lift=0.02"])
    assert work.view().ranked[0].status == "ready"
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert work.view().ranked[-1].outcome is not None
    assert work.view().ranked[-1].outcome.verdict == "improved"


def test_a_killed_worker_is_a_crash_that_is_no_evidence_and_the_next_run_starts(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    holds = work.layout.project.parent / "holds"
    holds.mkdir()
    (holds / "1").touch()
    work.ideas.add("slow", likelihood="50%", params=["lift=0.02", "epochs=6", f"holds={holds}"])
    work.queue.dispatch([1])

    def training() -> list[str]:
        rows = work.view().runs
        return [row.run.id for row in rows if row.run.rung == "full" and row.run.idea and row.progress.epoch]

    tick_until(dispatcher, training)
    before = work.view().ranked[0].score.chance
    victim = training()[0]
    pid = next(row.progress.pid for row in work.view().runs if row.run.id == victim)
    assert pid
    os.kill(pid, signal.SIGKILL)
    (holds / "1").unlink()
    tick_until(dispatcher, lambda: work.view().ledger.runs[victim].status == "crashed")

    crashed = work.view().ledger.runs[victim]
    assert "signal 9" in crashed.cause
    assert work.run_detail(victim).run.progress.epoch >= 1
    assert work.view().ranked[0].score.chance == before
    tick_until(dispatcher, lambda: any(run.retry_of == victim for run in work.view().ledger.runs.values()))
    run_dry(dispatcher)
    assert outcome(work, 1).verdict == "improved"


def test_a_stopped_run_halts_its_idea_until_a_person_goes_on(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("slow", params=["lift=0.02", "epochs=100000", "pause=0.1"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(row.run.rung == "full" and row.run.idea for row in work.view().runs))
    run = next(row.run for row in work.view().runs if row.run.rung == "full" and row.run.idea)
    tick_until(dispatcher, lambda: work.view().ledger.runs[run.id].status == "running")
    work.queue.stop(run.id)
    run_dry(dispatcher)

    assert work.view().ledger.runs[run.id].status == "stopped"
    row = work.view().ranked[0]
    assert row.status == "ready"
    assert row.idea.dispatch
    assert row.idea.dispatch.halted
    assert run.id in row.idea.dispatch.halted


def test_a_run_outlives_the_dispatcher_and_is_settled_once(work: Workspace, dispatcher: Dispatcher) -> None:
    work.ideas.add("slow", params=["lift=0.02", "epochs=4", "pause=0.2"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(row.run.status == "running" for row in work.view().runs))
    successor = Dispatcher.of(Project(work.layout, who="dispatcher"))
    successor.adopt()
    assert work.view().ledger.paused is None
    run_dry(successor)
    assert [o.idea for o in work.view().ledger.outcomes] == [1]


def test_runs_that_vanished_unwatched_pause_the_queue_until_a_person_resumes(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    work.ideas.add("slow", params=["lift=0.02", "pause=100000"])
    work.queue.dispatch([1])
    tick_until(dispatcher, lambda: any(row.progress.pid for row in work.view().runs))
    pid = next(row.progress.pid for row in work.view().runs if row.progress.pid)
    assert pid
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    successor = Dispatcher.of(Project(work.layout, who="dispatcher"))
    successor.adopt()
    assert "vanished" in (work.view().ledger.paused or "")
    successor.tick()
    assert not successor.tick()
    vanished, again = work.view().ledger.runs.values()
    assert (vanished.status, again.status) == ("crashed", "queued")
    assert again.waits.startswith("paused")
    work.queue.resume()
    tick_until(successor, lambda: work.view().ledger.runs[again.id].status == "running")
    work.queue.stop(again.id)
    run_dry(successor)


def test_two_ideas_wait_for_one_slot_and_say_so(work: Workspace, dispatcher: Dispatcher) -> None:
    for number in (1, 2):
        work.ideas.add(f"idea {number}", params=["pause=0.1", f"lift=0.0{number}"])
    work.queue.dispatch([1, 2])
    tick_until(
        dispatcher, lambda: any(row.run.waits for row in work.view().runs if row.run.status == "queued")
    )
    waiting = next(row.run for row in work.view().runs if row.run.status == "queued")
    assert waiting.waits == "waits for a free slot"


def test_an_idea_with_a_branch_runs_its_code_and_leaves_the_work_tree_alone(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    project = work.layout.project
    recipe = project / "experiment.py"
    git(project, "checkout", "-q", "-b", "better")
    recipe.write_text(recipe.read_text().replace("0.9 +", "0.95 +"))
    commit(project, "better")
    git(project, "checkout", "-q", "main")
    recipe.write_text(recipe.read_text() + "\n# not committed\n")
    work.ideas.add("better", ref="better")
    work.queue.dispatch([1])
    run_dry(dispatcher)

    assert outcome(work, 1).verdict == "improved"
    assert recipe.read_text().endswith("# not committed\n")
    assert not list((work.layout.home / "worktrees").iterdir())


def test_an_idea_is_dispatched_once_at_a_time(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.queue.dispatch([1])
    with pytest.raises(NothingToDo, match="dispatched already"):
        work.queue.dispatch([1])


def test_an_open_idea_is_not_run_by_accident(work: Workspace) -> None:
    work.ideas.add("mixup")
    with pytest.raises(Mistake, match="nothing to run yet"):
        work.queue.dispatch([1])
    assert work.queue.dispatch([1], implemented=True)[0].change.implemented


def test_estimates_are_frozen_at_the_first_dispatch(work: Workspace) -> None:
    work.ideas.add("mixup", likelihood="50%", params=["lift=0.02"])
    frozen = work.queue.dispatch([1])[0].frozen
    work.ideas.estimate(1, likelihood="90%")
    idea = work.view().ledger.ideas[1]
    assert idea.frozen == frozen
    assert frozen is not None
    assert frozen.estimates["ana"].likelihood == 0.5


def test_a_project_without_a_recipe_says_which_line_to_write(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    toml = work.layout.toml
    toml.write_text(toml.read_text().replace('entry = "experiment:train"', ""))
    with pytest.raises(Mistake, match="entry"):
        work.queue.dispatch([1])


def test_an_executor_that_is_not_built_yet_is_refused_in_a_sentence(work: Workspace) -> None:
    work.ideas.add("mixup", params=["lift=0.02"])
    work.layout.toml.write_text(work.layout.toml.read_text() + '\n[dispatch]\nexecutor = "slurm"\n')
    with pytest.raises(Mistake, match='"slurm", which this release cannot run on yet'):
        work.queue.dispatch([1])


def test_a_worker_that_reports_no_number_for_the_metric_makes_the_idea_invalid(
    work: Workspace, dispatcher: Dispatcher, tmp_path: Path
) -> None:
    work.ideas.add("diverges", params=["diverges=true"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    assert outcome(work, 1).verdict == "invalid"
    assert work.view().ledger.calibration.outcomes == 0


def test_a_run_that_ends_while_the_next_dispatcher_starts_has_not_vanished(work: Workspace) -> None:
    class Ending(PaperExecutor):
        def attach(self, job_id: str) -> PaperJob:
            end(RunFolder(work.layout.runs / job_id), "finished")  # just as it is looked for
            return super().attach(job_id)

    work.ideas.add("quick", params=["lift=0.02"])
    work.queue.dispatch([1])
    first = Dispatcher(Project(work.layout, who="dispatcher"), PaperExecutor(work.layout.runs))
    tick_until(first, lambda: any(row.run.status == "running" for row in work.view().runs))
    Dispatcher(Project(work.layout, who="dispatcher"), Ending(work.layout.runs)).adopt()
    assert work.view().ledger.paused is None
