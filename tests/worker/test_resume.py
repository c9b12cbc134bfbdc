"""Trainings that go on where an earlier run broke off, with the real Keras."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from planner.domain.event import Alert, Progress, Resumed
from planner.domain.mistake import Mistake
from planner.rules.progress import fold
from planner.store.eventlog import EventLog
from planner.store.runfolder import RunFolder
from planner.worker import resume
from planner.worker.agreement import CHANGED, agreement, difference
from planner.worker.report import Report
from planner.worker.signals import Signals
from planner.worker.task import Task
from tests.drills.figure import Figure
from tests.drills.resumed_trainings import RECIPE, eager, resumed_trainings, tripping
from tests.worker.making import Made, make, prepare

pytestmark = pytest.mark.keras

DENSE = {"kind": "dense"}


def test_what_goes_on_has_the_history_of_a_training_without_a_break(
    tmp_path: Path, publish: Callable[[Figure], None]
) -> None:
    publish(resumed_trainings(3, tmp_path, seed=20))


@pytest.fixture(scope="module")
def broken_off(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A run that was stopped in the third of six steps of its fourth epoch."""
    with eager(), tripping("SIGTERM:21"):
        return make(tmp_path_factory.mktemp("broken"), RECIPE, params=DENSE)


def again(broken: Made, recipe: str = RECIPE, **asked: object) -> Made:
    """One that is to go on from there."""
    return make(
        broken.folder.path.parent.parent,
        recipe,
        **{"params": DENSE, "resume_from": broken.folder.id, **asked},
    )


def test_a_stop_keeps_the_model_as_it_stands_and_the_end_of_the_epoch_before(broken_off: Made) -> None:
    import keras

    assert broken_off.ended.cause == "stopped by SIGTERM after epoch 3"
    model = keras.models.load_model(broken_off.folder.checkpoints / "last.keras")
    assert int(model.optimizer.iterations) == 21
    marker = broken_off.folder.read_marker()
    assert marker is not None
    assert (marker.epoch, marker.file) == (3, "epoch-3.npz")
    state = np.load(broken_off.folder.checkpoints / "epoch-3.npz", allow_pickle=False)
    assert 18 in [int(state[name]) for name in state.files if state[name].shape == ()]


def test_what_is_kept_is_private(broken_off: Made) -> None:
    kept = list(broken_off.folder.checkpoints.iterdir())
    assert len(kept) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_it_begins_with_the_epochs_it_inherits_and_leaves_nothing_behind(broken_off: Made) -> None:
    run = again(broken_off)
    assert run.ended.status == "finished"
    resumed = next(event for event in run.events if isinstance(event, Resumed))
    assert (resumed.run, resumed.epoch) == (broken_off.folder.id, 3)
    assert [epoch.epoch for epoch in run.epochs] == list(range(1, 9))
    assert run.epochs[:3] == broken_off.epochs
    assert [epoch.seconds for epoch in run.epochs] == sorted(epoch.seconds for epoch in run.epochs)
    assert run.alerts == []
    assert [path.name for path in run.folder.checkpoints.iterdir()] == ["last.keras"]


OVER = """
class Over(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs):
        self.model.stop_training = epoch == 1

    def on_train_end(self, logs):
        if "TRIP" in os.environ:
            raise OSError("gone")
"""


def test_a_training_that_was_over_is_only_looked_at(tmp_path: Path) -> None:
    """The worker dies after the last epoch, before its last word; nothing is trained once more."""
    text = RECIPE.replace("    yield Trip()", "    yield Over()") + OVER
    with eager(), tripping("SIGTERM:1000"):
        broken = make(tmp_path, text, params=DENSE)
    assert broken.ended.status == "failed"
    run = again(broken, text)
    assert run.ended.status == "finished"
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]
    assert run.ended.metrics == broken.epochs[-1].metrics
    assert (run.folder.path / "evaluation.json").exists()


def test_a_torn_state_starts_anew_with_an_alert(broken_off: Made, tmp_path: Path) -> None:
    broken = copy_of(broken_off, tmp_path)
    state = broken.folder.checkpoints / "epoch-3.npz"
    state.write_bytes(state.read_bytes()[:-100])
    run = again(broken)
    assert run.ended.status == "finished"
    assert [epoch.epoch for epoch in run.epochs] == list(range(1, 9))
    assert fold(Progress(), run.events).resumed is None
    (said,) = run.alerts
    assert said.startswith(f"trains from the start instead of going on from {broken.folder.id}: ")
    assert "epoch-3.npz can't be read" in said


def copy_of(broken: Made, where: Path) -> Made:
    """The broken-off run with its project, elsewhere, to be spoilt."""
    shutil.copytree(broken.folder.path.parent.parent, where / "copy")
    return dataclasses.replace(broken, folder=RunFolder(where / "copy/runs" / broken.folder.id))


@pytest.fixture
def spoilt(broken_off: Made, tmp_path: Path) -> RunFolder:
    """The folder of a broken-off run, to be spoilt."""
    return copy_of(broken_off, tmp_path).folder


def asked(folder: RunFolder, **changed: object) -> Task:
    """What a run is told that is to go on from there."""
    spec = dataclasses.replace(folder.read_spec(), run="r99-test", resume_from=folder.id, **changed)
    new = RunFolder.create(folder.path.parent, spec)
    return Task(spec, new, Report(EventLog(new.events)), Signals())


