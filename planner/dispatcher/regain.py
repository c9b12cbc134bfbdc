"""What run folders tell of a lost backlog: the runs, and the ideas and baselines they were made for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from planner.dispatcher.settle import settled
from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Idea
from planner.domain.outcome import Baseline
from planner.domain.run import RUNGS, STOP_WISH, Run, Spec
from planner.domain.settings import Settings
from planner.store.encoding import plain
from planner.store.orphans import Orphan
from planner.store.tables import Tables
from planner.store.withheld import restored

BECAUSE = "brought back from run folders"
VANISHED = "it left no last word"
Params = dict[str, object]


class Told(NamedTuple):
    """One run as its folder tells of it."""

    spec: Spec
    """What its worker was told."""
    run: Run
    """What became of it."""


def told(orphan: Orphan) -> Told:
    """The run of a whole folder; its idea, its baseline and its params are those of the lost backlog."""
    spec, progress = orphan.spec, orphan.progress
    assert spec is not None
    assert progress.started_at is not None
    run = Run(
        id=spec.run,
        idea=spec.idea,
        baseline=spec.baseline or 0,
        rung=spec.rung,
        seed=spec.seed,
        params=spec.params,
        ref=spec.ref,
        device=spec.device,
        queued_at=spec.queued_at or progress.started_at,
        started_at=progress.started_at,
        retry_of=spec.retry_of,
        step=spec.step,
        commit=spec.commit,
        replay_of=spec.replay_of,
        config=spec.config,
        stop_requested=(orphan.folder.path / STOP_WISH).exists(),
        order=0.0,
    )
    at = progress.last_at or progress.started_at
    ended = settled(run, progress, metric=spec.metric, exit_code=None, folder=orphan.folder, at=at)
    # What the kernel counts today says nothing of a death of long ago.
    return Told(spec, replace(ended, cause=VANISHED) if ended.status == "crashed" else ended)


class Regained(NamedTuple):
    """What was put back."""

    runs: tuple[str, ...]
    """Ids of the runs."""
    ideas: tuple[int, ...]
    """Numbers of the ideas that were gone."""
    baselines: tuple[int, ...]
    """Versions of the baseline that were gone."""


def regain(tables: Tables, found: Iterable[Told], settings: Settings, *, by: str) -> Regained:
    """Put runs into a backlog that does not know them, with what they were made for where it is gone."""
    missing = [_restored(one, settings) for one in found if tables.get(Run, one.run.id) is None]
    baselines = _Baselines(tables, settings, missing)
    ideas = _Ideas(tables, settings, missing, baselines, by)
    for spec, run in missing:
        baseline, idea = baselines.of(spec, run), ideas.of(spec)
        params = _before_rung(spec, baseline, idea, settings)
        number = idea.id if idea else None
        simpler = {name: spec.params[name] for name in _simpler(spec, settings) if name in spec.params}
        known = replace(run, params=params, rung_params=simpler, fraction=spec.fraction)
        tables.put(replace(known, idea=number, baseline=baseline.version))
    return Regained(tuple(run.id for _, run in missing), tuple(ideas.made), tuple(baselines.made))


def _restored(one: Told, settings: Settings) -> Told:
    """The run with the secrets that planner.toml has still; those of an idea of its own are lost."""
    if not one.spec.withheld:
        return one
    params = restored(one.spec.params, settings.baseline.params)
    return Told(replace(one.spec, params=params), replace(one.run, params=params))


class _Baselines:
    """The baselines that runs started from: those there are, and those that are made again."""

    def __init__(self, tables: Tables, settings: Settings, told: Iterable[Told]) -> None:
        self.made: list[int] = []
        self._tables, self._settings = tables, settings
        self._own = [one for one in told if one.spec.idea is None]
        self._known: dict[int, Baseline] = {}

    def of(self, spec: Spec, run: Run) -> Baseline:
        """The baseline of a run; one made again keeps its version where that is free."""
        if spec.baseline is None:
            return self._then(run) or self._make(1, spec, run)
        if spec.baseline not in self._known:
            there = self._tables.get(Baseline, spec.baseline)
            same = there is not None and (there.at <= run.queued_at or _fits(spec, there, self._settings))
            self._known[spec.baseline] = there if there and same else self._make(spec.baseline, spec, run)
        return self._known[spec.baseline]

    def _then(self, run: Run) -> Baseline | None:
        """The one in force when the run was queued, for folders that do not say."""
        every = self._tables.all(Baseline)
        earlier = [one for one in every if one.at <= run.queued_at]
        return earlier[-1] if earlier else (every[0] if every else None)

    def _make(self, version: int, spec: Spec, run: Run) -> Baseline:
        if self._tables.get(Baseline, version) is not None:
            version = self._tables.next_id(Baseline)
        self.made.append(version)
        params, at = self._params(spec), run.queued_at
        return self._tables.put(
            Baseline(version=version, params=params, metric=spec.metric, at=at, because=BECAUSE)
        )

    def _params(self, spec: Spec) -> Params:
        """What a run of the baseline itself was given; planner.toml's where none is left."""
        for one in self._own:
            if one.spec.baseline == spec.baseline:
                return _less(one.spec, self._settings, keep=self._settings.baseline.params)
        return self._settings.baseline.params


