"""Runs that a tracker recorded, as things that were tried."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from planner.domain.goal import Direction, Goal
from planner.domain.mistake import Mistake
from planner.domain.verdict import Verdict
from planner.imports.past import History, Past
from planner.imports.tidy import one_line, title_and_rest

NAMED_PARAMS = 6
"""Params that a title names at most."""
VALUE_LIMIT = 30
"""Characters of a param's value in a title."""

_MADE_UP = re.compile(r"[a-z]+-[a-z]+-\d{1,4}")
"""Names that trackers make up, such as `bemused-fox-123`: they say nothing."""

State = Literal["finished", "failed", "killed", "pruned", "unfinished", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRun:
    """One run or trial as its tracker has it."""

    name: str
    """What the tracker calls it; empty when it has no name."""
    id: str
    """What tells it from all others."""
    group: str
    """The experiment or study it belongs to."""
    state: State
    """How it ended."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Its params."""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    """The last value of each metric; None where it is not finite."""
    direction: Direction | None = None
    """Which way its metric is better, where the tracker knows."""
    unnamed: bool = False
    """Whether its one metric has no name, so that it may well be the goal's."""
    at: str | None = None
    """When it ended, UTC, ISO 8601."""
    hours: float | None = None
    """Wall hours it took."""


def history_of(runs: Sequence[TrackedRun], name: str, kind: str, goal: Goal, metric: str | None) -> History:
    """Every ended run as something that was tried; a Mistake lists the metrics where the wanted one lacks."""
    if not runs:
        raise Mistake(f"{name} holds no runs")
    wanted = _metric(runs, name, goal, metric)
    differing = _differing(runs)
    skipped: defaultdict[str, int] = defaultdict(int)
    pasts = []
    for line, run in enumerate(runs, start=1):
        reason = _passed_over(run, wanted)
        if reason:
            skipped[reason] += 1
        else:
            pasts.append(_past(line, run, wanted, differing[run.group]))
    return History(name=name, kind=kind, pasts=tuple(pasts), skipped=dict(skipped))


def _metric(runs: Sequence[TrackedRun], name: str, goal: Goal, metric: str | None) -> str:
    found = sorted({one for run in runs for one in run.metrics})
    wanted = metric or goal.metric
    if wanted in found or all(run.unnamed for run in runs):
        return wanted
    listed = f"its metrics are {', '.join(found[:30])}" if found else "it has no metrics at all"
    if metric is not None:
        near = get_close_matches(metric, found, n=1)
        guess = f": did you mean {near[0]}?" if near else ""
        raise Mistake(f"{name} has no metric {metric!r}{guess or f'; {listed}'}")
    raise Mistake(
        f"{name} does not have the goal's metric {goal.metric}; {listed}: choose one with --metric NAME"
    )


def _passed_over(run: TrackedRun, metric: str) -> str:
    """Why a run does not come in; empty when it does."""
    if run.state == "deleted":
        return "deleted"
    if run.state == "unfinished":
        return "not finished"
    if run.state == "finished" and not run.unnamed and metric not in run.metrics:
        return f"without {metric}"
    return ""


def _past(line: int, run: TrackedRun, metric: str, differing: Sequence[str]) -> Past:
    title, hypothesis = title_and_rest(_title(run, differing), "")
    value = next(iter(run.metrics.values()), None) if run.unnamed else run.metrics.get(metric)
    return Past(
        line=line,
        title=title,
        hypothesis=hypothesis,
        params=dict(run.params),
        verdict=_verdict(run, value),
        said=run.state,
        group=run.group,
        metric=metric,
        direction=run.direction,
        value=value,
        run_hours=run.hours,
        at=run.at,
        notes=f"run {one_line(run.id)[:80]} of {one_line(run.group)[:80]}",
    )


def _verdict(run: TrackedRun, value: float | None) -> Verdict | None:
    """What its state alone decides: what failed is no evidence, what was cut short was not better."""
    if run.state == "pruned":
        return "no gain"
    return "invalid" if run.state in ("failed", "killed") or value is None else None


def _title(run: TrackedRun, differing: Sequence[str]) -> str:
    """Its name, unless it was made up: then the params that differ."""
    name = one_line(run.name)
    if name and not _MADE_UP.fullmatch(name):
        return name
    shown = [f"{key}={_short(run.params[key])}" for key in differing if key in run.params]
    more = [f"and {len(shown) - NAMED_PARAMS} more"] if len(shown) > NAMED_PARAMS else []
    return ", ".join([*shown[:NAMED_PARAMS], *more]) or name or f"run {one_line(run.id)}"


def _short(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else one_line(str(value))
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"


def _differing(runs: Iterable[TrackedRun]) -> dict[str, tuple[str, ...]]:
    """By group, the params that are not the same in all of its runs."""
    values: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    counts: defaultdict[str, int] = defaultdict(int)
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for run in runs:
        counts[run.group] += 1
        for key, value in run.params.items():
            values[run.group][key].add(repr(value))
            seen[run.group, key] += 1
    return {
        group: tuple(
            key
            for key, found in values[group].items()
            if len(found) > 1 or seen[group, key] < counts[group] or counts[group] == 1
        )
        for group in counts
    }
