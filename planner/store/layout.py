"""Where everything of a project lies on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.domain.mistake import Mistake
from planner.store.links import HOME_FOLDER

if TYPE_CHECKING:
    from planner.store.runfolder import RunFolder

SETTINGS_FILE = "planner.toml"


class Layout:
    """The paths of one project; knowing them touches nothing."""

    def __init__(self, project: Path) -> None:
        self.project = project
        """The folder that holds `planner.toml`."""
        self.toml = project / SETTINGS_FILE
        """The user's settings."""
        self.home = project / HOME_FOLDER
        """The planner's own folder."""
        self.backlog = self.home / "backlog.json"
        """Everything decided."""
        self.journal = self.home / "journal.jsonl"
        """Every operation, one a line."""
        self.lock = self.home / "lock"
        """Held by whoever writes to the store."""
        self.settings_cache = self.home / "settings.json"
        """The settings as last validated."""
        self.backups = self.home / "backups"
        """The newest earlier states of the backlog."""
        self.archive = self.home / "archive"
        """What has left the backlog and is read for history alone, a file a month."""
        self.runs = self.home / "runs"
        """One folder for each run."""
        self.reviews = self.home / "reviews"
        """One page for each week reviewed."""
        self.dispatcher_lock = self.home / "dispatcher.lock"
        """Held by the one dispatcher."""
        self.dispatcher_log = self.home / "dispatcher.log"
        """What the dispatcher says."""

    def run(self, run_id: str) -> RunFolder:
        """The folder of one run; Mistake when the id is no plain name."""
        from planner.store.runfolder import RunFolder  # capturing an idea needs no run

        return RunFolder.within(self.runs, run_id)

    def __repr__(self) -> str:
        return f"Layout({str(self.project)!r})"


def find_project(start: Path) -> Layout:
    """The nearest project from `start` upwards; Mistake when there is none."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Layout(folder)
    raise Mistake(f"no {SETTINGS_FILE} in {here} or above; `planner init` makes one")
