"""Secrets planted wherever a run could meet one, and its folder searched for them afterwards."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from planner.dispatcher.dispatcher import Dispatcher
from planner.workspace.project import Project
from planner.workspace.workspace import Workspace
from tests.drills.fake_secrets import Kind, hidden, pieces, planted
from tests.drills.figure import Figure
from tests.projects import commit, git, make_project

RECIPE = '''
"""Counts as right only when it was given every param as it was meant."""

import hashlib, json

OTHERS = ("fails",)


def digest(params):
    told = {name: value for name, value in params.items() if name not in OTHERS}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def train(params, run):
    if params.get("fails"):
        raise ConnectionError(f"no access with {json.dumps(params)}")
    run.log(1, val_accuracy=float(digest(params) == open("digest").read()))
'''
SCRIPT = """
import hashlib, json, sys
right = hashlib.sha256(json.dumps(sys.argv[1:]).encode()).hexdigest() == open("digest").read()
print(json.dumps({"epoch": 1, "val_accuracy": float(right)}))
"""
TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.002

[recipe]
{recipe}

[baseline]
params = {params}

[rungs.full]
seeds = 1
"""
PLACES = 8
"""Environment, params by name, params by form, arguments, changes, new files, titles, remote."""
ALLOWED = ("TF_", "KERAS_", "XLA_", "CUDA_", "SLURM_JOB_", "PLANNER_", "")
"""How the names of variables begin, most of which are written down."""
PATIENCE = 600.0


def secrets(times: int, folder: Path, seed: int) -> Figure:
    """Plant so many secrets around real runs of a loop and of a command, and search the run folders."""
    every = planted(times, seed)
    shares = [every[place::PLACES] for place in range(PLACES)]
    with _environment(shares[0]):
        runs = [
            *_runs_of_a_loop(folder / "loop", shares),
            *_runs_of_a_command(folder / "command", shares[3]),
        ]
    files = [path for run in runs for path in run.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in files}
    found = [
        f"{kind.name} in {path.parent.name}/{path.name}"
        for kind, secret in every
        for path, text in texts.items()
        if not hidden(secret, text)
    ]
    held = sum(all(hidden(secret, text) for text in texts.values()) for _, secret in every)
    note = ", ".join(found[:5]) or f"environment, params, argv, git; {len(files)} files of {len(runs)} runs"
    return Figure(what="fake secrets planted around real runs", tried=len(every), held=held, note=note)


@contextlib.contextmanager
def _environment(share: list[tuple[Kind, str]]) -> Iterator[None]:
    before = dict(os.environ)
    for number, (kind, secret) in enumerate(share):
        named = kind.name.upper() if number % 2 or not kind.bare else f"SETTING_{number}"
        os.environ[f"{ALLOWED[number % len(ALLOWED)]}{named}"] = secret
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _runs_of_a_loop(project: Path, shares: list[list[tuple[Kind, str]]]) -> list[Path]:
    """Two ideas: one is trained on params that hold secrets, one fails and quotes them all."""
    params = _params(shares[1], shares[2])
    layout = make_project(
        project, recipe=RECIPE, toml=TOML.format(recipe='entry = "experiment:train"', params=_toml(params))
    )
    work = Workspace(layout, who="ana")
    _uncommitted(project, shares[4], shares[5])
    (project / "digest").write_text(_digest(params))
    git(project, "remote", "add", "origin", _address(shares[7]))
    told = [f"try {kind.name} {secret}" for kind, secret in shares[6] if kind.bare]
    named = [f"{kind.name}={secret}" for kind, secret in shares[6] if not kind.bare]
    work.ideas.add(" ".join(told[0].split()), likelihood="50%", hours="1h", params=["lr=0.1"])
    work.ideas.edit(1, hypothesis="\n".join([*told, *named]))
    work.ideas.add("fails", likelihood="50%", hours="1h", params=["fails=true", "lr=0.1"])
    (project / "digest").write_text(_digest({**params, "lr": 0.1}))
    _run_dry(work, 1)
    _run_dry(work, 2)
    assert _value(work, 1) == 1.0, "the recipe was not given what it was to be given"
    return sorted(layout.runs.iterdir())