class _Ideas:
    """The ideas that runs belong to: those there are, and those that are made again."""

    def __init__(
        self, tables: Tables, settings: Settings, told: Iterable[Told], baselines: _Baselines, by: str
    ) -> None:
        self.made: list[int] = []
        self._tables, self._settings, self._baselines, self._by = tables, settings, baselines, by
        self._told: dict[int, list[Told]] = {}
        for one in told:
            if one.spec.idea is not None:
                self._told.setdefault(one.spec.idea, []).append(one)
        self._known: dict[int, Idea] = {}

    def of(self, spec: Spec) -> Idea | None:
        """The idea of a run; None for a run of the baseline."""
        if spec.idea is None:
            return None
        if spec.idea not in self._known:
            there = self._tables.get(Idea, spec.idea)
            same = there is not None and self._is(there, self._told[spec.idea])
            self._known[spec.idea] = there if there and same else self._make(spec.idea)
        return self._known[spec.idea]

    def _is(self, idea: Idea, runs: Iterable[Told]) -> bool:
        """Whether an idea is that of the runs, and not one that has got the number of a lost one."""
        return any(one.spec.title == idea.title or idea.created_at <= one.run.queued_at for one in runs)

    def _make(self, number: int) -> Idea:
        runs = self._told[number]
        first = min(one.run.queued_at for one in runs)
        newest = max(runs, key=lambda one: (_height(one.spec), one.run.queued_at))
        if self._tables.get(Idea, number) is not None:
            number = self._tables.next_id(Idea)
        self.made.append(number)
        return self._tables.put(self._idea(number, newest, first))

    def _idea(self, number: int, newest: Told, first: str) -> Idea:
        spec = newest.spec
        people = list(spec.estimates)
        return Idea(
            id=number,
            title=spec.title or f"idea {number}",
            hypothesis=spec.hypothesis,
            category=spec.category or "other",
            tags=spec.tags,
            created_at=first,
            created_by=people[0] if people else self._by,
            change=_change(spec, self._baselines.of(spec, newest.run), self._settings),
            estimates={name: _estimate(name, said, first) for name, said in spec.estimates.items()},
        )


def _estimate(name: str, said: object, at: str) -> Estimate:
    """A person's numbers as the folder has them; what does not belong there is left out."""
    numbers = dict(said) if isinstance(said, Mapping) else {}
    known = {key: numbers[key] for key in ("hours", "complexity", "impact", "likelihood") if key in numbers}
    return Estimate(by=name, at=at, relative=numbers.get("relative") is True, **known)


def _change(spec: Spec, baseline: Baseline, settings: Settings) -> Change:
    """What sets the run apart from its baseline."""
    own = _less(spec, settings, keep=baseline.params)
    swept = spec.sweep.names if spec.sweep else ()
    base = plain(baseline.params)
    params = {name: value for name, value in own.items() if name not in base or base[name] != value}
    rung = _simpler(spec, settings)
    params = {
        name: value
        for name, value in params.items()
        if name not in swept and (name not in rung or plain(rung[name]) != value)
    }
    implemented = not params and not swept and spec.ref is None
    return Change(params=params, ref=spec.ref, implemented=implemented, sweep=spec.sweep)


def _simpler(spec: Spec, settings: Settings) -> Params:
    """The params that its rung puts over the run's own, as planner.toml has them now."""
    return settings.rung(spec.rung).undone(spec.step).params


def _before_rung(spec: Spec, baseline: Baseline, idea: Idea | None, settings: Settings) -> Params:
    """The run's params before its rung set its own over them."""
    swept = spec.sweep.names if spec.sweep else ()
    own = {name: spec.params[name] for name in swept if name in spec.params}
    expected = {**baseline.params, **(idea.change.params if idea else {}), **own}
    if plain({**expected, **_simpler(spec, settings)}) == spec.params:
        return expected
    return _less(spec, settings, keep=expected)


def _less(spec: Spec, settings: Settings, *, keep: Mapping[str, object]) -> Params:
    """The params of a spec without those that its rung alone has set."""
    rung = _simpler(spec, settings)
    return {name: value for name, value in spec.params.items() if name not in rung or name in keep}


def _height(spec: Spec) -> int:
    """How far up the ladder a run was; what stands beside it comes first."""
    return RUNGS.index(spec.rung) if spec.rung in RUNGS else -1


def _fits(spec: Spec, baseline: Baseline, settings: Settings) -> bool:
    """Whether a run of the baseline could have been of that version."""
    told = plain({**baseline.params, **_simpler(spec, settings)})
    return spec.idea is None and bool(told == spec.params)
