"""The rights of everything under `.planner/`, looked at on every change while real runs are made there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.domain.run import SPEC_FORMAT, Spec
from planner.store.runfolder import RunFolder
from tests.drills.figure import Figure
from tests.projects import commit, git

LOOP = """
import os
from pathlib import Path


def train(params, run):
    (run.folder / "note.txt").write_text("kept")
    (run.folder / "deep" / "er").mkdir(parents=True)
    (run.folder / "deep" / "er" / "weights.bin").write_bytes(b"0" * 100_000)
    os.close(os.open(run.folder / "open", os.O_CREAT | os.O_WRONLY, 0o666))
    run.log(1, val_accuracy=0.9 + params.get("lift", 0.0))
"""
KERAS = """
import keras
import numpy as np
from planner import Trial


def recipe(params):
    x, y = np.eye(3, dtype="float32").repeat(20, 0), np.arange(3).repeat(20)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    saved = keras.callbacks.ModelCheckpoint(params["artefacts"] + "/best.weights.h5", save_weights_only=True)
    return Trial(model, (x, y), (x, y), fit={"epochs": 2, "callbacks": [saved, keras.callbacks.CSVLogger(
        params["artefacts"] + "/epochs.csv")]})
"""
ESTIMATOR = """
import numpy as np
from planner import Trial
from sklearn.tree import DecisionTreeClassifier


def recipe(params):
    x, y = np.eye(3).repeat(20, 0), np.arange(3).repeat(20)
    return Trial(DecisionTreeClassifier(), (x, y), (x, y))
"""
COMMAND = """
import json, os, sqlite3
with sqlite3.connect(os.path.join(os.environ["PLANNER_FOLDER"], "study.db")) as study:
    study.execute("create table trials (value real)")
print(json.dumps({"epoch": 1, "val_accuracy": 0.9}))
"""
TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.002

[recipe]
entry = "experiment:train"

[rungs.full]
seeds = 1
"""
WATCH = r"""
import ctypes, json, os, select, stat, struct, sys
CHANGED, MOVED_HERE, MADE, LOST_SOME, GONE = 0x4, 0x80, 0x100, 0x4000, 0x8000
kernel, home = ctypes.CDLL(None), sys.argv[1]
news, folders, seen = kernel.inotify_init(), {}, {}
looks = 0

def look(path):
    global looks
    try:
        status = os.lstat(path)
    except OSError:
        return
    if stat.S_ISLNK(status.st_mode):
        return
    looks += 1
    kind = "folder" if stat.S_ISDIR(status.st_mode) else "file"
    seen.setdefault(path, set()).add((kind, stat.S_IMODE(status.st_mode)))
    if kind == "folder" and path not in folders.values():
        watch(path)

def watch(folder):
    number = kernel.inotify_add_watch(news, os.fsencode(folder), CHANGED | MOVED_HERE | MADE)
    folders[number] = folder
    if folder != os.path.dirname(home):
        rest(folder)

def rest(folder):
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        look(os.path.join(folder, name))

def told():
    data = os.read(news, 1 << 16)
    while data:
        number, what, _, length = struct.unpack_from("iIII", data)
        name, data = os.fsdecode(data[16:16 + length].rstrip(b"\0")), data[16 + length:]
        if what & LOST_SOME:
            rest(home)
        elif what & GONE:
            folders.pop(number, None)
        elif number in folders:
            path = os.path.join(folders[number], name) if name else folders[number]
            if path == home or path.startswith(home + os.sep):
                look(path)

watch(os.path.dirname(home))
print("watches", flush=True)
while sys.stdin not in (ready := select.select([news, sys.stdin], [], [])[0]) or news in ready:
    if news in ready:
        told()
json.dump({"looks": looks, "seen": {path: sorted(modes) for path, modes in seen.items()}}, sys.stdout)
"""
"""Looks at each file and folder whenever the kernel tells that it was made, moved or given other rights."""
PATIENCE = 600


def permissions(folder: Path, umask: int, *, keras: bool) -> Figure:
    """Everything a project does, under this umask: verbs, runs of every kind, a worktree, an export."""
    project = folder / f"{umask:03o}"
    project.mkdir(parents=True)
    (project / "experiment.py").write_text(LOOP)
    git(project, "init", "-q", "-b", "main")
    with _watched(project / ".planner") as found:
        _verbs(project, umask)
        _runs(project, umask, keras=keras)
    return _figure(found, project / ".planner", umask)


