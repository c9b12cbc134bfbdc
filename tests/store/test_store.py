"""What a transaction does to the store, and what it leaves alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tinydb import TinyDB
from tinydb.storages import MemoryStorage

from planner.domain.calibration import Calibration, Finished, Usual
from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.mistake import Mistake
from planner.domain.outcome import Baseline, Evidence, Outcome, Pair, Revision
from planner.domain.run import Run
from planner.store import backlog
from planner.store.layout import Layout
from planner.store.store import Store
from tests.store.conftest import NOON, add, noon, titles

RUN = Run(
    id="r1-ab12", idea=1, baseline=1, rung="tiny", seed=3, params={"lr": 0.1}, queued_at=NOON, order=0.0
)
OUTCOME = Outcome(
    idea=1,
    at=NOON,
    verdict="improved",
    reason="+2 MEI",
    rung="full",
    baseline=1,
    evidence=Evidence(
        pairs=(Pair(seed=1, idea=0.9, baseline=0.8),),
        seeds=1,
        baseline_seeds=5,
        effect=2.0,
        error=1.0,
        low=0.0,
        high=4.0,
        q=0.9,
        gain=1.5,
        noise=0.1,
        paired=True,
    ),
)
CALIBRATION = Calibration(
    number=1,
    at=NOON,
    usual={"ana": Usual(chance=0.1, gain=0.2, said=3)},
    finished=(
        Finished(
            idea=1,
            title="mixup",
            words=("mixup",),
            category="augmentation",
            verdict="improved",
            q=0.9,
            expected=0.2,
            weight=1.0,
            kept=True,
        ),
    ),
)


def revision(number: int) -> Revision:
    return Revision(
        id=number,
        at=NOON,
        idea=1,
        before=1.0,
        after=2.0,
        rank_before=2,
        rank_after=1,
        because="",
        calibration=1,
    )


def test_everything_put_is_read_back_by_another_store(store: Store, layout: Layout) -> None:
    idea = Idea(
        id=1,
        title="mixup",
        created_at=NOON,
        created_by="ana",
        tags=("a", "b"),
        change=Change(params={"alpha": 0.2, "layers": [1, 2], "on": True, "name": None}),
        estimates={"ana": Estimate(by="ana", at=NOON, hours=1.5)},
        dispatch=Dispatch(at=NOON, by="ana"),
    )
    with store.transaction("everything", by="ana") as tables:
        for fact in (idea, RUN, OUTCOME, revision(1), Baseline(version=1, params={"lr": 0.1}, at=NOON)):
            tables.put(fact)
        tables.put_calibration(CALIBRATION)
        tables.set_paused("by hand")
    ledger = Store(layout).read()
    assert ledger == store.read()
    assert ledger.ideas == {1: idea}
    assert ledger.runs == {"r1-ab12": RUN}
    assert ledger.outcomes == (OUTCOME,)
    assert ledger.revisions == (revision(1),)
    assert ledger.baselines[0].params == {"lr": 0.1}
    assert ledger.calibration == CALIBRATION
    assert ledger.paused == "by hand"
    assert ledger.generation == 1


def test_a_transaction_that_raises_changes_nothing(store: Store, layout: Layout) -> None:
    before = layout.backlog.read_bytes()

    def transaction_that_fails() -> None:
        with store.transaction("add", by="ana") as tables:
            tables.put(Idea(id=tables.next_id(Idea), title="x", created_at=NOON, created_by="ana"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        transaction_that_fails()
    assert layout.backlog.read_bytes() == before
    assert titles(store) == []


def test_a_transaction_that_changes_nothing_writes_nothing(store: Store, layout: Layout) -> None:
    idea = add(store, "mixup")
    before, journal = layout.backlog.read_bytes(), layout.journal.read_bytes()
    with store.transaction("put the same", by="ana") as tables:
        tables.put(idea)
        tables.next_id(Revision)
        tables.set_paused(None)
    assert (layout.backlog.read_bytes(), layout.journal.read_bytes()) == (before, journal)


def test_ideas_are_numbered_from_1_and_no_number_is_given_twice(store: Store) -> None:
    assert [add(store, title).id for title in ("a", "b")] == [1, 2]
    store.undo(2, by="ana")
    assert add(store, "c").id == 3
    with store.transaction("remove", by="ana") as tables:
        tables.remove(Idea, 3)
    assert add(store, "d").id == 4
    assert list(store.read().ideas) == [4]


def test_numbers_asked_for_in_one_transaction_differ(store: Store) -> None:
    with store.transaction("two", by="ana") as tables:
        assert [tables.next_id(Idea), tables.next_id(Idea)] == [1, 2]


def test_a_number_put_by_hand_is_not_given_again(store: Store) -> None:
    with store.transaction("revisions", by="ana") as tables:
        first = tables.next_id(Revision)
        for number in range(first, first + 5):
            tables.put(revision(number))
        assert tables.next_id(Revision) == 6


def test_a_transaction_sees_its_own_changes(store: Store) -> None:
    add(store, "a")
    with store.transaction("change", by="ana") as tables:
        idea = tables.get(Idea, 1)
        assert idea is not None
        tables.put(replace(idea, title="b"))
        tables.put(RUN)
        assert [idea.title for idea in tables.all(Idea)] == ["b"]
        assert tables.get(Idea, 1) == replace(idea, title="b")
        assert tables.get(Run, RUN.id) == RUN
        tables.remove(Idea, 1)
        assert tables.get(Idea, 1) is None
        assert tables.all(Idea) == []
        assert tables.ledger().runs == {RUN.id: RUN}


def test_a_run_is_replaced_by_its_id(store: Store) -> None:
    for change in (RUN, replace(RUN, id="r2"), replace(RUN, status="running")):
        with store.transaction("run", by="ana", undoable=False) as tables:
            tables.put(change)
    assert [(run.id, run.status) for run in store.read().runs.values()] == [
        ("r1-ab12", "running"),
        ("r2", "queued"),
    ]


def test_of_several_outcomes_of_an_idea_the_newest_counts_and_all_are_kept(store: Store) -> None:
    corrected = replace(OUTCOME, verdict="no gain")
    with store.transaction("outcomes", by="ana") as tables:
        for outcome in (OUTCOME, replace(OUTCOME, idea=2), corrected):
            tables.put(outcome)
        assert tables.get(Outcome, 1) == corrected
    assert [(outcome.idea, outcome.verdict) for outcome in store.read().outcomes] == [
        (1, "improved"),
        (2, "improved"),
        (1, "no gain"),
    ]
    with store.transaction("take back", by="ana") as tables:
        tables.remove(Outcome, 1)
        assert tables.get(Outcome, 1) == OUTCOME
        tables.remove(Outcome, 7)


def test_only_the_calibration_in_force_is_kept(store: Store) -> None:
    for number in (1, 2, 3):
        with store.transaction("calibrate", by="ana") as tables:
            assert tables.calibration().number == number - 1
            tables.put_calibration(replace(CALIBRATION, number=number))
    assert store.read().calibration.number == 3
    store.undo(by="ana")
    assert store.read().calibration.number == 2


def test_the_ledger_is_the_same_object_until_somebody_writes(store: Store, layout: Layout) -> None:
    add(store, "a")
    first = store.read()
    assert store.read() is first
    add(Store(layout, now=noon), "b")
    second = store.read()
    assert second is not first
    assert second.ideas[1] is first.ideas[1]
    assert titles(store) == ["a", "b"]


def test_two_stores_see_each_others_changes_in_their_transactions(store: Store, layout: Layout) -> None:
    other = Store(layout, now=noon)
    for writer, title in ((store, "a"), (other, "b"), (store, "c"), (other, "d")):
        add(writer, title)
    assert titles(store) == titles(other) == ["a", "b", "c", "d"]
    assert store.read().generation == 4


def test_fields_of_another_release_survive_a_change(store: Store, layout: Layout) -> None:
    add(store, "a")
    state, _ = backlog.load(layout.backlog)
    tables = {**state.tables, "moods": {"1": {"good": True}}}
    tables["ideas"] = {"1": {**tables["ideas"]["1"], "colour": "red"}}
    changed = state._replace(tables=tables, others={"licence": "MIT"})
    layout.backlog.write_bytes(backlog.render(changed))
    with store.transaction("edit", by="ana") as transaction:
        idea = transaction.get(Idea, 1)
        assert idea is not None
        transaction.put(replace(idea, title="b"))
    written, _ = backlog.load(layout.backlog)
    assert written.tables["ideas"]["1"]["colour"] == "red"
    assert written.tables["ideas"]["1"]["title"] == "b"
    assert written.tables["moods"] == {"1": {"good": True}}
    assert written.others == {"licence": "MIT"}


def test_the_file_is_one_strict_json_object_whose_tables_are_tinydbs(store: Store, layout: Layout) -> None:
    add(store, "a")
    document = json.loads(layout.backlog.read_text())
    assert list(document) == ["sum", "schema", "generation", "operation", "tables"]
    database = TinyDB(storage=MemoryStorage)
    database.storage.write(document["tables"])
    assert [(row.doc_id, row["title"]) for row in database.table("ideas").all()] == [(1, "a")]


def test_what_cannot_be_stored_is_refused_and_nothing_changes(store: Store) -> None:
    def capture(value: object) -> None:
        change = Change(params={"odd": value})
        with store.transaction("odd", by="ana") as tables:
            tables.put(Idea(id=1, title="a", created_at=NOON, created_by="ana", change=change))

    for wrong in ("\udcff", 2**70, {1, 2}):
        with pytest.raises(Mistake):
            capture(wrong)
    assert titles(store) == []


def test_there_is_no_store_before_init_and_only_one_after(layout: Layout) -> None:
    store = Store(layout)
    with pytest.raises(Mistake, match="planner init"):
        store.read()
    with pytest.raises(Mistake, match="planner init"):
        add(store, "a")
    assert not layout.home.exists()
    store.create()
    with pytest.raises(Mistake, match="is a project already"):
        store.create()
    assert titles(store) == []


def test_the_sentence_of_a_transaction_may_be_set_within_it(store: Store) -> None:
    with store.transaction("edit", by="ana") as tables:
        tables.put(RUN)
        tables.says = "queue run r1"
    operation = store.operations()[-1]
    assert (operation.says, operation.by, operation.at, operation.seq, operation.base) == (
        "queue run r1",
        "ana",
        NOON,
        1,
        0,
    )


def test_two_thousand_changes_are_one_write(store: Store) -> None:
    with store.transaction("calibrate", by="ana") as tables:
        for number in range(1, 2001):
            tables.put(revision(number))
    assert len(store.read().revisions) == 2000
    assert store.read().generation == 1
