"""The engine gives the face every verb it asks for, each answering with an idea or a sentence."""

import inspect
from dataclasses import replace

import pytest

from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.run import Run
from planner.workspace.engine import WorkspaceEngine
from planner.workspace.workspace import Workspace
from screens.engine import Engine
from tests.workspace.swept import as_if_judged, try_all

ASKED = "2026-11-16T09:00:00.000Z"


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    """Grows each time the dispatcher is woken."""
    seen: list[Workspace] = []
    monkeypatch.setattr(Workspace, "ensure_dispatcher", lambda work: seen.append(work))
    return seen


@pytest.fixture
def engine(work: Workspace, woken: list[Workspace]) -> WorkspaceEngine:
    return WorkspaceEngine(work)


def test_it_has_every_verb_of_the_face_with_the_same_arguments() -> None:
    verbs = {name: verb for name, verb in vars(Engine).items() if inspect.isfunction(verb) and name[0] != "_"}
    assert len(verbs) > 15
    for name, verb in verbs.items():
        ours = inspect.signature(getattr(WorkspaceEngine, name))
        assert ours.parameters == inspect.signature(verb).parameters, name
    assert {"name", "who"} <= vars(WorkspaceEngine).keys()


def test_ideas_are_captured_in_a_line_for_oneself_or_another(engine: WorkspaceEngine) -> None:
    assert engine.add("mixup -t 2h").estimates.keys() == {"ana"}
    assert engine.add("cutmix -t 2h", by="bo").estimates.keys() == {"bo"}
    assert engine.add("cutout -t 2h --by cy", by="bo").estimates.keys() == {"cy"}
    assert "mixup" in engine.hint("mixup -t 2h")


def test_a_change_is_undone_in_a_sentence(engine: WorkspaceEngine) -> None:
    engine.add("mixup")
    assert engine.undo() == "undone: add #1 “mixup”"
    assert engine.view().ledger.ideas == {}
    assert engine.redo() == "redone: add #1 “mixup”"
    with pytest.raises(NothingToDo):
        engine.redo()


def test_an_idea_goes_through_all_that_a_person_does_with_it(engine: WorkspaceEngine) -> None:
    engine.add("mixup --set a=1")
    assert engine.edit(1, title="mixup 0.2", tags=["aug"]).tags == ("aug",)
    assert engine.estimate(1, by="bo", likelihood="20%").estimates["bo"].likelihood == 0.2
    assert engine.nudge(1, "likelihood", 1).estimates["ana"].likelihood is not None
    assert engine.start_timer(1).timer_since
    assert engine.stop_timer(1).timer_since is None
    assert engine.park(1).place == "parked"
    assert engine.restore(1).place == "backlog"
    assert engine.drop(1).place == "dropped"


def test_dispatching_answers_with_a_sentence(engine: WorkspaceEngine) -> None:
    engine.add("mixup --set a=1")
    engine.add("cutmix --set a=2")
    engine.add("cutout --set a=3")
    assert engine.dispatch([1]) == "dispatched “mixup”"
    assert engine.dispatch([2, 3], seeds=2) == "dispatched 2 ideas"
    assert engine.resume() == "dispatch goes on"
    with pytest.raises(Mistake):
        engine.dispatch([1])


def test_a_sweep_goes_on_in_narrower_ranges_or_with_further_configurations(
    engine: WorkspaceEngine, work: Workspace, woken: list[Workspace]
) -> None:
    engine.add("tune --sweep lr=1e-4..1e-1 --configs 6")
    engine.dispatch([1])
    try_all(work, 1, lambda values: float(str(values["lr"])))
    with pytest.raises(Mistake, match="is dispatched"):
        engine.sweep_on(1, narrow=True)
    as_if_judged(work, 1)
    before = work.project.store.read().ideas[1]
    woken.clear()
    told = engine.sweep_on(1, narrow=True)
    assert woken
    assert told.startswith("dispatched #1 “tune”: sweep lr=")
    assert told.endswith("random, 6 configurations, round 2")
    assert "go on with the sweep of #1" in engine.undo()
    assert work.project.store.read().ideas[1] == before, "narrowing and dispatching are one change"
    engine.redo()
    as_if_judged(work, 1)
    with pytest.raises(Mistake, match="'many' is no number of configurations"):
        engine.sweep_on(1, narrow=False, more="many")
    assert engine.sweep_on(1, narrow=False, more="4").endswith("random, 4 configurations, round 2")