@contextmanager
def _watched(home: Path) -> Iterator[dict[str, list[tuple[str, int]]]]:
    """Fills in the modes each path had whenever it changed, and under `looks` how many looks there were."""
    found: dict[str, list[tuple[str, int]]] = {}
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCH, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert watcher.stdout is not None
    assert watcher.stdout.readline() == "watches\n"
    try:
        yield found
    finally:
        told = json.loads(watcher.communicate(timeout=PATIENCE)[0])
        found |= {path: [(kind, mode) for kind, mode in modes] for path, modes in told["seen"].items()}
        found["looks"] = [("looks", told["looks"])]


def _verbs(project: Path, umask: int) -> None:
    (project / "planner.toml").write_text(TOML)
    _planner(project, umask, "init")
    _planner(project, umask, "add", "an idea", "--likelihood", "50%", "--set", "lift=0.02")
    commit(project, "the start")
    git(project, "branch", "other")
    (project / "run.sh").write_text("exit 0\n")
    (project / "run.sh").chmod(0o755)
    git(project, "checkout", "-q", "other")
    commit(project, "a script")
    git(project, "checkout", "-q", "main")
    _planner(project, umask, "add", "of another branch", "--ref", "other")
    _planner(project, umask, "estimate", "1", "--hours", "2h")
    _planner(project, umask, "dispatch", "1", "2", "--wait")
    _planner(project, umask, "park", "1")
    _planner(project, umask, "undo")
    _planner(project, umask, "review", "--write")


def _runs(project: Path, umask: int, *, keras: bool) -> None:
    """Runs of the other kinds, made by workers that the executor starts."""
    kinds = {"estimator": ESTIMATOR} | ({"network": KERAS} if keras else {})
    for name, recipe in kinds.items():
        (project / f"{name}.py").write_text(recipe)
        _train(project, umask, name, entry=f"{name}:recipe")
    (project / "script.py").write_text(COMMAND)
    _train(project, umask, "command", command=("python", "script.py"))


def _train(
    project: Path, umask: int, name: str, entry: str | None = None, command: tuple[str, ...] | None = None
) -> None:
    runs = project / ".planner" / "runs"
    artefacts = runs / f"r9-{name}" / "artefacts"
    spec = Spec(
        format=SPEC_FORMAT,
        run=f"r9-{name}",
        project=str(project),
        rung="full",
        seed=1,
        params={"artefacts": str(artefacts)},
        metric="val_accuracy",
        direction="max",
        entry=entry,
        command=command,
    )
    before = os.umask(umask)
    try:
        folder = RunFolder.create(runs, spec)
        artefacts.mkdir(0o700)
        submit = (
            "import sys; from pathlib import Path; from planner.store.runfolder import RunFolder; "
            "from planner.executors.inline import InlineExecutor; "
            "InlineExecutor().submit(RunFolder(Path(sys.argv[1])))"
        )
        artefacts.chmod(0o700)
        subprocess.run([sys.executable, "-c", submit, str(folder.path)], check=True, timeout=PATIENCE)
    finally:
        os.umask(before)
    assert folder.read_events()[0][-1].status == "finished", folder.tail()  # type: ignore[union-attr]


def _planner(project: Path, umask: int, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "planner.cli.main", *arguments],
        cwd=project,
        umask=umask,
        env={**os.environ, "PLANNER_BY": "ana"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode in (0, 3), f"{arguments}: {done.stderr}{done.stdout}"


def _figure(found: dict[str, list[tuple[str, int]]], home: Path, umask: int) -> Figure:
    looks = found.pop("looks")[0][1]
    wrong = [
        f"{path} {mode:03o}" for path, modes in found.items() for kind, mode in modes if not _private(mode)
    ]
    at_last = [path for path in (home, *home.rglob("*")) if not path.is_symlink()]
    wrong += [f"{path} at last {_mode(path):03o}" for path in at_last if not _as_meant(path, home)]
    paths = set(found) | {str(path) for path in at_last}
    bad = {entry.rpartition(" ")[0].removesuffix(" at last") for entry in wrong}
    note = ", ".join(sorted(wrong)[:5]) or f"looked at {looks:,} times, 0 open to others"
    return Figure(
        what=f"files and folders private under umask {umask:03o}",
        tried=len(paths),
        held=len(paths - bad),
        note=note,
    )


def _private(mode: int) -> bool:
    return mode & 0o077 == 0


def _as_meant(path: Path, home: Path) -> bool:
    """0700 and 0600; a script of a worktree may still be run by its owner."""
    mode = _mode(path)
    if path.is_dir():
        return mode == 0o700
    return mode == 0o600 or (mode == 0o700 and path.is_relative_to(home / "worktrees"))


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
