"""The trained model on disk: written whole, so that the last checkpoint is always one that loads."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from planner.store import files
from planner.worker.report import Report

NAME = "last.keras"
"""The newest model, within the folder of checkpoints."""
UNFINISHED = "saving.keras"
"""The model while it is being written; Keras insists on the ending."""
EVERY = 600.0
"""Seconds between two checkpoints of a long training, at least."""
PATIENCE = 150.0
"""A checkpoint waits for this many times as long as the last one took: under 1 % of the training."""


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
            self._write()
        except Exception as error:
            # Saving runs the project's own layers and the disk may be full; neither may end the run.
            self._report.alert(f"the checkpoint could not be saved ({type(error).__name__}: {error})")
        self._saved_at = time.monotonic()
        self._took = self._saved_at - start

    def save_when_due(self) -> None:
        """Save the model if the last time is long enough ago."""
        if time.monotonic() - self._saved_at >= max(EVERY, PATIENCE * self._took):
            self.save()

    def _write(self) -> None:
        files.make_folder(self._folder)
        unfinished = self._folder / UNFINISHED
        descriptor = files.open_private(unfinished, os.O_WRONLY | os.O_TRUNC)
        try:
            self._model.save(unfinished)
            files.sync(descriptor, unfinished)
        finally:
            os.close(descriptor)
        files.rename(unfinished, self._folder / NAME)
        files.sync_folder(self._folder)
