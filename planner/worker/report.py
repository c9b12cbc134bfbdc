"""What the worker says of its run, as events."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite, nan
from typing import Any

from planner.clock import Now, utc_now
from planner.domain.event import Alert, Check, Ended, EndStatus, Epoch, Event, Resumed, Started
from planner.store.eventlog import EventLog
from planner.store.redact import without_secrets
from planner.worker.output import narrate
from planner.worker.thinning import MANY, Thinning

LONGEST = 1000
"""Characters of any one sentence."""


class Report:
    """Writes events, and remembers what has been said."""

    def __init__(
        self,
        log: EventLog,
        *,
        discreet: Callable[[str], str] = without_secrets,
        now: Now = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.metrics: dict[str, float] = {}
        """The newest value of every metric reported so far."""
        self.epoch_number = 0
        """The newest epoch that ended."""
        self.diverged = False
        """Whether the loss went to NaN or infinity, so that no metric of the model means anything."""
        self.covers: tuple[str, ...] = ()
        """Further rungs that it has passed, or that mean nothing for this recipe."""
        self.rung: str | None = None
        """The rung that it has climbed to; None while it is on its own."""
        self._log = log
        self._discreet = discreet
        self._now = now
        self._clock = clock
        self._born = clock()
        self._training_since: float | None = None
        self._before = 0.0
        self._doubted: set[str] = set()
        self._thinning = Thinning(clock)
        self.words = 0
        """How often anything has been said."""

    def started(self) -> None:
        """The worker holds the folder and begins."""
        self._write(Started(at=self._now(), pid=os.getpid()))

    def training(self) -> None:
        """Training begins now: the seconds of the epochs count from here."""
        self._training_since = self._clock()

    def inherit(self, run: str, epochs: Sequence[Epoch]) -> None:
        """The training goes on from another run, whose epochs are this one's from now on; not empty."""
        self._write(Resumed(at=self._now(), run=run, epoch=epochs[-1].epoch))
        for epoch in epochs:
            self._write(epoch)
            self.metrics.update(epoch.metrics)
        self.epoch_number = epochs[-1].epoch
        self._before = epochs[-1].seconds

    def sync(self) -> None:
        """Wait until everything that was said is on the disk."""
        self._log.sync()

    def epoch(self, number: int, of: int | None, metrics: Mapping[str, object]) -> None:
        """One epoch has ended; what is no number among its metrics is left out."""
        numbers = {name: value for name, raw in metrics.items() if (value := number_of(raw)) is not None}
        self.metrics.update(numbers)
        self.epoch_number = number
        since = self._born if self._training_since is None else self._training_since
        told = Epoch(
            at=self._now(),
            epoch=number,
            epochs=of,
            seconds=self._before + self._clock() - since,
            metrics=numbers,
        )
        self._tell(told)
        self._doubt(numbers)

    def _tell(self, epoch: Epoch) -> None:
        if not self._thinning.let(epoch):
            self.words += 1
            return
        self._write(epoch)
        if self._thinning.just_begun:
            self.alert(f"it has reported {MANY} times: from here on one report a second is kept")

    def _doubt(self, numbers: Mapping[str, float]) -> None:
        """Say once of each metric that it has become NaN or infinite."""
        for name in bad_numbers(numbers):
            if name not in self._doubted:
                self._doubted.add(name)
                self.alert(f"{name} is {numbers[name]} in epoch {self.epoch_number}")
        if "loss" in numbers:
            self.diverged = not isfinite(numbers["loss"])

    def check(self, name: str, *, passed: bool, detail: str) -> None:
        """One isolated test has an answer."""
        self._write(Check(at=self._now(), name=name, passed=passed, detail=self._said(detail)))

    def alert(self, text: str) -> None:
        """Something a person should know, which ends nothing; in the log too."""
        said = self._said(text)
        narrate(said)
        self._write(Alert(at=self._now(), text=said))

    def ended(self, status: EndStatus, cause: str, metrics: Mapping[str, float]) -> None:
        """The last word."""
        if epoch := self._thinning.rest():
            self._write(epoch)
        self._write(
            Ended(
                at=self._now(),
                status=status,
                seconds=self._clock() - self._born,
                cause=self._said(cause),
                metrics=dict(metrics),
                covers=self.covers if status == "finished" else (),
                rung=self.rung,
            )
        )

    def _write(self, event: Event) -> None:
        self.words += 1
        self._log.write(event)

    def _said(self, text: str) -> str:
        return self._discreet(text)[:LONGEST]

    def final(self, metric: str) -> dict[str, float]:
        """The metrics at the end; of a model that diverged the goal's own is NaN, whatever was reported."""
        return {**self.metrics, metric: nan} if self.diverged else dict(self.metrics)


def number_of(value: object) -> float | None:
    """A number as a float, whatever library it comes from; None for anything else."""
    if isinstance(value, bool | str | bytes):
        return None
    try:
        return float(value)  # type: ignore[arg-type]  # asking is how one finds out
    except OverflowError:  # a whole number beyond what a float holds
        return inf if value > 0 else -inf  # type: ignore[operator]  # and numbers alone overflow
    except (TypeError, ValueError, RuntimeError):  # the last is PyTorch's
        return _only_one(value)


def _only_one(value: Any) -> float | None:
    """The number in an array that holds one and has dimensions, which NumPy takes for no number."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return float(value.item()) if kind in ("i", "u", "f") and getattr(value, "size", 0) == 1 else None


def bad_numbers(metrics: Mapping[str, float]) -> list[str]:
    """The names of the metrics that are NaN or infinite, in order."""
    return [name for name, value in metrics.items() if not isfinite(value)]
