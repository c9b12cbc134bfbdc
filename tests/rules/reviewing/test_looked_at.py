"""An idea that somebody has looked at and left as it is: a review asks again only when there is news."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.idea import Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline
from planner.rules.reviewing.attention import halted, repair, stale
from planner.rules.reviewing.comeback import comebacks
from planner.rules.reviewing.review import review
from tests.rules.ledgers import SETTINGS, a_ledger, an_idea, an_outcome

CAPTURED = "2026-10-01T09:00:00.000Z"
JUDGED = "2026-11-10T09:00:00.000Z"
LOOKED = "2026-11-12T09:00:00.000Z"
NOW = "2026-11-16T09:00:00.000Z"


def looked(idea: Idea) -> Idea:
    return replace(idea, reviewed_at=LOOKED)


def kept(ledger: Ledger) -> Ledger:
    return replace(ledger, ideas={number: looked(idea) for number, idea in ledger.ideas.items()})


def test_a_stale_idea_that_was_kept_is_stale_again_four_weeks_later():
    ledger = kept(a_ledger([an_idea(1, created_at=CAPTURED, dispatch=None)]))
    assert stale(ledger, now=NOW) == ()
    assert [one.since for one in stale(ledger, now="2026-12-15T09:00:00.000Z")] == [LOOKED]


def test_an_invalid_idea_that_was_kept_is_asked_about_after_its_next_outcome_alone():
    ideas = [an_idea(1, dispatch=None)]
    ledger = a_ledger(ideas, outcomes=(an_outcome(1, "invalid", JUDGED),))
    assert [one.idea for one in repair(ledger)] == [1]
    assert repair(kept(ledger)) == ()
    again = replace(kept(ledger), outcomes=(*ledger.outcomes, an_outcome(1, "invalid", NOW)))
    assert [one.idea for one in repair(again)] == [1]


def test_a_halted_idea_that_was_kept_is_off_the_review_and_still_halted():
    wish = Dispatch(at=JUDGED, by="ana", halted="it asks for more memory than there is")
    ledger = kept(a_ledger([an_idea(1, dispatch=wish)]))
    assert [one.idea for one in halted(ledger)] == [1]
    assert review(ledger, SETTINGS, week="2026-W46", now=NOW).halted == ()


def test_a_comeback_that_was_left_alone_comes_back_with_the_next_baseline():
    first = Baseline(version=1, params={}, at=CAPTURED, metric="val_loss")
    ledger = a_ledger(
        [an_idea(1, dispatch=None)], outcomes=(an_outcome(1, "no gain", JUDGED),), baselines=(first,)
    )
    assert [one.idea for one in comebacks(ledger, SETTINGS)] == [1]
    assert comebacks(kept(ledger), SETTINGS) == ()
    newer = replace(kept(ledger), baselines=(first, replace(first, version=2, at=NOW)))
    assert [one.idea for one in comebacks(newer, SETTINGS)] == [1]
