"""How git is asked about one repository, whatever a shell or a hook has set for another."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ANOTHERS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_QUARANTINE_PATH",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_ATTR_SOURCE",
)  # fmt: skip
"""What a hook or an alias of git sets for its own repository, or a person for their own eyes."""


class Unanswered(OSError):
    """Git could not be asked, or did not answer in time: of what it would have said nothing is known."""


def environment() -> dict[str, str]:
    """One's own environment, without what would lead git to another repository, or let it ask or fetch."""
    own = {name: value for name, value in os.environ.items() if name not in ANOTHERS}
    calm = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    return {**own, **calm, "LANGUAGE": "en"}  # what it refuses for is read


def run(
    command: Sequence[str],
    folder: Path,
    told: Mapping[str, str],
    *,
    patience: float,
    given: bytes = b"",
    umask: int = -1,
) -> subprocess.CompletedProcess[bytes]:
    """What git did in a folder, with the environment `told`; OSError where it can't be started.

    TimeoutExpired after `patience` seconds. Then nothing of it goes on, nor of a filter or a driver that it
    has started: each would wait for ever, and none has a terminal to ask anybody.
    """
    with subprocess.Popen(
        command,
        cwd=folder,
        env=told,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        umask=umask,
    ) as process:
        try:
            said, trouble = process.communicate(given, timeout=patience)
        except BaseException:  # an interrupt too
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, said, trouble)


def reason(said: bytes) -> str:
    """Why git refused, from what it wrote to stderr: a program it lacks, what is fatal, what it advises."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    lacks = [line for line in lines if line.endswith("not found") and not line.startswith("fatal: ")]
    advice = [f"`{line}` lets it" for line in lines[-1:] if line.startswith("git config ")]
    told = dict.fromkeys([*lacks[:1], *(fatal or lines[-1:])[:1], *advice])  # each once
    return "; ".join(told) or "no reason given"
