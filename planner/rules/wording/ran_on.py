"""What a run was, read from its context as a person would tell it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

SHORT = 10
"""Digits of a hash that are shown."""
LIBRARIES = ("keras", "tensorflow", "jax", "torch", "scikit-learn", "numpy")
"""Packages that are named."""
Context = Mapping[str, Any]


def ran_on(context: Context) -> list[tuple[str, str]]:
    """What it was, one thing a line under its name; what the context does not say is left out."""
    told = (
        ("idea", _idea(context)),
        ("hypothesis", _text(context, "hypothesis")),
        ("believed", "; ".join(_estimates(_part(context, "estimates")))),
        ("rung", _rung(context)),
        ("recipe", _recipe(context)),
        ("baseline", _baseline(_part(context, "baseline"))),
        ("code", code_in_words(context)),
        ("data", "; ".join(_data(context))),
        ("device", _device(context)),
        ("software", _software(context)),
        ("when", " on ".join(filter(None, (_text(context, "at"), _text(context, "hostname"))))),
    )
    return [(name, text) for name, text in told if text]


def code_in_words(context: Context) -> str:
    """The commit and what was on top of it."""
    code = _part(context, "code")
    if not code:
        return "not in git" if "code" in context else ""
    commit = f"commit {str(code['commit'])[:SHORT]}" if code.get("commit") else "no commit yet"
    where = context.get("ref") or code.get("branch")
    patch = f", with uncommitted changes ({code['patch']})" if code.get("patch") else ""
    return commit + (f" of {where}" if where else "") + patch


def _idea(context: Context) -> str:
    number, title = context.get("idea"), _text(context, "title")
    return f"#{number} {title}".strip() if number is not None else title


def _estimates(estimates: Context) -> Iterator[str]:
    for person, said in estimates.items():
        if isinstance(said, Mapping):
            numbers = (f"{name} {said[name]:g}" for name in said if type(said[name]) in (int, float))
            yield f"{person}: {', '.join(numbers)}"


def _rung(context: Context) -> str:
    rung, seed = _text(context, "rung"), context.get("seed")
    if not rung:
        return ""
    covered = context.get("covers")
    rungs = " and ".join(map(str, [*(covered if isinstance(covered, list) else ()), rung]))
    share = context.get("fraction")
    less = f", {share:.0%} of the training data".replace("%", " %") if isinstance(share, float) else ""
    return f"{rungs}, seed {seed}" + (f", step {context['step']}" if context.get("step") else "") + less


def _recipe(context: Context) -> str:
    command = context.get("command")
    return " ".join(map(str, command)) if isinstance(command, list) else _text(context, "entry")


def _baseline(baseline: Context) -> str:
    if not baseline:
        return ""
    params = (f"{name} = {json.dumps(value)}" for name, value in _part(baseline, "params").items())
    return f"version {baseline.get('version')}: {', '.join(params)}".rstrip(": ")


def _data(context: Context) -> Iterator[str]:
    files = _part(context, "data_files")
    if files:
        counted = "1 file" if files.get("files") == 1 else f"{files.get('files')} files"
        yield f"{counted}, {files.get('bytes'):,} bytes, {str(files.get('sha256'))[:SHORT]}"
    for name, part in _part(context, "data").items():
        if isinstance(part, Mapping) and "sha256" in part:
            yield f"{name} {part.get('examples'):,} examples, {str(part['sha256'])[:SHORT]}"


def _device(context: Context) -> str:
    uuid, processor = _text(context, "device"), _text(context, "processor")
    if not uuid:
        return f"{processor}, no GPU" if processor else ""
    name, driver = _text(context, "device_name"), _text(context, "driver")
    return f"{name or 'GPU'} ({uuid})" + (f", driver {driver}" if driver else "")


def _software(context: Context) -> str:
    packages, backend = _part(context, "packages"), _text(context, "backend")
    named = [f"{name} {packages[name]}" for name in LIBRARIES if name in packages]
    python, planner = _text(context, "python"), _text(context, "planner")
    told = [f"Python {python}"] if python else []
    told += [f"planner {planner}"] if planner else []
    return ", ".join([*told, *named]) + (f"; Keras on {backend}" if backend else "")


def _text(context: Context, name: str) -> str:
    value = context.get(name)
    return value if isinstance(value, str) else ""


def _part(context: Context, name: str) -> Context:
    part = context.get(name)
    return part if isinstance(part, Mapping) else {}
