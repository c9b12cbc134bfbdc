"""The door to the git binary for those who check code out: no hooks, no index but the one at hand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PATIENCE = 10.0
"""Seconds one question may take."""
CALM = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "submodule.recurse=false",
    "-c", "advice.detachedHead=false",
)  # fmt: skip
"""Settings under which git does what it is asked and nothing that a person has set up for their own work."""
ANOTHERS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
)  # fmt: skip
"""What a hook or an alias of git sets for its own repository, and that would lead to another one here."""


class Refused(Exception):
    """Git says no; the text is its last line, or the kernel's reason."""


class Unable(Refused):
    """Git is not there, or has not answered in time: nobody can tell whether it would refuse."""


def git(folder: Path, *arguments: str, given: bytes = b"", patience: float = PATIENCE) -> bytes:
    """What git prints when it is run in a folder; Refused when it ends badly, Unable when it can't be asked.

    What it writes is the owner's alone.
    """
    try:
        done = subprocess.run(
            ["git", *CALM, *arguments],
            cwd=folder,
            env=environment(),
            input=given,
            capture_output=True,
            timeout=patience,
            umask=0o077,
        )
    except FileNotFoundError as error:
        raise Unable(f"{error.strerror}: {error.filename}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unable(str(error)) from error
    if done.returncode:
        raise Refused(_last_line(done.stderr))
    return done.stdout


def environment() -> dict[str, str]:
    """One's own environment, without what would lead git to another repository, or let it ask or fetch."""
    own = {name: value for name, value in os.environ.items() if name not in ANOTHERS}
    return {**own, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "no reason given"
