"""Optuna's tree-structured Parzen estimator, asked once: where is the next configuration worth trying?"""

from __future__ import annotations

from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.study import StudyDirection
from optuna.trial import TrialState, create_trial

STATES = {"finished": TrialState.COMPLETE, "failed": TrialState.PRUNED, "running": TrialState.RUNNING}
"""What failed is to be stayed away from, as what was pruned; and what runs, while it runs."""
TRIES = 20
"""How often it is asked again while it names a configuration that is known."""


def suggested(question: dict[str, Any]) -> dict[str, Any]:
    """A number for each dimension, the same for the same question; one that is known only for want of others.

    `dimensions` are by name: `choice` and `steps` have a `size`, and their number is a place from 0;
    `whole` and `range` have `low`, `high` and `log`. `past`, `direction` and `seed` are as in
    `rules.sweeping.proposing.Question`.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spaces = {name: _space(dimension) for name, dimension in question["dimensions"].items()}
    known = [one["at"] for one in question["past"]]
    found: dict[str, Any] = {}
    for again in range(TRIES):
        found = _ask(question, spaces, question["seed"] + again * 1_000_003)
        if found not in known:
            break
    return found


def _ask(question: dict[str, Any], spaces: dict[str, BaseDistribution], seed: int) -> dict[str, Any]:
    """One answer of a study made anew, so that nothing but the question decides it."""
    sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=0, constant_liar=True)
    better = StudyDirection.MAXIMIZE if question["direction"] == "max" else StudyDirection.MINIMIZE
    study = optuna.create_study(direction=better, sampler=sampler)
    for one in question["past"]:
        state = STATES[one["state"]]
        value = one["value"] if state is TrialState.COMPLETE else None
        study.add_trial(create_trial(state=state, value=value, params=one["at"], distributions=spaces))
    return dict(study.ask(spaces).params)


def _space(dimension: dict[str, Any]) -> BaseDistribution:
    kind = dimension["kind"]
    if kind == "choice":
        return CategoricalDistribution(tuple(range(dimension["size"])))
    if kind == "steps":
        return IntDistribution(0, dimension["size"] - 1)
    if kind == "whole":
        return IntDistribution(int(dimension["low"]), int(dimension["high"]), log=dimension["log"])
    return FloatDistribution(dimension["low"], dimension["high"], log=dimension["log"])
