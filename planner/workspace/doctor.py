"""Looks at everything a project needs, and names for each fault the one command that mends it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from planner.domain.finding import Finding, State
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake
from planner.domain.run import LIVE
from planner.domain.settings import Settings
from planner.gpu.ask import SOON, current
from planner.gpu.conflict import conflict
from planner.gpu.line import line
from planner.gpu.nvml import NO_GPU
from planner.store.check import check_store
from planner.store.config import load_settings
from planner.store.layout import SETTINGS_FILE, Layout
from planner.workspace.begin import in_git
from planner.workspace.folders import examine_folders
from planner.workspace.linger import ask, logout
from planner.workspace.locks import examine_locks
from planner.workspace.project import Project
from planner.workspace.standing import dispatcher_holds

BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch", "openvino": "openvino"}
"""The package behind each backend of Keras."""
SLOWEST = 60.0
"""Seconds the interpreter may take to name its packages."""
PROBE = """
import importlib.metadata, importlib.util, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "" if importlib.util.find_spec(name) else None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""
"""Asks an interpreter which packages it has, without importing them."""


def examine(project: Project) -> list[Finding]:
    """Everything about one project, then everything about the machine; nothing is changed."""
    layout = project.layout
    settings, finding = _settings(layout)
    findings, ledger = [finding, *check_store(layout)], _ledger(project)
    if layout.home.is_dir():
        findings += [*examine_locks(layout, project.now), *examine_folders(layout, ledger)]
    if ledger is not None:
        findings.append(_dispatch(layout, ledger))
    if settings is not None:
        findings.append(_recipe(layout, settings))
    return [*findings, *examine_machine(settings, layout.project)]


def examine_machine(settings: Settings | None, folder: Path) -> list[Finding]:
    """What training needs of this machine."""
    python = settings.dispatch.python if settings else "auto"
    return [
        _git(folder),
        _keras(
            sys.executable if python == "auto" else python,
            folder / SETTINGS_FILE,
            settings.recipe.backend if settings else None,
        ),
        _gpu(),
        *_pynvml(),
        logout(),
    ]


def _finding(name: str, state: State, text: str, command: str | None = None) -> Finding:
    return Finding(name=name, state=state, text=text, command=command)


def _edit(path: Path) -> str:
    return f"${{EDITOR:-vi}} {shlex.quote(str(path))}"


# -- the project ----------------------------------------------------------------------------------


def _settings(layout: Layout) -> tuple[Settings | None, Finding]:
    try:
        return load_settings(layout), _finding("settings", "ok", f"{layout.toml} is right")
    except Mistake as mistake:
        return None, _finding("settings", "problem", str(mistake), _edit(layout.toml))


def _ledger(project: Project) -> Ledger | None:
    try:
        return project.store.read()
    except Mistake:
        return None  # the store's own findings say why


def _recipe(layout: Layout, settings: Settings) -> Finding:
    if settings.recipe.command:
        return _finding("recipe", "ok", " ".join(settings.recipe.command))
    if not settings.recipe.entry:
        text = 'planner.toml names none: write entry = "module:function" under [recipe]'
        return _finding("recipe", "warning", text, _edit(layout.toml))
    module = layout.project.joinpath(*settings.recipe.entry.partition(":")[0].split("."))
    if module.with_suffix(".py").is_file() or module.is_dir():
        return _finding("recipe", "ok", settings.recipe.entry)
    text = (
        f"{settings.recipe.entry}: there is no {module.name}.py in {module.parent}, so it must be installed"
    )
    return _finding("recipe", "warning", text, _edit(layout.toml))


def _dispatch(layout: Layout, ledger: Ledger) -> Finding:
    if ledger.paused:
        text = f"dispatch is paused: {ledger.paused}"
        return _finding("dispatcher", "warning", text, "planner dispatch --resume")
    waiting = [run.id for run in ledger.runs.values() if run.status in LIVE]
    if dispatcher_holds(layout):
        return _finding("dispatcher", "ok", f"alive; runs queued or running: {len(waiting)}")
    if waiting:
        text = f"none is alive; runs that wait for one: {len(waiting)}, such as {waiting[0]}"
        return _finding("dispatcher", "warning", text, "planner dispatch --resume")
    return _finding("dispatcher", "ok", "none needed: nothing is queued")


