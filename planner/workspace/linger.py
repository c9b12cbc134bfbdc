"""Whether runs outlive a logout: systemd may end every process of a user who leaves."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from planner.domain.finding import Finding

SETTINGS = ("/etc/systemd/logind.conf", "/run/systemd/logind.conf.d", "/etc/systemd/logind.conf.d")
"""Where KillUserProcesses may be set; of several the last one counts."""

Ask = Callable[[list[str]], str | None]
"""Runs a command and answers what it printed; None when it can't."""


PATIENCE = 20.0
"""Seconds a command may take to answer."""


def ask(command: list[str]) -> str | None:
    """What a command prints; None when it is missing, fails or takes longer than PATIENCE."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def logout(ask: Ask = ask, settings: Iterable[str] = SETTINGS) -> Finding:
    """Whether runs go on after a logout."""
    if ask(["loginctl", "--version"]) is None:
        return _fine("no systemd-logind here that could end them")
    if not _kills(ask, settings):
        return _fine("systemd leaves the processes of a user who logs out alone")
    user = getpass.getuser()
    if ask(["loginctl", "show-user", user, "--property=Linger", "--value"]) == "yes":
        return _fine(f"systemd lets the processes of {user} linger")
    return Finding(
        name="logout",
        state="problem",
        text="systemd ends all processes of a user who logs out (KillUserProcesses=yes), and so the runs",
        command="loginctl enable-linger",
    )


def _fine(text: str) -> Finding:
    return Finding(name="logout", state="ok", text=f"runs go on: {text}")


def _kills(ask: Ask, settings: Iterable[str]) -> bool:
    """Whether KillUserProcesses is on: as logind says, else as its files do."""
    manager = ["org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"]
    said = ask(["busctl", "get-property", *manager, "KillUserProcesses"])
    if said is not None:
        return said.split()[-1:] == ["true"]
    found = [line for path in settings for line in _lines(Path(path))]
    values = [line.partition("=")[2] for line in found if line.strip().startswith("KillUserProcesses")]
    return bool(values) and values[-1].strip().lower() in ("yes", "true", "1", "on")


def _lines(path: Path) -> list[str]:
    try:
        files = sorted(path.glob("*.conf")) if path.is_dir() else [path]
        return [line for file in files for line in file.read_text(errors="replace").splitlines()]
    except OSError:
        return []
