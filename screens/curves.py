"""What is drawn of a run: its metrics in pairs, the baseline's band, and the GPU on the same axis."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite, log10

from planner.domain.gpu import GpuReading
from planner.domain.view import RunDetail
from screens import numbers

VALIDATION = "val_"
"""What Keras puts before a metric's name on the validation data."""
RATE, SMOOTHED = "learning_rate", "smoothed loss"
"""What a search for the learning rate reports of each step."""
MOST_POINTS = 400
"""Points drawn of one line; more could not be seen."""
LARGEST = 1e100
"""A value beyond this is drawn no more than an infinite one."""

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot."""

    name: str
    """What it shows, with its newest value, for the legend; empty to leave it out."""
    role: str
    """`train`, `validation`, `band`, or one of the GPU's fields: decides its colour."""
    points: Points
    """(epoch, value), finite, by epoch."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over one axis of epochs."""

    title: str
    """The metric, or `gpu`."""
    lines: tuple[Line, ...]
    """The later ones are drawn over the earlier ones."""
    span: tuple[float, float] | None = None
    """Lowest and highest value of the axis; None leaves it to the lines."""
    powers: tuple[float, float] | None = None
    """Where its x are powers of ten, the lowest and the highest; None where they are epochs."""


def plots(detail: RunDetail, goal: str) -> tuple[Plot, ...]:
    """The goal's metric first, then the loss, the others by name, and the GPU last."""
    if detail.run.run.rung == "lr":
        return (*_rates(detail.run.progress.curves), *_gpu_alone(detail))
    curves = detail.run.progress.curves
    first = goal.removeprefix(VALIDATION)
    names = sorted(
        {name.removeprefix(VALIDATION) for name in curves}, key=lambda n: (n != first, n != "loss", n)
    )
    drawn = [Plot(name, tuple(_metric(detail, name))) for name in names]
    return (*(plot for plot in drawn if any(line.points for line in plot.lines)), *_gpu_alone(detail))


def _gpu_alone(detail: RunDetail) -> tuple[Plot, ...]:
    gpu = Plot("gpu", tuple(_gpu(detail)), (0.0, 100.0))
    return (gpu,) if any(line.points for line in gpu.lines) else ()


def _rates(curves: Mapping[str, Sequence[tuple[int, float]]]) -> tuple[Plot, ...]:
    """What a search for the learning rate has found so far: the loss over the rate, by powers of ten."""
    rates = dict(curves.get(RATE, ()))
    loss = [(log10(rates[step]), value) for step, value in curves.get(SMOOTHED, ()) if rates.get(step, 0) > 0]
    points = thinned(loss)
    if not points:
        return ()
    low, begun = min(value for _, value in points), points[0][1]
    # What diverges would flatten everything that can be learnt from the rest.
    top = begun + (begun - low) / 10 if begun > low else max(value for _, value in points)
    line = Line(f"smoothed, lowest {numbers.metric(low)}", "train", _up_to(points, top))
    span = (low - (top - low) / 20, top) if top > low else None
    return (Plot("loss over the learning rate", (line,), span, (points[0][0], points[-1][0])),)


def _up_to(points: Points, top: float) -> Points:
    """The points, those far above the top at the top."""
    return tuple((x, min(y, top)) for x, y in points)


def _metric(detail: RunDetail, name: str) -> Iterable[Line]:
    curves = detail.run.progress.curves
    seen = VALIDATION + name if VALIDATION + name in curves else name
    band = detail.baseline_band.get(seen, ())
    yield Line("baseline", "band", thinned((epoch, low) for epoch, low, _ in band))
    yield Line("", "band", thinned((epoch, high) for epoch, _, high in band))
    for role, points in (("train", curves.get(name, ())), ("validation", curves.get(VALIDATION + name, ()))):
        newest = numbers.metric(points[-1][1]) if points else ""
        yield Line(f"{role} {newest}", role, thinned(points))


def _gpu(detail: RunDetail) -> Iterable[Line]:
    at = clock(detail.epoch_ends, detail.run.progress.started_at)
    readings = [(at(reading.at), reading) for reading in detail.gpu] if at else []
    most = max((reading.power or 0.0 for _, reading in readings), default=0.0) or 1.0

    def line(role: str, name: str, value: Callable[[GpuReading], float | None]) -> Line:
        points = thinned((epoch, known) for epoch, each in readings if (known := value(each)) is not None)
        return Line(name.format(points[-1][1]) if points else "", role, points)

    yield line(
        "power", f"power {{:.0f}} % of {most:.0f} W", lambda each: each.power and each.power / most * 100
    )
    yield line("temperature", "{:.0f} °C", lambda each: each.temperature)
    yield line("memory", "memory {:.0f} %", _memory)
    yield line("utilisation", "busy {:.0f} %", lambda each: each.utilisation)


def _memory(reading: GpuReading) -> float | None:
    """Memory of this run where the driver says it, of everybody where not, as a share of all, per cent."""
    used = reading.memory_used if reading.memory_own is None else reading.memory_own
    return used / reading.memory_total * 100 if used is not None and reading.memory_total else None


class Clock:
    """Turns a time of day into epochs since the training began, in between as well."""

    def __init__(self, ends: Sequence[tuple[int, str]], start: str) -> None:
        self.times = [_seconds(start), *(_seconds(at) for _, at in ends)]
        self.epochs = [0.0, *(float(epoch) for epoch, _ in ends)]

    def __call__(self, at: str) -> float:
        """The epoch at that moment; past the last end at the pace of the last epoch."""
        now = _seconds(at)
        place = min(max(bisect_right(self.times, now), 1), len(self.times) - 1)
        before, after = self.times[place - 1], self.times[place]
        share = (now - before) / (after - before) if after > before else 0.0
        return self.epochs[place - 1] + share * (self.epochs[place] - self.epochs[place - 1])


def clock(ends: Sequence[tuple[int, str]], start: str | None) -> Clock | None:
    """A clock from the ends of epochs; None before the first has ended."""
    return Clock(ends, start) if ends and start else None


def thinned(points: Iterable[tuple[float, float]]) -> Points:
    """The finite points, at most so many as can be told apart; the last always stays."""
    finite = [(float(x), float(y)) for x, y in points if isfinite(y) and abs(y) < LARGEST]
    step = max(1, -(-len(finite) // MOST_POINTS))
    return (*finite[:-1:step], finite[-1]) if finite else ()


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