def refused(folder: RunFolder, agrees: dict[str, str] | None = None) -> str:
    """Why a run does not go on from there; empty when it does."""
    task = asked(folder)
    with task.report._log:
        marker = None
        with contextlib.suppress(Mistake):
            marker = folder.read_marker()
        found = resume.earlier(task, agrees or (marker.agrees if marker else {}))
    if found is None:
        return "; ".join(event.text for event in task.folder.read_events()[0] if isinstance(event, Alert))
    try:
        resume.read_state(*found)
    except Mistake as mistake:
        return str(mistake)
    return ""


def test_what_was_left_alone_can_be_gone_on_from(spoilt: RunFolder) -> None:
    assert refused(spoilt) == ""


def test_other_code_data_settings_or_libraries_are_no_evidence(spoilt: RunFolder) -> None:
    marker = spoilt.read_marker()
    assert marker is not None
    for part, said in CHANGED.items():
        assert refused(spoilt, {**marker.agrees, part: "other"}).endswith(said)
        shutil.rmtree(spoilt.path.parent / "r99-test")


def test_an_edit_of_the_recipe_is_other_code_and_an_edit_beside_it_is_not(tmp_path: Path) -> None:
    """Also where both are committed: what was loaded counts."""
    task = asked_in(tmp_path, "import beside\nvalue = 1\n", beside="")
    with project_in_use(tmp_path):
        first = agreement(task)
        (tmp_path / "project/elsewhere.py").write_text("# new")
        assert difference(first, agreement(task)) is None
        (tmp_path / "project/beside.py").write_text("# new")
        assert difference(first, agreement(task)) == "the code has changed"


def test_other_params_or_another_seed_are_other_settings(tmp_path: Path) -> None:
    first = asked_in(tmp_path, "")
    for changed in ({"params": {"lr": 0.1}}, {"seed": 7}, {"fraction": 0.5}, {"metric": "val_loss"}):
        other = Task(dataclasses.replace(first.spec, **changed), first.folder, first.report, first.signals)
        assert difference(agreement(first), agreement(other)) == "its settings have changed"


def asked_in(where: Path, recipe: str, **modules: str) -> Task:
    folder = prepare(where, recipe or "pass")
    for name, text in modules.items():
        (where / f"project/{name}.py").write_text(text)
    return Task(folder.read_spec(), folder, Report(EventLog(folder.events)), Signals())


@contextlib.contextmanager
def project_in_use(where: Path) -> Iterator[None]:
    sys.path.insert(0, str(where / "project"))
    try:
        importlib.invalidate_caches()
        importlib.import_module("experiment")
        yield
    finally:
        sys.path.remove(str(where / "project"))
        for name in ("experiment", "beside"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize("size", [0, 1, 100, 5000])
def test_a_torn_state_is_refused(spoilt: RunFolder, size: int) -> None:
    state = spoilt.checkpoints / "epoch-3.npz"
    state.write_bytes(state.read_bytes()[:size])
    assert "epoch-3.npz can't be read" in refused(spoilt)


def test_a_state_altered_anywhere_is_refused_or_whole(spoilt: RunFolder) -> None:
    state, draw = spoilt.checkpoints / "epoch-3.npz", random.Random(3)
    content = state.read_bytes()
    marker = spoilt.read_marker()
    assert marker is not None
    whole = resume.read_state(spoilt, marker)
    for _ in range(100):
        altered = bytearray(content)
        altered[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        state.write_bytes(altered)
        try:
            read = resume.read_state(spoilt, marker)
        except Mistake as mistake:
            assert "epoch-3.npz can't be read" in str(mistake)  # noqa: PT017  # most are refused, some are harmless
            continue
        assert read.plain == whole.plain
        assert all(np.array_equal(read.arrays[name], whole.arrays[name]) for name in whole.arrays)


def test_nothing_in_a_state_is_ever_run(spoilt: RunFolder, tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "ran",)

    np.savez(spoilt.checkpoints / "epoch-3.npz", plain=np.array([Hostile()], object))
    assert "can't be read" in refused(spoilt)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("file", ["../epoch-3.npz", "link.npz", "", "."])
def test_a_marker_leads_nowhere_else(spoilt: RunFolder, file: str) -> None:
    marker = json.loads(spoilt.resume.read_text())
    (spoilt.checkpoints / "epoch-3.npz").rename(spoilt.path / "epoch-3.npz")
    (spoilt.checkpoints / "link.npz").symlink_to(spoilt.path / "epoch-3.npz")
    spoilt.resume.write_text(json.dumps({**marker, "file": file}))
    assert "can't be read" in refused(spoilt)


@pytest.mark.parametrize("text", ["", '{"format": 1', '{"format": 2}', "[]", '{"format": 1, "epoch": "x"}'])
def test_a_marker_that_says_nothing_is_refused(spoilt: RunFolder, text: str) -> None:
    spoilt.resume.write_text(text)
    assert "resume.json" in refused(spoilt)


@pytest.mark.parametrize("run", ["../r1-test", "r0-none", "/tmp"])
def test_a_run_that_is_not_there_is_refused(spoilt: RunFolder, run: str) -> None:
    task = asked(spoilt)
    task = dataclasses.replace(task, spec=dataclasses.replace(task.spec, resume_from=run))
    with task.report._log:
        assert resume.earlier(task, {}) is None
