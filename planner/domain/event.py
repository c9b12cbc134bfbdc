"""What a worker says of its run, one object a line, in order."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from planner.domain.fact import fact

EndStatus = Literal["finished", "failed", "stopped", "crashed"]


@fact
class Started:
    """The worker holds the folder and begins."""

    at: str
    """UTC, ISO 8601."""
    pid: int
    """The worker's process."""
    epochs: int | None = None
    """Epochs it will train for, once known."""


@fact
class Epoch:
    """One epoch has ended."""

    at: str
    """UTC, ISO 8601."""
    epoch: int
    """Number from 1."""
    epochs: int | None
    """Epochs in all, where known."""
    seconds: float
    """Seconds since training began, monotonic."""
    metrics: dict[str, float]
    """Every metric of the epoch; NaN and infinity included."""


@fact
class Resumed:
    """The run goes on with the training of another; the epochs of that one follow as its own."""

    at: str
    """UTC, ISO 8601."""
    run: str
    """The other run's id."""
    epoch: int
    """The last of the epochs that follow."""


@fact
class Check:
    """One isolated test of the rung `check` has an answer."""

    at: str
    """UTC, ISO 8601."""
    name: str
    """What was tested."""
    passed: bool
    """Whether it holds."""
    detail: str = ""
    """What was found, in a sentence."""


@fact
class Alert:
    """Something a person should know, which ends nothing."""

    at: str
    """UTC, ISO 8601."""
    text: str
    """One sentence."""


@fact
class Ended:
    """The worker's last word; a run without one has crashed too."""

    at: str
    """UTC, ISO 8601."""
    status: EndStatus
    """How it ended; `crashed` where the planner itself could not go on, which says nothing of the code."""
    seconds: float
    """Wall seconds of the worker, monotonic."""
    cause: str = ""
    """Why, in one sentence; empty when it simply finished."""
    metrics: dict[str, float] = field(default_factory=dict)
    """Metrics of the trained model at the end; NaN and infinity included."""
    covers: tuple[str, ...] = ()
    """Further rungs that need not be climbed: it has passed them, or they mean nothing for this recipe."""
    rung: str | None = None
    """The rung that it has climbed to by itself; None where it has stayed on its own."""


Event = Started | Resumed | Epoch | Check | Alert | Ended

KINDS: dict[str, type[Event]] = {
    "started": Started,
    "resumed": Resumed,
    "epoch": Epoch,
    "check": Check,
    "alert": Alert,
    "ended": Ended,
}
"""The value of an event's key `event` on disk, and the fact it stands for."""


@fact
class Progress:
    """Where a run stands: the fold of its events."""

    pid: int | None = None
    """The worker's process; None before it started."""
    started_at: str | None = None
    """When the worker began, UTC, ISO 8601."""
    last_at: str | None = None
    """When it last said anything, UTC, ISO 8601."""
    epoch: int = 0
    """Epochs finished."""
    epochs: int | None = None
    """Epochs in all, where known."""
    seconds: float = 0.0
    """Seconds of training so far."""
    longest: float = 0.0
    """Seconds of the longest epoch so far."""
    curves: dict[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """Points (epoch, value) by metric, oldest first; NaN and infinity included."""
    checks: tuple[Check, ...] = ()
    """Answers of the rung `check`, in order."""
    alerts: tuple[str, ...] = ()
    """Sentences for a person, in order."""
    resumed: Resumed | None = None
    """Where it went on from; None when it trained from the start."""
    ended: Ended | None = None
    """The last word; None while it runs, and for ever when it vanished."""

    @property
    def eta_seconds(self) -> float | None:
        """Seconds left at the pace so far; None before the first epoch or without a known end."""
        if self.ended or not self.epoch or not self.epochs:
            return None
        return self.seconds / self.epoch * max(0, self.epochs - self.epoch)
