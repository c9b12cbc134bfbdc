"""Progress: the fold of a worker's events, however they arrive."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event import Alert, Check, Ended, Epoch, Event, Progress, Resumed, Started
from planner.rules.progress import fold, too_quiet

AT = "2026-11-02T09:00:00.000Z"
LATER = "2026-11-02T09:01:00.000Z"


def epoch(number: int, at: str = AT, epochs: int | None = None, **metrics: float) -> Epoch:
    """An epoch of a minute."""
    return Epoch(at=at, epoch=number, epochs=epochs, seconds=60.0 * number, metrics=metrics)


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started, at=st.sampled_from([AT, LATER]), pid=st.integers(1, 9), epochs=st.none() | st.just(5)),
    st.builds(
        Epoch,
        at=st.just(LATER),
        epoch=st.integers(1, 6),
        epochs=st.none() | st.just(6),
        seconds=st.floats(0, 100),
        metrics=st.dictionaries(st.sampled_from(["loss", "val_loss"]), st.floats()),
    ),
    st.builds(Check, at=st.just(AT), name=st.just("shapes"), passed=st.booleans()),
    st.builds(Alert, at=st.just(AT), text=st.text(max_size=3)),
    st.builds(Ended, at=st.just(LATER), status=st.just("finished"), seconds=st.floats(0, 100)),
)


@given(events=st.lists(EVENTS, max_size=12), cut=st.integers(0, 12))
def test_folding_piece_by_piece_equals_folding_at_once(events, cut):
    at_once = fold(Progress(), events)
    assert repr(fold(fold(Progress(), events[:cut]), events[cut:])) == repr(at_once)
    one_by_one = Progress()
    for event in events:
        one_by_one = fold(one_by_one, [event])
    assert repr(one_by_one) == repr(at_once)


@given(events=st.lists(EVENTS, max_size=12))
def test_curves_run_forward(events):
    for points in fold(Progress(), events).curves.values():
        epochs = [number for number, _ in points]
        assert epochs == sorted(set(epochs))


def test_no_event_leaves_progress_as_it_was():
    progress = fold(Progress(), [Started(at=AT, pid=7), epoch(1, loss=0.5)])
    assert fold(progress, []) == progress


def test_epochs_make_curves_by_metric():
    events = [Started(at=AT, pid=7, epochs=3), epoch(1, loss=0.9), epoch(2, LATER, loss=0.5, val_loss=0.7)]
    progress = fold(Progress(), events)
    assert progress.curves == {"loss": ((1, 0.9), (2, 0.5)), "val_loss": ((2, 0.7),)}
    assert (progress.pid, progress.started_at, progress.last_at) == (7, AT, LATER)
    assert (progress.epoch, progress.epochs, progress.seconds) == (2, 3, 120.0)
    assert progress.eta_seconds == 60.0


def test_a_metric_that_is_not_finite_stays_in_its_curve():
    curves = fold(Progress(), [epoch(1, loss=math.inf), epoch(2, loss=math.nan)]).curves
    assert curves["loss"][0] == (1, math.inf)
    assert math.isnan(curves["loss"][1][1])


def test_one_epoch_may_be_reported_in_parts():
    progress = fold(Progress(), [epoch(1, loss=0.9), epoch(1, val_loss=0.8)])
    assert progress.curves == {"loss": ((1, 0.9),), "val_loss": ((1, 0.8),)}


def test_a_worker_started_again_draws_its_curves_anew():
    first = [Started(at=AT, pid=7), epoch(1, loss=0.9), epoch(2, loss=0.5)]
    again = [
        Ended(at=AT, status="stopped", seconds=9.0),
        Started(at=LATER, pid=8),
        epoch(1, loss=0.8),
    ]
    progress = fold(Progress(), [*first, *again])
    assert progress.curves == {"loss": ((1, 0.8),)}
    assert (progress.pid, progress.started_at, progress.epoch) == (8, LATER, 1)
    assert progress.ended is None


def test_checks_and_alerts_are_kept_in_order_and_the_last_word_ends_it():
    shapes = Check(at=AT, name="shapes", passed=True)
    tiny = Check(at=AT, name="fits a tiny set", passed=False, detail="loss stays at 2.3")
    last = Ended(at=LATER, status="failed", seconds=3.0, cause="a check failed")
    progress = fold(Progress(), [shapes, Alert(at=AT, text="disk nearly full"), tiny, last])
    assert progress.checks == (shapes, tiny)
    assert progress.alerts == ("disk nearly full",)
    assert progress.ended == last
    assert progress.last_at == LATER


def test_silence_is_measured_by_the_run_s_own_longest_epoch():
    slow = fold(Progress(), [epoch(1), Epoch(at=LATER, epoch=2, epochs=9, seconds=660.0, metrics={})])
    assert slow.longest == 600.0
    assert not too_quiet(slow, 1_700.0)  # an epoch took ten minutes before
    assert too_quiet(slow, 1_800.0)
    quick = fold(Progress(), [Epoch(at=LATER, epoch=9, epochs=99, seconds=9.0, metrics={})])
    assert too_quiet(quick, 60.0)


def test_a_run_that_loads_its_libraries_is_not_too_quiet_at_once():
    assert not too_quiet(Progress(), 200.0)
    assert too_quiet(Progress(), 300.0)
    assert not too_quiet(Progress(), None)


def test_inherited_epochs_are_the_run_s_own_but_said_nothing_of_when_it_last_spoke():
    inherited = [epoch(1, loss=0.9), epoch(2, loss=0.5)]
    progress = fold(
        Progress(), [Started(at=LATER, pid=7), Resumed(at=LATER, run="r1-a", epoch=2), *inherited]
    )
    assert progress.resumed == Resumed(at=LATER, run="r1-a", epoch=2)
    assert progress.curves["loss"] == ((1, 0.9), (2, 0.5))
    assert (progress.epoch, progress.last_at) == (2, LATER)
    assert fold(progress, [epoch(3, "2026-11-16T12:00:00Z")]).last_at == "2026-11-16T12:00:00Z"
