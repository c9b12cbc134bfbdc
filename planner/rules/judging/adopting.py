"""What adopting a win makes the baseline, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Baseline, Outcome
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.rules.judging.comparison import alike, code_of, current_baseline, has_value
from planner.rules.judging.correcting import in_words
from planner.rules.judging.verdict import per_cent
from planner.rules.wording.changes import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """An idea that can become the baseline."""

    baseline: Baseline
    """The one that it makes."""
    before: Baseline
    """The one in force."""
    brings: dict[str, object]
    """The params that it changes or adds."""
    own_code: bool
    """Whether it brings the code of its own branch."""
    runs: tuple[Run, ...]
    """Its full runs, whose seeds become the baseline's where they ran exactly what that now is."""


def adopted_as(idea: int, ledger: Ledger) -> int | None:
    """The version of the baseline that an idea has become; None for one that was not adopted."""
    return next((one.version for one in ledger.baselines if one.adopted == idea), None)


def adoption(idea: Idea, outcome: Outcome, ledger: Ledger, settings: Settings, *, at: str) -> Adoption:
    """What adopting the idea would make of the params that `planner.toml` has now.

    A Mistake when it is no win of runs made here, NothingToDo when it is the baseline already.
    """
    before = _checked(idea, outcome, ledger)
    runs = _winning_runs(outcome, ledger)
    brings = _brings(idea, outcome, ledger, runs)
    own_code = bool(runs) and runs[-1].ref is not None and _code(runs[-1]) != code_of(before)
    ref, commit = _code(runs[-1]) if own_code else code_of(before)
    return Adoption(
        baseline=Baseline(
            version=before.version + 1,
            params={**settings.baseline.params, **brings},
            at=at,
            commit=commit,
            ref=ref,
            metric=settings.goal.metric,
            because=f"adopted {named(idea)}",
            adopted=idea.id,
        ),
        before=before,
        brings=brings,
        own_code=own_code,
        runs=runs,
    )


def untested(found: Adoption, outcome: Outcome, settings: Settings) -> str | None:
    """That what the idea would make the baseline has never run as a whole; None where it has."""
    before = found.before
    if before.metric not in (None, settings.goal.metric):
        return f"it was judged by {before.metric}, and the goal's metric is {settings.goal.metric} now"
    if outcome.baseline != before.version:
        return (
            f"it was judged against baseline {outcome.baseline}, and what it would make of baseline "
            f"{before.version} has never run: `planner dispatch {outcome.idea}` tries it"
        )
    if not found.runs or found.runs[-1].params != found.baseline.params:
        return (
            "the params under [baseline] in planner.toml are others than those it was judged with: "
            f"`planner dispatch {outcome.idea}` tries it with them"
        )
    return None


def seeds_taken(found: Adoption, outcome: Outcome) -> int:
    """How many seeds of the idea the new baseline begins with."""
    if outcome.baseline != found.before.version:
        return 0
    return len({run.seed for run in found.runs if run.params == found.baseline.params})


def surely(outcome: Outcome, settings: Settings) -> str | None:
    """How sure a win of fewer than all seeds is, and what would make it surer; None of a confirmed one."""
    seen, seeds = outcome.evidence, settings.rung("full").seeds
    if seen is None or seen.seeds >= seeds:
        return None
    return (
        f"{seen.seeds} of {seeds} seeds say that it is better, {per_cent(seen.q)} sure; "
        f"to be surer first, `planner undo` and `planner dispatch {outcome.idea} --confirm`"
    )


def _checked(idea: Idea, outcome: Outcome, ledger: Ledger) -> Baseline:
    """The baseline in force."""
    if (version := adopted_as(idea.id, ledger)) is not None:
        raise NothingToDo(f"idea {idea.id} is adopted already: it became baseline {version}")
    if outcome.verdict != "improved":
        raise Mistake(f"idea {idea.id} is no win but {in_words(outcome)}: only what improved can be adopted")
    before = current_baseline(ledger)
    if outcome.imported is not None or before is None:
        raise Mistake(
            f"idea {idea.id} has not run here, so nobody can say what it would make of the baseline: "
            f"`planner dispatch {idea.id}` measures it"
        )
    return before


def _winning_runs(outcome: Outcome, ledger: Ledger) -> tuple[Run, ...]:
    """The full runs of the idea that the outcome rests on, oldest first."""
    own = [
        run
        for run in ledger.runs.values()
        if run.idea == outcome.idea and run.baseline == outcome.baseline
        if run.rung == "full" and has_value(run) and (run.ended_at or "") <= outcome.at
    ]
    return tuple(run for run in own if alike(run, own[-1]))


def _brings(idea: Idea, outcome: Outcome, ledger: Ledger, runs: tuple[Run, ...]) -> dict[str, object]:
    """What its runs had besides the baseline of then; without any, what the idea says."""
    then = next((one.params for one in ledger.baselines if one.version == outcome.baseline), None)
    if not runs or then is None:
        return {**idea.change.params, **(outcome.chosen.params if outcome.chosen else {})}
    return {name: value for name, value in runs[-1].params.items() if not _has(then, name, value)}


def _has(params: Mapping[str, object], name: str, value: object) -> bool:
    return name in params and params[name] == value


def _code(run: Run) -> tuple[str | None, str | None]:
    return run.ref, run.commit
