"""The door to the git binary for those who check code out: no hooks, no index but the one at hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

from planner.provenance.asking import environment, reason, run

PATIENCE = 30.0
"""Seconds one question may take, a stall of the disk among them."""
CALM = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "submodule.recurse=false",
    "-c", "advice.detachedHead=false",
)  # fmt: skip
"""Settings under which git does what it is asked and nothing that a person has set up for their own work."""


class Refused(Exception):
    """Git says no; the text is its last line, or the kernel's reason."""


class Unable(Exception):
    """Git is not there, was killed or has not answered in time: nobody can tell whether it would refuse."""


def git(folder: Path, *arguments: str, given: bytes = b"", patience: float = PATIENCE) -> bytes:
    """What git prints when it is run in a folder; Refused when it ends badly, Unable when it can't be asked.

    What it writes is the owner's alone.
    """
    try:
        command = ["git", *CALM, *arguments]
        done = run(command, folder, environment(), patience=patience, given=given, umask=0o077)
    except FileNotFoundError as error:
        raise Unable(f"{error.strerror}: {error.filename}") from error
    except subprocess.TimeoutExpired as error:
        raise Unable(f"`{arguments[0]}` took longer than {patience:g} s") from error
    except OSError as error:
        raise Unable(str(error)) from error
    if done.returncode < 0:
        raise Unable(f"`{arguments[0]}` was ended by signal {-done.returncode}")
    if done.returncode:
        raise Refused(reason(done.stderr))
    return done.stdout
