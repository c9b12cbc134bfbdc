"""A worker that stood by makes a run as one that was started for it would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from planner.domain.event import Epoch, Started
from planner.executors.local import LocalExecutor
from planner.executors.process import carries, identity_of
from planner.executors.standby import LIBRARIES, Standby
from planner.store.runfolder import RunFolder
from tests.executors.conftest import Prepare
from tests.executors.waiting import epochs, last_word, until
from tests.executors.warm import LIGHT, WarmExecutor

CLICK = ("click",)
"""A library that no worker imports by itself."""
SEES = """
    import os, sys
    before = "click" in sys.modules
    import click

    def recipe(params, run):
        run.log(1, val_accuracy=0.5, before=int(before), after=int("click" in sys.modules), pid=os.getpid())
"""


def test_what_is_imported_already_is_out_of_sight_until_the_recipe_imports_it(prepared: Prepare) -> None:
    warm = WarmExecutor(libraries=CLICK)
    seen = metrics(warm, prepared(SEES))
    assert (seen["before"], seen["after"]) == (0.0, 1.0)
    assert seen["pid"] == warm.handed[0]


def test_a_variable_set_before_the_import_makes_the_process_begin_anew(prepared: Prepare) -> None:
    folder = prepared("import os\nos.environ['OMP_NUM_THREADS'] = '1'\n" + dedent(SEES), params={"a_key": 1})
    warm = WarmExecutor(libraries=CLICK)
    seen = metrics(warm, folder)
    assert seen["pid"] == warm.handed[0]  # the same process, with another program
    assert "begins anew, with everything imported afresh: OMP_NUM_THREADS was set before" in folder.tail()
    assert [type(event) for event in folder.read_events()[0]][:2] == [Started, Epoch]


def test_a_recipe_that_swallows_it_begins_anew_all_the_same(prepared: Prepare) -> None:
    recipe = """
        import os
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            import click
        except BaseException:
            click = None

        def recipe(params, run):
            run.log(1, val_accuracy=0.5, found=int(click is not None))
    """
    assert metrics(WarmExecutor(libraries=CLICK), prepared(recipe))["found"] == 1.0


def test_a_module_of_the_project_comes_before_one_that_is_imported_already(
    prepared: Prepare, tmp_path: Path
) -> None:
    folder = prepared("import click\ndef recipe(params, run): run.log(1, val_accuracy=click.OWN)")
    (tmp_path / "project" / "click.py").write_text("OWN = 0.25\n")
    assert metrics(WarmExecutor(libraries=CLICK), folder)["val_accuracy"] == 0.25


def test_a_project_with_the_name_of_a_module_of_pythons_own_gets_a_worker_of_its_own(
    prepared: Prepare, tmp_path: Path
) -> None:
    folder = prepared("import wave\ndef recipe(params, run): run.log(1, val_accuracy=wave.OWN)")
    (tmp_path / "project" / "wave.py").write_text("OWN = 0.25\n")
    declining = LocalExecutor(libraries=LIGHT)
    pid = standing_by(declining)
    assert metrics(declining, folder)["val_accuracy"] == 0.25
    assert worker(folder) != pid
    assert identity_of(pid) is None


def test_a_library_that_has_changed_since_is_imported_afresh(
    prepared: Prepare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "changing.py"
    library.write_text("VALUE = 0.25\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    declining = LocalExecutor(libraries=("changing",))
    pid = standing_by(declining)
    library.write_text("VALUE = 0.125\n")
    folder = prepared("import changing\ndef recipe(params, run): run.log(1, val_accuracy=changing.VALUE)")
    assert metrics(declining, folder)["val_accuracy"] == 0.125
    assert worker(folder) != pid


def test_an_edit_between_two_runs_is_seen(prepared: Prepare, tmp_path: Path) -> None:
    recipe = "def recipe(params, run): run.log(1, val_accuracy=0.{})"
    warm = WarmExecutor()
    assert metrics(warm, prepared(recipe.format(1)))["val_accuracy"] == 0.1
    until(lambda: warm.prepare("tensorflow"))  # it stands by while the recipe is edited
    assert metrics(warm, prepared(recipe.format(2)))["val_accuracy"] == 0.2


def test_a_secret_reaches_it_and_nothing_that_shows_it(prepared: Prepare) -> None:
    recipe = """
        def recipe(params, run):
            run.log(1, val_accuracy=float(params["hf_token"] == "hf_" + "aB3" * 9))
            while not run.stopping: pass
    """
    token = {"hf_token": "hf_" + "aB3" * 9}
    folder = prepared(recipe, params=token)
    from planner.store import withheld

    warm = WarmExecutor()
    job = warm.submit(folder, (), withheld.environment(token, None))
    until(lambda: epochs(folder) == 1)
    shown = Path(f"/proc/{warm.handed[0]}")
    assert b"aB3aB3" not in (shown / "environ").read_bytes() + (shown / "cmdline").read_bytes()
    assert str(folder.path).encode() in (shown / "cmdline").read_bytes()
    job.stop()
    until(lambda: not job.alive())
    ended = last_word(folder)
    assert ended is not None
    assert ended.metrics["val_accuracy"] == 1.0


def test_a_lease_is_held_by_the_run_and_not_by_who_stands_by(prepared: Prepare, tmp_path: Path) -> None:
    lease = os.open(tmp_path / "lease", os.O_CREAT | os.O_RDWR)
    warm = WarmExecutor()
    folder = prepared("def recipe(params, run):\n run.log(1, val_accuracy=1)\n while not run.stopping: pass")
    until(lambda: warm.prepare("tensorflow"))
    job = warm.submit(folder, (lease,))
    until(lambda: epochs(folder) == 1)
    assert holds(warm.handed[0], tmp_path / "lease")
    warm.prepare("tensorflow")
    until(lambda: warm.prepare("tensorflow"))
    assert warm._standby is not None
    assert not holds(warm._standby.pid, tmp_path / "lease")
    job.stop()
    until(lambda: not job.alive())
    os.close(lease)


def test_one_that_is_late_to_say_so_has_the_run_or_never_had_it(
    prepared: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = "def recipe(params, run): run.log(1, val_accuracy=0.5)"
    hears = Standby._hears

    def late(one: Standby, seconds: float) -> bool:
        """What is heard in the last moment."""
        return hears(one, seconds) and seconds == 0.0

    warm = WarmExecutor()
    until(lambda: warm.prepare("tensorflow"))
    with monkeypatch.context() as patched:
        patched.setattr(Standby, "_hears", late)
        folder = prepared(recipe)
        metrics(warm, folder)  # WarmExecutor sees to it that it is the one that stood by
    cold = LocalExecutor(libraries=LIGHT)
    pid = standing_by(cold)
    monkeypatch.setattr(Standby, "_hears", lambda one, seconds: False)
    os.kill(pid, signal.SIGSTOP)
    folder = prepared(recipe)
    metrics(cold, folder)
    assert worker(folder) != pid
    assert identity_of(pid) is None


def test_who_stands_by_is_no_run_and_is_replaced_when_it_dies_or_no_longer_fits(
    prepared: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = WarmExecutor()
    until(lambda: warm.prepare("tensorflow"))
    assert warm._standby is not None
    first = warm._standby.pid
    assert not carries(first, str(prepared().path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    until(lambda: warm.prepare("tensorflow"))
    second = warm._standby.pid
    assert second != first
    assert identity_of(first) is None
    os.kill(second, signal.SIGKILL)
    until(lambda: warm.prepare("tensorflow") and warm._standby is None)  # and not tried again at once


def test_it_is_let_go_of_when_nobody_wants_it(prepared: Prepare) -> None:
    warm = WarmExecutor()
    until(lambda: warm.prepare("tensorflow"))
    assert warm._standby is not None
    pid = warm._standby.pid
    assert warm.prepare(None)
    assert identity_of(pid) is None


def test_it_ends_with_the_process_that_keeps_it_however_that_ends(tmp_path: Path) -> None:
    keeps = """
        import time
        from tests.executors.warm import WarmExecutor
        warm = WarmExecutor()
        warm.prepare("tensorflow")
        print(warm._standby.pid, flush=True)
        time.sleep(60)
    """
    keeper = subprocess.Popen([sys.executable, "-c", dedent(keeps)], stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    pid = int(keeper.stdout.readline())
    assert identity_of(pid) is not None
    keeper.kill()
    until(lambda: identity_of(pid) is None)
    keeper.communicate()


NETWORK = """
    import random
    import numpy as np
    first = np.random.rand(64, 2), random.random()
    import keras
    from planner import Trial
    order = list({f"word{n}" for n in range(50)})
    second = np.random.rand(64), random.random()

    def recipe(params):
        model = keras.Sequential([
            keras.Input((2,)), keras.layers.Dense(8, "relu"), keras.layers.Dropout(0.5), keras.layers.Dense(1)
        ])
        model.compile("adam", "mse")
        y = second[0] + first[1] - second[1] + np.random.rand(64) + order.index("word7")
        return Trial(model, (first[0], y), (first[0], y), fit={"epochs": 3, "verbose": 0})