def test_what_begins_or_ends_a_run_wakes_the_dispatcher(
    engine: WorkspaceEngine, work: Workspace, woken: list[Workspace]
) -> None:
    engine.add("mixup --set a=1")
    engine.add("cutmix --set a=2")
    engine.dispatch([1])
    assert len(woken) == 1
    with work.project.store.transaction("queue", by="test", undoable=False) as tables:
        tables.set_paused("a run crashed")
        usual = {"baseline": 1, "rung": "full", "params": {}, "queued_at": ASKED, "order": 0.0}
        tables.put(Run(id="r1-aaaa", idea=1, seed=1, status="running", started_at=ASKED, **usual))
        tables.put(Run(id="r2-bbbb", idea=2, seed=2, **usual))
    engine.resume()
    assert len(woken) == 2
    assert engine.view().ledger.paused is None
    assert engine.stop_run("r1") == "asked run r1-aaaa to stop"
    assert len(woken) == 3
    engine.stop_run("r2")
    assert len(woken) == 3, "of what has not begun the queue alone has to know"
    assert engine.requeue("r2")
    assert len(woken) == 4


def test_runs_are_stopped_and_moved_with_a_sentence(engine: WorkspaceEngine) -> None:
    engine.add("mixup --set a=1")
    with engine.workspace.project.store.transaction("queue", by="test", undoable=False) as tables:
        for number in (1, 2):
            tables.put(
                Run(
                    id=f"r{number}-aaaa",
                    idea=1,
                    baseline=1,
                    rung="full",
                    seed=number,
                    params={},
                    queued_at=ASKED,
                    order=number,
                )
            )
    assert engine.move_run("r1", 1) == "moved run r1-aaaa down"
    assert [one.run.id for one in engine.view().runs] == ["r2-aaaa", "r1-aaaa"]
    assert engine.stop_run("r1") == "took run r1-aaaa out of the queue"
    assert engine.requeue("r1") == "“mixup” climbs on"
    assert engine.run_detail("r1").run.run.status == "stopped"


def test_the_review_is_written_with_a_sentence(engine: WorkspaceEngine) -> None:
    assert engine.review().week == "2026-W47"
    assert str(engine.workspace.layout.reviews / "2026-W47.md") in engine.write_review()


def test_the_gpu_line_never_waits_and_its_watcher_ends_with_the_engine(engine: WorkspaceEngine) -> None:
    with engine:
        assert 0 < len(engine.gpu_line(40)) <= 40
        assert engine.gpu_line(40)
    engine.__exit__(None, None, None)


def test_it_is_called_by_its_folder_and_knows_the_person(engine: WorkspaceEngine) -> None:
    assert (engine.name, engine.who) == ("project", "ana")


def test_what_was_looked_at_is_kept_and_learning_anew_and_importing_are_told(engine: WorkspaceEngine) -> None:
    engine.add("mixup")
    assert engine.keep(1).reviewed_at
    assert engine.calibrate_now() == "calibrated anew: no score moved"
    (engine.workspace.layout.project / "more.md").write_text("- [ ] cutmix\n- [ ] cutout\n")
    assert engine.import_file("more.md", "ideas") == "more.md: 2 new ideas"
    (engine.workspace.layout.project / "odd.csv").write_text("What to try,Run time\nfocal loss,2h\n")
    with pytest.raises(Mistake, match="--map"):
        engine.import_file("odd.csv", "ideas")
    told = engine.import_file("odd.csv", "ideas", ["What to try=title", "Run time=estimated_hours"])
    assert told == "odd.csv: 1 new idea, 1 estimate"
    with pytest.raises(Mistake, match="there is no file"):
        engine.import_file("missing.csv", "history")


def test_hours_are_typed_instead_of_the_timers(engine: WorkspaceEngine) -> None:
    engine.add("mixup")
    engine.start_timer(1)
    assert engine.stop_timer(1, "3h").spent_hours == 3.0


def test_a_sweep_is_edited_in_the_words_of_the_command_line(engine: WorkspaceEngine) -> None:
    idea = engine.add("tune")
    given = engine.edit(
        idea.id, sweep=["lr=1e-4..1e-1", "w=1,2"], method="tpe", configs="30", nuisance=["lr"]
    )
    found = given.change.sweep
    assert found is not None
    assert (found.names, found.method, found.configs) == (("lr", "w"), "tpe", 30)
    assert [axis.nuisance for axis in found.axes] == [True, False]
    assert engine.edit(idea.id, method="random").change.sweep == replace(found, method="random")
    assert engine.edit(idea.id, sweep=[]).change.sweep is None
