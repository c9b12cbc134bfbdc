"""Makes the example project: a recipe, its settings and a git repository around them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from planner.domain.mistake import Failed, Mistake, NothingToDo

TEMPLATES = Path(__file__).parent / "project"
"""One folder a kind, copied as it is."""
KINDS = ("digits", "diabetes")
"""Classes of images, and a number to predict."""
AUTHOR = ("-c", "user.name=planner demo", "-c", "user.email=demo@localhost")
"""Who commits it; a machine where git knows nobody yet must not refuse."""


def make(folder: Path, kind: str = "digits") -> None:
    """Write the project into a new or an empty folder and commit it.

    NothingToDo when the folder holds an example project already, Mistake when it holds anything else.
    """
    if kind not in KINDS:
        raise Mistake(f"there is no example {kind!r}; there are {' and '.join(KINDS)}")
    _ask_for_room(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for template in sorted((TEMPLATES / kind).iterdir()):
            if template.is_file():
                shutil.copyfile(template, folder / _name(template))
    except OSError as error:
        raise Failed(f"{folder} can't become the example project: {error.strerror}") from error
    if shutil.which("git"):  # without git the project works, and its runs can't tell which code they ran
        _commit(folder)


def _ask_for_room(folder: Path) -> None:
    if (folder / "planner.toml").exists() and (folder / "experiment.py").exists():
        raise NothingToDo(f"{folder} holds the example project already; `planner -C {folder}` opens it")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Mistake(f"{folder} is not empty: name a new folder, such as `planner demo digits`")


def _name(template: Path) -> str:
    """The file's name in the project; the package can't carry a `.gitignore` of its own."""
    return ".gitignore" if template.name == "gitignore" else template.name


def _commit(folder: Path) -> None:
    _git(folder, "-c", "init.defaultBranch=main", "init", "--quiet")
    _git(folder, "add", "--all")
    _git(
        folder,
        *AUTHOR,
        "-c",
        "commit.gpgSign=false",
        "commit",
        "--quiet",
        "--no-verify",
        "-m",
        "The example project",
    )


def _git(folder: Path, *arguments: str) -> None:
    # A variable such as GIT_DIR, set inside a hook, would send this to another repository.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        raise Failed(f"git could not put {folder} under version control: {said[-1]}")