"""


@pytest.mark.keras
def test_a_training_comes_out_the_same_to_the_last_bit(prepared: Prepare) -> None:
    warm = WarmExecutor(libraries=LIBRARIES)
    until(lambda: warm.prepare("tensorflow"))
    cold = metrics(LocalExecutor(), prepared(NETWORK, metric="val_loss", seed=3))
    folder = prepared(NETWORK, metric="val_loss", seed=3)
    assert metrics(warm, folder) == cold
    assert "begins anew" not in folder.tail()
    context = folder.read_context()
    assert context is not None
    assert context["backend"] == "tensorflow"
    assert context["set_before_import"] == []
    assert context["argv"][1:] == ["-m", "planner.worker", str(folder.path)]
    warm.prepare(None)


def metrics(executor: LocalExecutor, folder: RunFolder) -> dict[str, float]:
    """What the run of the folder reports in the end."""
    job = executor.submit(folder)
    until(lambda: not job.alive())
    ended = last_word(folder)
    assert ended is not None, folder.tail()
    assert ended.status == "finished", folder.tail()
    return ended.metrics


def standing_by(executor: LocalExecutor) -> int:
    """The process that stands by, once it is ready."""
    until(lambda: executor.prepare("tensorflow"))
    assert executor._standby is not None
    return executor._standby.pid


def worker(folder: RunFolder) -> int:
    return next(event.pid for event in folder.read_events()[0] if isinstance(event, Started))


def holds(pid: int, path: Path) -> bool:
    return any(place.resolve() == path for place in Path(f"/proc/{pid}/fd").iterdir())
