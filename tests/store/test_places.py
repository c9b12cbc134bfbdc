"""Outcomes keep their place, and what led to a state is read from its end."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Idea
from planner.domain.outcome import Outcome
from planner.store.journal import chain
from planner.store.store import Store
from tests.store.conftest import NOON


def an_outcome(idea: int, reason: str, **fields: bool) -> Outcome:
    return Outcome(idea=idea, at=NOON, verdict="no gain", reason=reason, rung="full", baseline=1, **fields)


def put_three(store: Store) -> None:
    with store.transaction("put", by="ana") as tables:
        for idea, reason in ((1, "first"), (2, "other"), (1, "second")):
            tables.put(an_outcome(idea, reason))


def reasons(store: Store) -> list[str]:
    return [outcome.reason for outcome in store.read().outcomes]


def test_an_outcome_is_replaced_in_its_place_be_it_the_newest_or_not(store: Store) -> None:
    put_three(store)
    with store.transaction("change", by="ana") as tables:
        numbers = list(tables.numbered(Outcome))
        tables.put_in_place(numbers[0], an_outcome(1, "first, changed"))
        tables.amend(an_outcome(1, "second, changed"))
    assert reasons(store) == ["first, changed", "other", "second, changed"]


def test_a_withdrawn_outcome_counts_for_nothing_until_it_comes_back(store: Store) -> None:
    put_three(store)
    with store.transaction("withdraw", by="ana") as tables:
        number = max(tables.numbered(Outcome))
        tables.amend(an_outcome(1, "second", withdrawn=True))
        newest = tables.get(Outcome, 1)
        assert newest is not None
        assert newest.reason == "first"
    assert reasons(store) == ["first", "other"]
    assert [outcome.reason for outcome in store.read().withdrawn] == ["second"]
    with store.transaction("back", by="ana") as tables:
        tables.put_in_place(number, replace(tables.numbered(Outcome)[number], withdrawn=False))
        newest = tables.get(Outcome, 1)
        assert newest is not None
        assert newest.reason == "second"
    assert reasons(store) == ["first", "other", "second"]


def test_what_led_to_a_state_is_the_same_read_from_either_end(store: Store) -> None:
    for number in range(1, 6):
        with store.transaction(f"add {number}", by="ana") as tables:
            tables.put(Idea(id=number, title=f"idea {number}", created_at=NOON, created_by="ana"))
    store.undo(2, by="ana")
    generation = store.read().generation
    forward = chain(store.operations(), generation)
    assert list(store.journal.led_to(generation)) == forward[::-1]
    assert list(store.journal.led_to(3)) == chain(store.operations(), 3)[::-1]
    assert list(store.journal.led_to(99)) == []
