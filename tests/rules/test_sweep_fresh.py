"""The fresh seeds of a sweep's configurations, on which no choice rests."""

from __future__ import annotations

from planner.domain.run import Run
from planner.rules.sweeping.fresh import fresh_seeds
from planner.rules.sweeping.swept import swept_of
from tests.rules.ledgers import a_run
from tests.rules.one_sweep import SETTINGS, THREE, a_config, ledger_of, sweeping

TRIED = (a_config(0, 76.0), a_config(1, 77.0), a_config(2, 77.0))


def fresh(name: str, seed: int, width: int = 2, **fields: object) -> Run:
    """A full run of a configuration, beside the one that tried it."""
    params = {"lr": 0.1, "idea": 1, "w": width}
    return a_run(name, fields.pop("idea", 1), seed=seed, value=77.0, params=params, **fields)  # type: ignore[arg-type]  # fields of a run


def seeds(*runs: Run) -> dict[int, list[str]]:
    """The names of the fresh runs of each configuration that has any."""
    ledger = ledger_of(sweeping(), *TRIED, *runs)
    found = swept_of(sweeping(), THREE, ledger, SETTINGS)
    return {number: [run.id for run in its] for number, its in fresh_seeds(found, ledger).items()}


def test_fresh_seeds_belong_to_the_configuration_of_their_values_in_order():
    runs = fresh("b", 2), fresh("a", 1), fresh("c", 1, width=3), fresh("d", 1, width=9)
    assert seeds(*runs) == {1: ["a", "b"], 2: ["c"]}


def test_of_a_seed_that_ran_again_the_newest_counts():
    assert seeds(fresh("a", 1), fresh("z", 1)) == {1: ["z"]}


def test_no_other_run_is_a_fresh_seed():
    others = (
        fresh("another idea's", 1, idea=2),
        fresh("a small one", 1, rung="small"),
        fresh("a replay", 1, replay_of="s1"),
        fresh("struck", 1, struck="wrong data"),
        fresh("against another baseline", 1, baseline=2),
    )
    assert seeds(*others) == {}