# -- the machine ----------------------------------------------------------------------------------


def _git(folder: Path, ask: Callable[[list[str]], str | None] = ask) -> Finding:
    if ask(["git", "--version"]) is None:
        missing = "git does not answer" if shutil.which("git") else "there is no git"
        text = f"{missing}, so runs can't tell which code they ran"
        return _finding("git", "warning", text)
    if ask(["git", "-C", str(folder), "rev-parse", "--is-inside-work-tree"]) != "true":
        here = f"git -C {shlex.quote(str(folder))}"
        if in_git(folder):
            text = "git does not read this repository, so runs can't tell which code they ran"
            return _finding("git", "warning", text, f"{here} status")
        text = f"{folder} is no git repository, so runs can't tell which code they ran"
        return _finding("git", "warning", text, f"{here} init")
    commit = ask(["git", "-C", str(folder), "rev-parse", "--short", "HEAD"])
    if commit is None:
        here = f"git -C {shlex.quote(str(folder))}"
        command = f"{here} add . && {here} commit -m 'the start'"
        return _finding("git", "warning", "nothing is committed yet", command)
    return _finding("git", "ok", f"at commit {commit}")


def _keras(python: str, toml: Path, wanted: str | None) -> Finding:
    """Whether Keras and its backend are where runs train; found by their names alone, never imported."""
    try:
        found = _packages(python)
    except subprocess.TimeoutExpired:
        text = f"{python} did not say in {SLOWEST:g} s which packages it has: the machine may be busy"
        return _finding("keras", "warning", text)
    if found is None:
        text = f"{python} does not run; [dispatch] python in planner.toml names the interpreter that trains"
        return _finding("keras", "problem", text, _edit(toml))
    backend, pip = wanted or _backend(found), f"{shlex.quote(python)} -m pip"
    if found["keras"] is None:
        text = f"not installed for {python}; recipes with a loop of their own and commands need none"
        return _finding("keras", "warning", text, f"{pip} install 'keras>=3.15' tensorflow")
    package = BACKENDS.get(backend, backend)
    if found.get(package) is None:
        text = f"keras {found['keras']} is there and its backend {backend} is not"
        return _finding("keras", "problem", text, f"{pip} install {package}")
    return _finding("keras", "ok", f"keras {found['keras']} on {backend} {found[package]}".rstrip())


def _packages(python: str) -> dict[str, str | None] | None:
    """Versions by name as the interpreter sees them, None for what is missing; None when it does not run.

    TimeoutExpired when it does not answer in time.
    """
    names = ["keras", *BACKENDS.values()]
    try:
        # -P: a file of the current folder called keras.py is not Keras.
        command = [python, "-P", "-c", PROBE, *names]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SLOWEST, check=True)
        versions: dict[str, str | None] = json.loads(done.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    # A CPU-only or nightly TensorFlow has another name on the index and the same one here.
    return versions


def _backend(found: Mapping[str, str | None]) -> str:
    """The backend a worker will choose: the variable's, else that of Keras's file or the first installed."""
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    said = _of_keras_file()
    there = (name for name in (said, *BACKENDS) if found.get(BACKENDS.get(name, name)) is not None)
    return next(there, said)


def _of_keras_file() -> str:
    home = Path(os.environ.get("KERAS_HOME") or Path("~/.keras").expanduser())
    try:
        return str(json.loads((home / "keras.json").read_text()).get("backend", "tensorflow"))
    except (OSError, ValueError, AttributeError):
        return "tensorflow"


def _gpu() -> Finding:
    state = current(SOON)
    faults = [reading for reading in state.readings if reading.fault]
    if state.absent == NO_GPU:
        return _finding("gpu", "ok", "no GPU: runs train on the CPU")
    if state.absent or faults:
        command = "nvidia-smi" if shutil.which("nvidia-smi") else None
        return _finding("gpu", "warning", line(state, 200), command)
    return _finding("gpu", "ok", line(state, 200))


def _pynvml() -> list[Finding]:
    wrong = conflict()
    if wrong is None:
        return []
    pip = f"{shlex.quote(sys.executable)} -m pip"
    command = f"{pip} uninstall -y pynvml && {pip} install --force-reinstall nvidia-ml-py"
    return [_finding("pynvml", "warning", wrong, command)]
