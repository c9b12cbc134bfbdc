"""What a worker is told of its run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.domain.estimate import Estimate
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.domain.run import RUNGS, SPEC_FORMAT, Run, Rung, Spec
from planner.domain.settings import RungSettings, Settings
from planner.rules.judging.trouble import MEASURED
from planner.store import withheld


def spec_of(
    run: Run, ledger: Ledger, settings: Settings, code: str, device: str | None, resume_from: str | None
) -> Spec:
    """The spec of a run whose code lies in `code`, without what only its folder can say."""
    idea = ledger.ideas.get(run.idea) if run.idea is not None else None
    frozen = idea.frozen.estimates if idea and idea.frozen else {}
    rung = _simpler(run, settings)
    return Spec(
        format=SPEC_FORMAT,
        run=run.id,
        project=code,
        rung=run.rung,
        seed=run.seed,
        params=_params(run, settings),
        metric=settings.goal.metric,
        direction=settings.goal.direction,
        entry=settings.recipe.entry,
        command=settings.recipe.command,
        data=settings.recipe.data,
        fraction=rung.fraction,
        idea=run.idea,
        title=idea.title if idea else "baseline",
        hypothesis=idea.hypothesis if idea else "",
        estimates={name: _numbers(estimate) for name, estimate in frozen.items()},
        ref=run.ref,
        device=device,
        grace=settings.dispatch.grace,
        resume_from=resume_from,
        baseline=run.baseline,
        baseline_params=next((one.params for one in ledger.baselines if one.version == run.baseline), None),
        queued_at=run.queued_at,
        retry_of=run.retry_of,
        category=idea.category if idea else "",
        tags=idea.tags if idea else (),
        step=run.step,
        beside=_beside(run, ledger.baselines, settings),
        skip=_skip(run, settings),
        test=rung.test,
        commit=run.commit,
        backend=settings.recipe.backend,
        silence=settings.silence(run.rung),
        config=run.config,
        sweep=idea.change.sweep if idea else None,
        through=_through(run, settings),
    )


def secrets_of(run: Run, baselines: Iterable[Baseline], settings: Settings) -> dict[str, str]:
    """What its worker needs and its folder must not hold, as variables of its environment."""
    beside = _beside(run, baselines, settings)
    return withheld.environment(_params(run, settings), settings.recipe.command, beside)


def _params(run: Run, settings: Settings) -> dict[str, object]:
    return {**run.params, **_simpler(run, settings).params}


def _simpler(run: Run, settings: Settings) -> RungSettings:
    """The rung as it was when the run was queued, where its record says; else as planner.toml has it."""
    rung = settings.rung(run.rung).undone(run.step)
    return rung if run.rung_params is None else replace(rung, params=run.rung_params, fraction=run.fraction)


def _through(run: Run, settings: Settings) -> Rung | None:
    """How far the run may climb by itself: whoever has Keras there for a check may ask what `tiny` asks."""
    check, tiny = settings.rung("check"), settings.rung("tiny")
    alike = check.params == tiny.params and settings.silence("check") == settings.silence("tiny")
    return "tiny" if run.rung == "check" and alike and not tiny.skip else None


def _skip(run: Run, settings: Settings) -> tuple[str, ...]:
    """The questions that are left out; whether params are read, a loop is asked again where it trains."""
    skip = settings.rung(run.rung).skip
    if run.rung in MEASURED and "params" in settings.rung("check").skip:
        return (*skip, "params")
    return skip


def _beside(run: Run, baselines: Iterable[Baseline], settings: Settings) -> dict[str, object] | None:
    """What the baseline is given on the rung of an idea, which is looked at beside it."""
    if run.idea is None or run.rung not in RUNGS:
        return None
    baseline = next((one for one in baselines if one.version == run.baseline), None)
    return {**baseline.params, **_simpler(run, settings).params} if baseline else None


def _numbers(estimate: Estimate) -> dict[str, object]:
    return {
        name: getattr(estimate, name) for name in ("hours", "complexity", "impact", "relative", "likelihood")
    }
