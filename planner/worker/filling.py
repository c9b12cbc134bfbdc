"""A command with the params of a run in their places."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.store import encoding, files
from planner.store.redact import redacted
from planner.worker.nearest import did_you_mean

PLACE = re.compile(r"\$\{[^}]*\}|\{\{([A-Za-z_][\w.\-]*)\}\}|\{([A-Za-z_][\w.\-]*)\}")
"""What is a shell's own; what is meant to be in braces; and where a param goes: its name in braces."""
ALL = "params"
"""The place of all params together, as JSON."""
FILE = "params.json"
"""The place of the path of a file with them."""
SHELLS = ("sh", "bash", "dash", "zsh", "ksh")
"""Programs that read what follows `-c` as a script."""


def places(command: Iterable[str], params: Iterable[str]) -> set[str]:
    """The names that have a place in the command: all of them where it takes all."""
    found = {name for part in command for _, name in PLACE.findall(part) if name}
    return found | set(params) if found & {ALL, FILE} else found


def filled(command: tuple[str, ...], params: Mapping[str, object], folder: Path | None = None) -> list[str]:
    """The command with each `{param}` replaced; Mistake for a place that no param fills.

    The file of all params is written to `folder`.
    """

    def value(place: re.Match[str]) -> str:
        inner, name = place.groups()
        if name is None:
            return f"{{{inner}}}" if inner else place[0]
        if name in params:
            return _spelt(params[name])
        if name == ALL:
            return json.dumps(params)
        if name == FILE and folder is not None:
            return str(_written(folder / FILE, params))
        raise Mistake(
            f"the command in planner.toml uses {{{name}}}, and the params have no {name}"
            f"{did_you_mean(name, params) or f'; braces that are meant as such are doubled, {{{{{name}}}}}'}"
        )

    _refuse_in_script(command, params)
    program, *arguments = (PLACE.sub(value, part) for part in command)
    # A bare `python` means the interpreter that trains, whatever the dispatcher's PATH finds first.
    return [sys.executable if program in ("python", "python3") else program, *arguments]


def _refuse_in_script(command: tuple[str, ...], params: Mapping[str, object]) -> None:
    """Mistake for a param whose value a shell would take apart, since it stands within a script."""
    if len(command) < 3 or Path(command[0]).name not in SHELLS or not re.fullmatch("-[a-z]*c", command[1]):
        return
    for _, name in PLACE.findall(command[2]):
        if name in params and shlex.quote(said := _spelt(params[name])) != said:
            raise Mistake(
                f"the param {name} is {said!r}, which {command[0]} would take apart: in planner.toml's "
                f'command write "$1" in the script, and "{command[0]}", "{{{name}}}" after it'
            )


def _written(path: Path, params: Mapping[str, object]) -> Path:
    """A file of all params; Mistake where they hold a secret, which no file of a run may."""
    if redacted(encoding.plain(dict(params))) != encoding.plain(dict(params)):
        raise Mistake(
            f"a param looks like a secret, which no file of a run may hold: let the command take it from the "
            f"environment, or take {{{ALL}}} instead of {{{FILE}}}"
        )
    files.write_whole(path, json.dumps(params, indent=1).encode())
    return path


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
