"""Where a run stands: the fold of what its worker has said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.domain.event import Alert, Check, Ended, Epoch, Event, Progress, Resumed, Started

Points = dict[str, list[tuple[int, float]]]
"""Curves while they grow: points (epoch, value) by metric."""


QUIET = 20.0
"""Seconds without a word that are nothing, in any run."""
QUIET_AT_FIRST = 300.0
"""Seconds without a word until the first epoch ends, while libraries and data load and a graph is traced."""
LONGEST_EPOCHS = 3.0
"""Silence as long as so many of the longest epochs is no slow epoch any more."""


def too_quiet(progress: Progress, silent: float | None) -> bool:
    """Whether a running run has said nothing for so long, in seconds, that it may hang."""
    usual = LONGEST_EPOCHS * progress.longest if progress.epoch else QUIET_AT_FIRST
    return silent is not None and silent >= max(QUIET, usual)


def fold(progress: Progress, events: Iterable[Event]) -> Progress:
    """The progress after further events, in order; folding piece by piece equals folding at once."""
    curves: Points = {metric: list(points) for metric, points in progress.curves.items()}
    for event in events:
        progress = _after(progress, event)
        if isinstance(event, Epoch):
            _draw(curves, event)
    return replace(progress, curves={metric: tuple(points) for metric, points in curves.items()})


def _after(progress: Progress, event: Event) -> Progress:
    """Everything but the curves, after one event."""
    if not _is_inherited(progress, event):  # that was said by another run, at its own time
        progress = replace(progress, last_at=event.at)
    match event:
        case Started():
            # A cluster may start a worker again in its folder, so an earlier last word is not the last.
            epochs = event.epochs or progress.epochs
            return replace(progress, pid=event.pid, started_at=event.at, epochs=epochs, ended=None)
        case Resumed():
            return replace(progress, resumed=event)
        case Epoch():
            epochs = event.epochs or progress.epochs
            took = max(progress.longest, event.seconds - progress.seconds)
            return replace(progress, epoch=event.epoch, epochs=epochs, seconds=event.seconds, longest=took)
        case Check():
            return replace(progress, checks=(*progress.checks, event))
        case Alert():
            return replace(progress, alerts=(*progress.alerts, event.text))
        case Ended():
            return replace(progress, ended=event)


def _is_inherited(progress: Progress, event: Event) -> bool:
    return isinstance(event, Epoch) and progress.resumed is not None and event.epoch <= progress.resumed.epoch


def _draw(curves: Points, event: Epoch) -> None:
    """Adds the epoch's points; an epoch that is trained again takes the place of the first attempt."""
    for points in curves.values():
        _rewind(points, event.epoch)
    for metric, value in event.metrics.items():
        points = curves.setdefault(metric, [])
        # A recipe may report one epoch in several parts, so only the metric itself is replaced.
        _rewind(points, event.epoch - 1)
        points.append((event.epoch, value))


def _rewind(points: list[tuple[int, float]], epoch: int) -> None:
    while points and points[-1][0] > epoch:
        points.pop()
