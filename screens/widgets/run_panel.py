"""What there is to say of the highlighted run without opening it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from planner.domain.event import Check
from planner.domain.view import RunView
from screens import numbers, signs
from screens.text import fit, plain, wrap
from screens.widgets.sheet import LABEL, Sheet, labelled

NAME = 16
"""Cells of a metric's name."""


class RunPanel(Sheet):
    """State, curves as sparklines, params, and the whole of a cause."""

    _run: RunView | None = None
    _metric = ""
    _beside: Mapping[str, object] | None = None

    def show(self, run: RunView | None, metric: str, beside: Mapping[str, object] | None) -> None:
        """Put a run on the sheet; the metric is the goal's, which comes first.

        `beside` are the params of the baseline that the run starts from; None where nobody knows.
        """
        same = run is not None and self._run is not None and run.run.id == self._run.run.id
        self._run, self._metric, self._beside = run, metric, beside
        self.rewrite(top=not same)

    def lines(self, width: int) -> Sequence[Content]:
        """Who it is, how it goes, what it was given."""
        if self._run is None:
            return ()
        run = self._run.run
        idea = f"#{run.idea} " if run.idea is not None else ""
        return [
            *(Content.styled(line, "bold") for line in wrap(f"{idea}{self._run.title}", width)),
            *(Content.styled(line, "$foreground-muted") for line in wrap(_facts(self._run), width)),
            *labelled("waits", [run.waits] if run.status == "queued" and run.waits else [], width),
            *labelled("cause", [run.cause] if run.cause else [], width),
            *labelled("alerts", self._run.progress.alerts, width),
            *labelled("checks", [_told(check) for check in self._run.progress.checks], width),
            *_metrics(self._run, self._metric, width),
            *labelled("changes", _changes(run.params, self._beside), width),
            *labelled("params", [_in_a_line(run.params)], width),
        ]


def _in_a_line(params: Mapping[str, object]) -> str:
    return " · ".join(f"{name} {value!r}" for name, value in params.items())


def _changes(params: Mapping[str, object], beside: Mapping[str, object] | None) -> list[str]:
    """What differs from the baseline's params, each with what it is there."""
    if beside is None:
        return []
    told = [
        f"{name} {value!r} (baseline {beside[name]!r})" if name in beside else f"{name} {value!r}"
        for name, value in params.items()
        if name not in beside or beside[name] != value
    ]
    return [" · ".join(told)] if told else []


def _facts(view: RunView) -> str:
    run, progress = view.run, view.progress
    facts = [
        str(signs.of_run(run)),
        run.id,
        run.rung,
        f"seed {run.seed}",
        f"baseline v{run.baseline}",
    ]
    if progress.epoch:
        facts.append(
            f"{progress.epoch}/{progress.epochs} epochs" if progress.epochs else f"epoch {progress.epoch}"
        )
    if run.status == "running" and progress.eta_seconds is not None:
        facts.append(f"{numbers.duration(progress.eta_seconds)} left")
    if run.ended_at:
        facts.append(f"took {numbers.duration(run.hours * 3600)}")
    if run.energy_wh is not None:
        facts.append(f"{numbers.compact(run.energy_wh)} Wh")
    if run.ref:
        facts.append(f"code of {run.ref}")
    if run.struck is not None:
        facts.append(f"struck out: {run.struck}")
    if run.config is not None:
        facts.append(f"configuration {run.config}")
    if run.rate is not None:
        facts.append(f"learning rate: try {run.rate:.2g}")
    if run.replay_of:
        facts.append(f"replay of {run.replay_of}")
    if run.retry_of:
        facts.append(f"repeats {run.retry_of}")
    if progress.resumed:
        facts.append(f"from epoch {progress.resumed.epoch} of {progress.resumed.run}")
    elif run.resumed_from:
        facts.append(f"from epoch {run.inherited} of {run.resumed_from}")
    return " · ".join(facts)


def _told(check: Check) -> str:
    return f"{'✓' if check.passed else '✗'} {check.name}" + (f": {check.detail}" if check.detail else "")


def _metrics(view: RunView, first: str, width: int) -> Iterator[Content]:
    curves = view.progress.curves
    names = sorted(curves, key=lambda name: (name != first, name))
    if names:
        yield Content()
    for number, name in enumerate(names):
        points = tuple(value for _, value in curves[name])
        line = numbers.sparkline(points, max(4, width - LABEL - NAME - 10))
        label = fit("metrics" if number == 0 else "", LABEL)
        value = numbers.metric(points[-1]) if points else ""
        yield Content.assemble(
            (label, "bold $text-accent"), fit(name, NAME), (f"{value:>9} ", "bold"), (line, "$text-primary")
        )
    if not names:
        last = view.run.metrics
        ordered = sorted(last, key=lambda name: (name != first, name))
        values = [f"{name} = {numbers.metric(last[name])}" for name in ordered]
        yield from labelled("metrics", values, width)


class RunHead(Widget):
    """Two lines over an open run: which it is and how it goes, and what a person should know of it."""

    DEFAULT_CSS = "RunHead { height: auto; max-height: 5; padding: 0 1; }"

    run: reactive[RunView | None] = reactive(None, repaint=False, always_update=True)
    """The run."""
    told: reactive[Content] = reactive(Content("reading the run…"))
    """What is said of it."""

    def render(self) -> Content:
        """Title, facts, and a cause or alert where there is one."""
        return self.told

    def watch_run(self, run: RunView | None) -> None:
        """Say it anew; only another number of lines needs another layout."""
        if run is not None:
            self.told = _head(run)
            self.refresh(layout=self.size.height != len(self.told.wrap(max(1, self.size.width))))


def _head(view: RunView) -> Content:
    run = view.run
    idea = f"#{run.idea} " if run.idea is not None else ""
    lines = [plain(f"{idea}{view.title}", "bold"), plain(_facts(view), "$foreground-muted")]
    if run.cause:
        lines.append(
            plain(run.cause, f"$text-{'error' if run.status in ('failed', 'crashed') else 'warning'}")
        )
    elif view.progress.alerts:
        lines.append(plain(f"! {view.progress.alerts[-1]}", "$text-warning"))
    return Content("\n").join(lines)
