"""The runs that the outcome of a sweep rests on, so that it is judged anew where one is struck out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.domain.sweep import Chosen
from planner.rules.judging.striking import sides
from tests.rules.ledgers import NOW, a_run, with_runs
from tests.rules.one_sweep import BASE, a_config, ledger_of, sweeping

TRIED = (a_config(0, 74.0), a_config(1, 75.0), a_config(2, 74.5))
CHOSEN = Chosen(config=1, params={"w": 2}, value=75.0, rung="full", tried=3)
ENDED = Outcome(idea=1, at=NOW, verdict="worse", reason="", rung="full", baseline=1, chosen=CHOSEN)
THEIRS = dict(enumerate(BASE))


def fresh(name: str, seed: int, value: float, width: int = 2, **fields: Any) -> Run:
    """A full run of a configuration, beside the one that tried it."""
    return a_run(name, 1, seed=seed, value=value, params={"lr": 0.1, "idea": 1, "w": width}, **fields)


def test_without_a_fresh_seed_it_rests_on_the_run_that_was_chosen():
    assert sides(ENDED, ledger_of(sweeping(), *TRIED)) == ({0: 75.0}, THEIRS)


@pytest.mark.parametrize(
    "other",
    [{"idea": 2}, {"config": 2}, {"rung": "small"}, {"baseline": 2}, {"replay_of": "s1"}],
)
def test_it_rests_on_no_other_configuration(other: dict[str, Any]):
    stranger = replace(TRIED[1], id="stranger", value=99.0, **other)
    assert sides(ENDED, ledger_of(sweeping(), *TRIED, stranger)) == ({0: 75.0}, THEIRS)


def test_once_fresh_seeds_have_run_it_rests_on_those_of_the_chosen_one():
    ledger = ledger_of(sweeping(), *TRIED, fresh("i1", 1, 76.0), fresh("i2", 2, 76.5))
    others = fresh("another round's", 1, 99.0, width=3), fresh("a smaller one", 1, 60.0, rung="small")
    assert sides(ENDED, with_runs(ledger, *others)) == ({1: 76.0, 2: 76.5}, THEIRS)


def test_a_run_that_is_struck_out_is_nobodys_evidence():
    struck = replace(TRIED[1], struck="wrong data")
    assert sides(ENDED, ledger_of(sweeping(), TRIED[0], struck, TRIED[2])) == ({}, THEIRS)


def test_an_outcome_that_chose_nothing_rests_on_no_configuration():
    assert sides(replace(ENDED, chosen=None), ledger_of(sweeping(), *TRIED)) == ({}, THEIRS)