SKIP = """
[rungs.check]
skip = ["params"]
"""
"""The idea has a param that its command does not use, so that the command stays the same."""


def _runs_of_a_command(project: Path, share: list[tuple[Kind, str]]) -> list[Path]:
    """A command whose arguments are secrets: some in its template, some filled in from params."""
    own, filled = share[::2], share[1::2]
    params = {kind.name.lower(): secret for kind, secret in filled}
    template = [argument for kind, secret in own for argument in _argument(kind, secret)]
    template += [f"--{name.replace('_', '-')}={{{name}}}" for name in params]
    arguments = [*template[: len(template) - len(params)]]
    arguments += [f"--{name.replace('_', '-')}={secret}" for name, secret in params.items()]
    command = json.dumps(["python", "train.py", *template])
    settings = TOML.format(recipe=f"command = {command}", params=_toml(params)) + SKIP
    layout = make_project(project, toml=settings)
    (project / "train.py").write_text(SCRIPT)
    (project / "digest").write_text(hashlib.sha256(json.dumps(arguments).encode()).hexdigest())
    work = Workspace(layout, who="ana")
    work.ideas.add("an idea", likelihood="50%", hours="1h", params=["unused=1"])
    _run_dry(work, 1)
    assert _value(work, 1) == 1.0, "the command was not given what it was to be given"
    return sorted(layout.runs.iterdir())


def _params(named: list[tuple[Kind, str]], bare: list[tuple[Kind, str]]) -> dict[str, object]:
    params: dict[str, object] = {kind.name.lower(): secret for kind, secret in named[::2]}
    params["service"] = {"list": [{kind.name: secret} for kind, secret in named[1::2]]}
    params["notes"] = [f"see {secret} for more" for kind, secret in bare if kind.bare]
    params["line"] = [f"{kind.name}={secret} run" for kind, secret in bare if not kind.bare]
    return params


def _argument(kind: Kind, secret: str) -> list[str]:
    option = f"--{kind.name.lower().replace('_', '-')}"
    by_length = (
        [option, secret],
        [f"{option}={secret}"],
        ["-H", f"Authorization: Bearer {secret}"],
        [f"{kind.name}={secret}"],
    )
    return by_length[len(secret) % len(by_length)]


def _address(share: list[tuple[Kind, str]]) -> str:
    """An address that lets in by user and password, and by every way a query has."""
    told = [(kind.name, piece) for kind, secret in share for piece in pieces(secret)]
    query = "&".join(f"{name}={piece}" for name, piece in told[1:])
    return f"https://ci:{told[0][1]}@example.org/x.git?{query}"


def _uncommitted(project: Path, changed: list[tuple[Kind, str]], new: list[tuple[Kind, str]]) -> None:
    """Secrets in what git has not got yet: new lines, new files, and a line taken away."""
    (project / "config.py").write_text("WIDTH = 3\n")
    (project / "settings.yaml").write_text(
        "".join(f"{kind.name}: {json.dumps(secret)}\n" for kind, secret in new[:3])
    )
    commit(project, "settings")
    lines = [f"{kind.name} = {secret!r}\n" for kind, secret in changed]
    (project / "config.py").write_text("WIDTH = 4\n" + "".join(lines))
    (project / "settings.yaml").write_text("width: 3\n")
    (project / ".env").write_text("".join(f"{kind.name}={secret}\n" for kind, secret in new[3::2]))
    (project / "new.yaml").write_text(
        "".join(f"{kind.name}: {json.dumps(secret)}\n" for kind, secret in new[4::2])
    )


def _run_dry(work: Workspace, idea: int) -> None:
    dispatcher = Dispatcher.of(Project(work.layout, who="dispatcher"))
    work.queue.dispatch([idea])
    give_up = time.monotonic() + PATIENCE
    while dispatcher.tick():
        assert time.monotonic() < give_up, "it never came to an end"
        time.sleep(0.02)


def _value(work: Workspace, idea: int) -> float | None:
    runs = [run for run in work.view().ledger.runs.values() if run.idea == idea and run.rung == "full"]
    return runs[-1].value if runs else None


def _digest(params: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def _toml(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return json.dumps(value)
