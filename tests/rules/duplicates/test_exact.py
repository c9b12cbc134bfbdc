"""What an idea would run exactly over again, and what becomes of it when it does."""

from __future__ import annotations

from typing import Any

from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Outcome
from planner.domain.repeat import Repeat
from planner.rules.duplicates.exact import ANEW, afresh, exact, older_baseline
from tests.rules.ledgers import (
    LATER,
    SETTINGS,
    WRITTEN,
    a_ledger,
    a_run,
    an_idea,
    an_outcome,
    baseline_runs,
    idea_runs,
    some_evidence,
)

IDEA = an_idea(1)
FURTHER = "it gets a further seed, 2"
COUNT_ON = "its earlier seeds count on beside a further one"


def judged(**fields: Any) -> Outcome:
    usual: dict[str, Any] = {"evidence": some_evidence(2.0, 0.97)}
    return an_outcome(1, "improved", LATER, **(usual | fields))


def once_more(*outcomes: Outcome, commit: str | None = None, ran_on: str | None = None) -> Repeat | None:
    """What is told of an idea that has two seeds, by what came of them."""
    own = idea_runs((77.0, 77.2), commit=ran_on)
    ledger = a_ledger([IDEA], [*baseline_runs(), *own], outcomes=outcomes)
    return exact(IDEA, own, ledger, SETTINGS, commit)


def reading(found: Repeat | None) -> str:
    assert found is not None
    return found.reading


def test_its_own_seeds_of_the_same_code_get_a_further_one() -> None:
    assert reading(once_more(judged())) == FURTHER
    assert reading(once_more(judged(), commit="a", ran_on="a")) == FURTHER
    assert reading(once_more(judged(), commit="a")) == FURTHER, "where the work tree did the same"


def test_seeds_of_another_commit_or_against_another_baseline_are_measured_anew() -> None:
    assert reading(once_more(judged(), commit="b", ran_on="a")) == ANEW
    assert reading(once_more(judged(baseline=0))) == ANEW


def test_what_has_no_verdict_of_its_seeds_climbs_on_and_repeats_nothing() -> None:
    assert once_more() is None
    assert once_more(judged(evidence=None)) is None


def test_of_several_its_own_seeds_count_before_the_baselines_and_those_before_anothers() -> None:
    own, others = idea_runs((77.0,)), idea_runs((77.0,), idea=2)
    base = baseline_runs((76.0,))
    ledger = a_ledger([IDEA, an_idea(2)], [*own, *others, *base], outcomes=(judged(),))

    def kind(*runs: list[Any]) -> tuple[str, int | None]:
        found = exact(IDEA, [run for some in runs for run in some], ledger, SETTINGS)
        assert found is not None
        return found.kind, found.of

    assert kind(others, base, own) == ("same", 1)
    assert kind(others, base) == ("baseline", None)
    assert kind(others) == ("same", 2)


def test_an_idea_that_nobody_knows_any_more_has_no_result() -> None:
    stranger = a_run("s", 9, value=77.0)
    ledger: Ledger = a_ledger([IDEA], [stranger])
    assert exact(IDEA, [stranger], ledger, SETTINGS) is None


def test_that_its_code_or_its_data_have_changed_is_told_with_what_becomes_of_its_seeds() -> None:
    code = afresh(IDEA, ["net.py"], moved=True)
    assert (code.says, code.reading) == ("the code has changed (net.py) since #1 “idea 1” ran", ANEW)
    data = afresh(IDEA, [], moved=False)
    assert (data.says, data.reading) == ("the data have changed since #1 “idea 1” ran", COUNT_ON)


def test_that_the_baseline_ran_on_other_code_or_other_data_is_told() -> None:
    second = Baseline(version=2, params={}, at=WRITTEN)
    assert (
        older_baseline(IDEA, second, ["net.py"]).says == "the code has changed (net.py) since baseline 2 ran"
    )
    assert older_baseline(IDEA, second, []).says == "the data have changed since baseline 2 ran"
