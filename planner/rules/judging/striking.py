"""What a struck-out run, or one that counts again, does to the outcomes whose seeds it is one of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.domain.ledger import Ledger
from planner.domain.outcome import Evidence, Outcome, Unstruck
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.rules.judging import transfer, verdict
from planner.rules.judging.comparison import alike, baseline_values, has_value, newest_value
from planner.rules.judging.small import CLEARLY_WORSE, SEED
from planner.rules.judging.trouble import MEASURED

Sides = tuple[dict[int, float], dict[int, float]]
"""The goal's metric by seed: of the idea, and of the baseline it was compared with."""


def strikable(run: Run) -> bool:
    """Whether the run can be anybody's evidence: it finished on `small` or `full` with a finite value."""
    return run.rung in MEASURED and has_value(replace(run, struck=None))


def struck_anew(
    outcomes: Mapping[int, Outcome], run: Run, ledger: Ledger, settings: Settings
) -> dict[int, Outcome]:
    """The outcomes that a run touches, as they are now that it is struck out, or counts again.

    `outcomes` by any number, withdrawn ones among them; `ledger` holds the run as it now is. An outcome that
    none of its seeds is missing from any more is exactly what it was before the first was struck out.
    """
    was = _with_runs(ledger, [replace(run, struck=None if run.struck else "counted until now")])
    whole = _with_runs(ledger, [replace(one, struck=None) for one in ledger.runs.values() if one.struck])
    anew = {}
    for number, outcome in outcomes.items():
        if not _may_rest_on(outcome, run):
            continue
        now = sides(outcome, ledger)
        if now == sides(outcome, was):
            continue
        anew[number] = (
            _restored(outcome) if now == sides(outcome, whole) else _judged(outcome, ledger, settings)
        )
    return anew


def sides(outcome: Outcome, ledger: Ledger) -> Sides:
    """The seeds an outcome was judged by, but for those struck out since.

    They are the runs that had ended when it landed: those of the idea like the last of them, against its
    baseline, and those of that baseline. What is the baseline itself is held against none of those.
    """
    runs = {key: run for key, run in ledger.runs.items() if not run.ended_at or run.ended_at <= outcome.at}
    own = [
        run
        for run in runs.values()
        if run.idea == outcome.idea and run.baseline == outcome.baseline and strikable(run)
        if run.rung == outcome.rung and _is_chosen(run, outcome)
    ] or _chosen_run(outcome, runs.values())
    if outcome.rung == "small":
        ours, theirs = _simplified_sides(own, runs.values())
    else:
        left = [run for run in own if not run.struck and alike(run, own[-1])]
        ours = {run.seed: run.value for run in left if run.value is not None}
        theirs = baseline_values(replace(ledger, runs=runs), outcome.baseline)
    return ours, (ours if _is_certain(outcome) else theirs)


def _is_certain(outcome: Outcome) -> bool:
    """Whether no seed was needed to see what it comes to: it runs what the baseline runs."""
    first = _first(outcome)
    return first is not None and first.error == 0


def _is_chosen(run: Run, outcome: Outcome) -> bool:
    """Whether a run is of the configuration that a sweep chose; true of every run where none did."""
    chosen = outcome.chosen.params if outcome.chosen else {}
    return all(run.params.get(name) == value for name, value in chosen.items())


def _chosen_run(outcome: Outcome, runs: Iterable[Run]) -> list[Run]:
    """The run that chose a sweep's best configuration, where that alone has decided."""
    if outcome.chosen is None:
        return []
    number, rung = outcome.chosen.config, outcome.rung
    found = [replace(run, config=None) for run in runs if run.idea == outcome.idea and run.config == number]
    return [run for run in found if strikable(run) and run.rung == rung and run.baseline == outcome.baseline]


def evidence_anew(outcome: Outcome, ledger: Ledger, settings: Settings) -> Evidence | None:
    """What the seeds that are left say, by the noise and the base rate of the first judgement.

    None when the idea or its baseline has none left, or when no seeds ever spoke.
    """
    first = _first(outcome)
    ours, theirs = sides(outcome, ledger)
    if first is None or not ours or not theirs:
        return None
    goal = settings.goal
    if outcome.rung == "small":
        pair = ours[SEED], theirs[SEED]
        known = {"share": first.share, "error": first.error, "noise": first.noise, "base": first.base}
        return transfer.evidence(*pair, goal, **known)
    return verdict.evidence(ours, theirs, goal, first.noise, first.base, first.pair_noise)


