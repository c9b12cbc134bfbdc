"""What a newer release of the same schema wrote beside our fields is there after we have rewritten them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from planner.domain.calibration import Calibration, Finished, Usual
from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Dispatch, Frozen, Idea
from planner.domain.outcome import Baseline, Evidence, GivenUp, Outcome, Overruled, Pair, Revision, Unstruck
from planner.domain.run import Run
from planner.rules.notation.estimating import with_estimate
from planner.store import backlog as backlogs
from planner.store.layout import Layout
from planner.store.store import Store
from tests.drills.figure import Figure
from tests.store.conftest import NOON, noon

ANA = Estimate(by="ana", at=NOON, hours=2.0, ranges={"hours": (1.0, 4.0)})
BO = Estimate(by="bo", at=NOON, likelihood=0.3)
IDEA = Idea(
    id=1,
    title="mixup",
    created_at=NOON,
    created_by="ana",
    change=Change(params={"lr": 0.1, "heads": {"a": 1}}),
    estimates={"ana": ANA, "bo": BO},
    history=(replace(ANA, hours=8.0), replace(ANA, hours=4.0)),
    dispatch=Dispatch(at=NOON, by="ana"),
    frozen=Frozen(
        at=NOON,
        estimates={"ana": ANA},
        digest="d",
        calibration=1,
        score=0.1,
        chance=0.2,
        gain=3.0,
        hours=4.0,
        centred_gain=0.0,
        overlap=1.0,
        slow=1.0,
    ),
)
EVIDENCE = Evidence(
    pairs=(Pair(seed=0, idea=0.92, baseline=0.9), Pair(seed=1, idea=0.93, baseline=0.9)),
    seeds=2,
    baseline_seeds=2,
    effect=1.0,
    error=0.2,
    low=0.6,
    high=1.4,
    q=0.9,
    gain=0.8,
    noise=0.002,
    paired=True,
)
OUTCOME = Outcome(
    idea=1,
    at=NOON,
    verdict="improved",
    reason="improved",
    rung="full",
    baseline=1,
    evidence=EVIDENCE,
    overruled=Overruled(verdict="worse", reason="worse", kept=False, worth=None, by="bo", at=NOON),
    given_up=GivenUp(by="bo", at=NOON, spent_hours=0.0, hours=1.0, timer_since=None),
    unstruck=Unstruck(verdict="worse", reason="worse", worth=None, evidence=EVIDENCE),
)
RUN = Run(id="r1-aaaa", idea=1, baseline=1, rung="full", seed=0, params={"lr": 1}, queued_at=NOON, order=0.0)
REVISION = Revision(
    id=1,
    at=NOON,
    idea=1,
    before=0.1,
    after=0.2,
    rank_before=2,
    rank_after=1,
    because="it moved",
    calibration=1,
)
CALIBRATION = Calibration(
    number=1,
    usual={"ana": Usual(chance=0.1, gain=1.0)},
    finished=(
        Finished(
            idea=1,
            title="mixup",
            words=("mixup",),
            category="loss",
            verdict="improved",
            q=0.9,
            expected=0.2,
            weight=1.0,
            kept=True,
        ),
    ),
)
BASELINE = Baseline(version=1, params={}, at=NOON)
FACTS = (IDEA, OUTCOME, RUN, REVISION, CALIBRATION, BASELINE)

STRANGE = {"from": "a newer release", "deep": [1, {"x": None}]}
DATA = {"params", "ranges", "metrics", "person_ratio", "person_tasks", "category_ratio", "usual", "estimates"}
"""Objects whose keys are data: what stands in them is no field."""


def planted(value: Any, name: str = "") -> Any:
    """The value with an unknown field in every fact of it, however deep."""
    if isinstance(value, list):
        return [planted(part) for part in value]
    if not isinstance(value, dict):
        return value
    if name in {"params", "ranges", "metrics"}:
        return value
    parts = {key: planted(part, key) for key, part in value.items()}
    return parts if name in DATA else {**parts, "zz_new": STRANGE}


def count(value: Any) -> int:
    """How many unknown fields there are in a value."""
    return json.dumps(value).count('"zz_new"')


def from_the_future(layout: Layout) -> None:
    """Rewrite the backlog as a newer release of the same schema might have: more fields everywhere."""
    state, _ = backlogs.load(layout.backlog)
    tables = {
        name: {number: row if name == "meta" else planted(row) for number, row in rows.items()}
        for name, rows in state.tables.items()
    }
    tables["meta"]["1"]["zz_new"] = STRANGE
    tables["zz_table"] = {"7": {"anything": STRANGE}}
    layout.backlog.write_bytes(
        backlogs.render(state._replace(tables=tables, others={"zz_header": STRANGE, "zz_more": 1}))
    )


@pytest.fixture
def newer(layout: Layout) -> Store:
    store = Store(layout, now=noon)
    store.create()
    with store.transaction("everything", by="ana") as tables:
        for fact in FACTS:
            tables.put(fact)
    from_the_future(layout)
    return Store(layout, now=noon)


def raw(layout: Layout) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(layout.backlog.read_bytes())
    return document


def row(layout: Layout, table: str) -> dict[str, Any]:
    """The one document of a table."""
    (found,) = raw(layout)["tables"][table].values()
    assert isinstance(found, dict)
    return found


def rewrite(store: Store) -> None:
    """Change one field of every fact, and one of an inner fact where there is one."""
    with store.transaction("rewrite", by="bo") as tables:
        tables.put(replace(IDEA, title="mixup 2", change=replace(IDEA.change, implemented=True)))
        tables.amend(replace(OUTCOME, reason="better", evidence=replace(EVIDENCE, gain=0.7)))
        tables.put(replace(RUN, status="running"))
        tables.put(replace(REVISION, because="it moved twice"))
        tables.put(replace(CALIBRATION, because="again", everybody=Usual(chance=0.0, gain=1.0)))
        tables.put(replace(BASELINE, because="the first"))
        tables.set_paused("lunch")


def test_they_survive_a_rewrite_at_every_depth(
    newer: Store, layout: Layout, publish: Callable[[Figure], None]
) -> None:
    before = {table: count(rows) for table, rows in raw(layout)["tables"].items()}
    assert before["ideas"] == 9
    assert before["outcomes"] == 1 + 3 + 1 + 1 + 4
    assert before["calibrations"] == 1 + 1 + 1 + 1
    rewrite(newer)
    after = raw(layout)
    kept = {table: count(rows) for table, rows in after["tables"].items()}
    tried, held = sum(before.values()), sum(kept.values())
    publish(Figure(what="unknown fields of a newer release, after a rewrite", tried=tried, held=held))
    assert kept == before
    assert row(layout, "ideas")["frozen"]["estimates"]["ana"]["zz_new"] == STRANGE
    assert row(layout, "ideas")["title"] == "mixup 2"
    assert row(layout, "outcomes")["evidence"]["pairs"][1]["zz_new"] == STRANGE
    assert row(layout, "outcomes")["evidence"]["gain"] == 0.7
    assert row(layout, "calibrations")["finished"][0]["zz_new"] == STRANGE


def test_tables_and_header_keys_of_another_release_survive(newer: Store, layout: Layout) -> None:
    rewrite(newer)
    after = raw(layout)
    assert (after["zz_header"], after["zz_more"]) == (STRANGE, 1)
    assert after["tables"]["zz_table"] == {"7": {"anything": STRANGE}}
    assert row(layout, "meta")["zz_new"] == STRANGE


def test_undo_and_redo_keep_them(newer: Store, layout: Layout) -> None:
    before = raw(layout)["tables"]
    rewrite(newer)
    between = raw(layout)["tables"]
    Store(layout, now=noon).undo(by="ana")
    assert raw(layout)["tables"] == before
    Store(layout, now=noon).redo(by="ana")
    assert raw(layout)["tables"] == between


def test_a_key_that_was_taken_away_stays_away(newer: Store, layout: Layout) -> None:
    with newer.transaction("less", by="ana") as tables:
        tables.put(replace(IDEA, change=Change(params={"heads": {}}), estimates={"bo": BO}, dispatch=None))
    found = row(layout, "ideas")
    assert found["change"]["params"] == {"heads": {}}
    assert found["change"]["zz_new"] == STRANGE
    assert found["dispatch"] is None
    assert list(found["estimates"]) == ["bo"]


def test_an_estimate_takes_them_along_into_the_history(newer: Store, layout: Layout) -> None:
    with newer.transaction("estimate", by="ana") as tables:
        tables.put(with_estimate(IDEA, Estimate(by="ana", at=NOON, hours=1.0)))
    found = row(layout, "ideas")
    assert [one["hours"] for one in found["history"]] == [8.0, 4.0, 2.0]
    assert [count(one) for one in found["history"]] == [1, 1, 1]
    assert found["estimates"]["ana"]["hours"] == 1.0


def test_an_element_that_is_another_one_takes_nothing_over(newer: Store, layout: Layout) -> None:
    with newer.transaction("other pairs", by="ana") as tables:
        pairs = (Pair(seed=5, idea=0.1, baseline=0.2), EVIDENCE.pairs[1])
        tables.amend(replace(OUTCOME, evidence=replace(EVIDENCE, pairs=pairs), unstruck=None))
    found = row(layout, "outcomes")["evidence"]["pairs"]
    assert [count(one) for one in found] == [0, 1]
    assert found[1]["seed"] == 1


def test_a_shorter_and_a_turned_tuple_keep_each_its_own(newer: Store, layout: Layout) -> None:
    state, _ = backlogs.load(layout.backlog)
    state.tables["ideas"]["1"]["history"][0]["zz_new"] = "first"
    state.tables["ideas"]["1"]["history"][1]["zz_new"] = "second"
    layout.backlog.write_bytes(backlogs.render(state))
    with Store(layout, now=noon).transaction("turn", by="ana") as tables:
        tables.put(replace(IDEA, history=IDEA.history[::-1]))
    assert [one["zz_new"] for one in row(layout, "ideas")["history"]] == ["second", "first"]
    with Store(layout, now=noon).transaction("shorten", by="ana") as tables:
        tables.put(replace(IDEA, history=IDEA.history[1:]))
    assert [one["zz_new"] for one in row(layout, "ideas")["history"]] == ["second"]


def test_a_store_without_them_is_written_as_ever(store: Store, layout: Layout) -> None:
    with store.transaction("everything", by="ana") as tables:
        for fact in FACTS:
            tables.put(fact)
    rewrite(store)
    assert count(raw(layout)) == 0
    assert store.read().ideas[1].change.implemented
