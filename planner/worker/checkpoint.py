"""The trained model on disk: written whole, so that the last checkpoint is always one that loads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.store import files
from planner.worker.report import Report

NAME = "last.keras"
"""The newest model, within the folder of checkpoints."""
UNFINISHED = "saving"
"""A file of this name is still being written; the ending is that of the file it becomes."""
EVERY = 600.0
"""Seconds between two checkpoints of a long training, at least."""
PATIENCE = 400.0
"""A checkpoint waits for this many times as long as the last one took: a quarter of 1 % of the training."""


class Checkpoints:
    """Saves one model into its run's folder, again and again under one name."""

    def __init__(self, model: Any, folder: Path, report: Report) -> None:
        self._model = model
        self._folder = folder
        self._report = report
        self._saved_at = time.monotonic()
        self._took = 0.0

    def save(self) -> None:
        """Save the model now; a failure is an alert, for the training is worth more than its copy."""
        start = time.monotonic()
        try:
            save_whole(self._folder / NAME, self._model.save)
        except Exception as error:
            # Saving runs the project's own layers and the disk may be full; neither may end the run.
            self._report.alert(f"the checkpoint could not be saved ({type(error).__name__}: {error})")
        self._saved_at = time.monotonic()
        self._took = self._saved_at - start

    def save_when_due(self) -> None:
        """Save the model if the last time is long enough ago."""
        if time.monotonic() - self._saved_at >= max(EVERY, PATIENCE * self._took):
            self.save()


def save_whole(path: Path, save: Callable[[Path], object]) -> None:
    """Let `save` write a file beside `path`, and put it there once it is whole and on the disk."""
    files.make_folder(path.parent)
    unfinished = path.with_name(UNFINISHED + path.suffix)  # who writes it may insist on the ending
    descriptor = files.open_private(unfinished, os.O_WRONLY | os.O_TRUNC)
    try:
        save(unfinished)
        files.sync(descriptor, unfinished)
    except BaseException:
        files.remove(unfinished)
        raise
    finally:
        os.close(descriptor)
    files.rename(unfinished, path)
    files.sync_folder(path.parent)