def _simplified_sides(own: list[Run], runs: Iterable[Run]) -> Sides:
    """The pair that `small` judged by: the idea's last run of it, and the baseline's like that one."""
    if not own:
        return {}, {}
    last = own[-1]
    like = [run for run in runs if _simplified_alike(run, last)]
    ours = newest_value(run for run in own if _simplified_alike(run, last) and alike(run, last))
    theirs = newest_value(run for run in like if run.idea is None and run.baseline == last.baseline)
    return ({} if ours is None else {SEED: ours}), ({} if theirs is None else {SEED: theirs})


def _simplified_alike(one: Run, other: Run) -> bool:
    return one.rung == other.rung and (one.rung_params, one.fraction) == (other.rung_params, other.fraction)


def _judged(outcome: Outcome, ledger: Ledger, settings: Settings) -> Outcome:
    """The outcome by the seeds that are left; withdrawn when there are none and nobody overruled it."""
    kept_beside = replace(outcome, unstruck=outcome.unstruck or _unstruck(outcome))
    found = evidence_anew(outcome, ledger, settings)
    if found == _first(outcome):
        return _restored(outcome)
    if found is None:
        return replace(kept_beside, evidence=None, withdrawn=outcome.overruled is None)
    # No seed comes by itself any more: what they leave open stays open until somebody dispatches it.
    decided = _decided(outcome, found)
    reason = f"{verdict.sentence(found, decided, settings.goal)}; judged without the seeds struck out since"
    judged = Unstruck(verdict=decided, reason=reason, worth=None, evidence=found)
    return _by_seeds(kept_beside, judged)


def _decided(outcome: Outcome, found: Evidence) -> Verdict:
    """The verdict by these seeds, if there are to be no more."""
    if outcome.rung == "small":
        return "worse" if found.q <= CLEARLY_WORSE else "inconclusive"
    return verdict.judge(found, found.seeds) or "inconclusive"


def _restored(outcome: Outcome) -> Outcome:
    """The outcome by all its seeds again."""
    if outcome.unstruck is None:
        return outcome
    return replace(_by_seeds(outcome, outcome.unstruck), unstruck=None)


def _by_seeds(outcome: Outcome, judged: Unstruck) -> Outcome:
    """The outcome with what the seeds say put in; a person's verdict stays over it."""
    won = judged.verdict == "improved"
    if outcome.overruled is not None:
        beneath = replace(
            outcome.overruled,
            verdict=judged.verdict,
            reason=judged.reason,
            worth=judged.worth,
            kept=won and outcome.overruled.declined is None,
        )
        return replace(outcome, evidence=judged.evidence, overruled=beneath, withdrawn=False)
    return replace(
        outcome,
        verdict=judged.verdict,
        reason=judged.reason,
        worth=judged.worth,
        kept=won and outcome.declined is None,
        evidence=judged.evidence,
        withdrawn=False,
    )


def _unstruck(outcome: Outcome) -> Unstruck | None:
    seeds = outcome.overruled or outcome
    if outcome.evidence is None:
        return None
    return Unstruck(verdict=seeds.verdict, reason=seeds.reason, worth=seeds.worth, evidence=outcome.evidence)


def _first(outcome: Outcome) -> Evidence | None:
    """The evidence of the first judgement, by all seeds."""
    return outcome.unstruck.evidence if outcome.unstruck else outcome.evidence


def _may_rest_on(outcome: Outcome, run: Run) -> bool:
    """Whether it could be one of its seeds; an adopted idea's seeds are those of the next baseline."""
    near = outcome.baseline - run.baseline in (0, 1)
    return near and run.rung == outcome.rung and _first(outcome) is not None


def _with_runs(ledger: Ledger, runs: Iterable[Run]) -> Ledger:
    return replace(ledger, runs=ledger.runs | {run.id: run for run in runs})
