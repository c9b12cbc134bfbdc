"""Facts for the tests of scoring: what a test does not say is filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from planner.domain.calibration import Calibration, Finished
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import CATEGORIES, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.settings import Settings
from planner.domain.verdict import Verdict
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.freeze import freeze
from planner.rules.scoring.score import score
from tests.rules.ledgers import some_evidence

MONDAY = "2026-11-16T09:00:00.000Z"
TUESDAY = "2026-11-17T09:00:00.000Z"
SETTINGS = Settings(goal=Goal(metric="accuracy", minimum_effect=0.2))
"""Accuracy in per cent, where 0.2 are 1 MEI."""


def said(by: str = "ana", *, gain: float | None = None, **fields: Any) -> Estimate:
    """What one person says; `gain` in MEI of SETTINGS."""
    impact = None if gain is None else gain * SETTINGS.goal.minimum_effect
    return Estimate(by=by, at=MONDAY, **({"impact": impact} | fields))


def idea(number: int, title: str = "", *estimates: Estimate, **fields: Any) -> Idea:
    """An idea of a category that makes no relatives, unless told otherwise."""
    return Idea(
        id=number,
        title=title or f"idea{number}",
        created_at=MONDAY,
        created_by="ana",
        estimates={estimate.by: estimate for estimate in estimates},
        **fields,
    )


def outcome(number: int, verdict: Verdict, *, q: float | None = None, **fields: Any) -> Outcome:
    """An outcome; with `q` it has evidence, whose gain is `gain` (2 MEI)."""
    gain = fields.pop("gain", 2.0)
    evidence = None if q is None else some_evidence(gain, q)
    usual: dict[str, Any] = {"at": TUESDAY, "reason": verdict, "rung": "full", "baseline": 1}
    return Outcome(idea=number, verdict=verdict, evidence=evidence, **(usual | fields))


def finished(number: int, title: str = "", **fields: Any) -> Finished:
    """A finished idea as its relatives see it."""
    usual: dict[str, Any] = {
        "title": title or f"done{number}",
        "words": tuple(sorted(set(title.split()))),
        "category": "other",
        "verdict": "improved",
        "q": 0.95,
        "expected": 0.2,
        "weight": 1.0,
        "kept": False,
    }
    return Finished(idea=number, **(usual | fields))


def ledger(ideas: Iterable[Idea], *outcomes: Outcome, **fields: Any) -> Ledger:
    """A ledger of these ideas and outcomes."""
    return Ledger(ideas={one.id: one for one in ideas}, outcomes=outcomes, **fields)


def calibrated(before: Ledger) -> Ledger:
    """The ledger with the calibration that it makes."""
    return replace(before, calibration=calibrate(before, SETTINGS, at=TUESDAY, because="a test"))


def dispatched(before: Ledger, number: int) -> Ledger:
    """The ledger with what is believed of one idea frozen."""
    one = before.ideas[number]
    frozen = freeze(one, score(one, before.calibration, SETTINGS), before.calibration, at=MONDAY)
    return replace(before, ideas={**before.ideas, number: replace(one, frozen=frozen)})


def landed(before: Ledger, *outcomes: Outcome) -> Ledger:
    """The ledger with further outcomes, and the calibration that they make."""
    for each in outcomes:
        before = dispatched(before, each.idea)
    return calibrated(replace(before, outcomes=(*before.outcomes, *outcomes)))


# -- made up by hypothesis ----------------------------------------------------------------------

tried = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How hard a property is tried: whole ledgers take time to make up."""
WORDS = ("mixup", "cutmix", "cosine", "warmup", "label", "smoothing", "dropout", "batch", "norm")
PEOPLE = ("ana", "bo", "cleo")
NOT_WON: tuple[Verdict, ...] = ("no gain", "worse", "inconclusive", "invalid")


def maybe(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[float | None]:
    """A number, or nobody said."""
    return st.none() | numbers


@st.composite
def estimates_by(draw: st.DrawFn, who: str) -> Estimate:
    """Anything one person may say."""
    return said(
        who,
        hours=draw(maybe(st.floats(0.02, 400))),
        complexity=draw(maybe(st.floats(0, 5))),
        gain=draw(maybe(st.floats(0.01, 100))),
        likelihood=draw(maybe(st.floats(0, 1))),
        relative=draw(st.booleans()),
    )


@st.composite
def some_idea(draw: st.DrawFn, number: int) -> Idea:
    """Any idea, with up to three people's estimates."""
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3))
    title = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
    estimates = [draw(estimates_by(who)) for who in people]
    category = draw(st.sampled_from(CATEGORIES))
    return idea(number, title, *estimates, category=category, run_hours=draw(maybe(st.floats(0.01, 40))))


@st.composite
def some_outcome(draw: st.DrawFn, number: int) -> Outcome:
    """Any outcome of an idea, a given-up one and an invalid one among them."""
    q = draw(maybe(st.floats(0, 1)))
    sure = q is not None and q >= 0.9
    verdict: Verdict = "improved" if sure else draw(st.sampled_from(NOT_WON))
    hours, gain = draw(maybe(st.floats(0.01, 100))), draw(st.floats(0, 20))
    return outcome(number, verdict, q=q, kept=sure and draw(st.booleans()), hours=hours, gain=gain)


@st.composite
def some_ledger(draw: st.DrawFn, most: int = 6) -> Ledger:
    """Some ideas, of which some are finished, and the calibration that they make."""
    count = draw(st.integers(1, most))
    ideas = [draw(some_idea(number)) for number in range(1, count + 1)]
    done = draw(st.lists(st.integers(1, count), unique=True))
    return calibrated(ledger(ideas, *[draw(some_outcome(number)) for number in done]))


def some_calibration() -> st.SearchStrategy[Calibration]:
    """Any calibration that a ledger can make."""
    return some_ledger().map(lambda made: made.calibration)
