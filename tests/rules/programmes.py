"""Made-up research programmes: people with habits, ideas of several kinds, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, log
from random import Random

from hypothesis import strategies as st

from planner.domain.estimate import Estimate
from planner.domain.idea import CATEGORIES, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run, RunStatus
from planner.rules.scoring.chance import sigmoid
from tests.rules.scoring_facts import WORDS, calibrated, idea, landed, ledger, outcome, said

KINDS = CATEGORIES[1:7]
NAMES = ("ana", "bo", "cleo")
INSIGHT = {"honest": 0.7, "noise": 0.0, "contrary": -0.8}
"""How much of the truth a person's stated log-odds carry."""
BASE = log(0.15 / 0.85)


@dataclass(frozen=True)
class Person:
    """One estimator and what makes her numbers hers."""

    name: str
    insight: float
    optimism: float
    haste: float
    """Natural log of how much longer it takes than she says."""


@dataclass(frozen=True)
class Programme:
    """Ideas nobody has tried yet, and their outcomes in the order they will land."""

    start: Ledger
    outcomes: tuple[Outcome, ...]

    def steps(self) -> Iterator[Ledger]:
        """The ledger as it stands after the first calibration and after each outcome."""
        now = calibrated(self.start)
        yield now
        for each in self.outcomes:
            now = landed(now, each)
            yield now

    def end(self) -> Ledger:
        """The ledger once every outcome has landed."""
        return list(self.steps())[-1]


@st.composite
def some_programme(draw: st.DrawFn, most: int = 24, least_tried: int = 0) -> Programme:
    """A programme of up to `most` ideas, of which some are tried."""
    luck = Random(draw(st.integers(0, 2**32 - 1)))
    insight = draw(st.sampled_from(sorted(INSIGHT)))
    count = draw(st.integers(max(1, least_tried), most))
    tried = draw(st.integers(least_tried, count))
    people = [
        Person(name, INSIGHT[insight], luck.gauss(0.8, 0.8), luck.gauss(0.25, 0.35))
        for name in NAMES[: draw(st.integers(1, len(NAMES)))]
    ]
    truths = {number: BASE + luck.gauss(0, 1.0) for number in range(1, count + 1)}
    ideas = [an_idea(number, truth, people, luck) for number, truth in truths.items()]
    order = luck.sample(sorted(truths), tried)
    return Programme(ledger(ideas), tuple(an_outcome(number, truths[number], luck) for number in order))


def an_idea(number: int, truth: float, people: list[Person], luck: Random) -> Idea:
    """An idea that each person has estimated, or not, or only in part."""
    title = " ".join(luck.sample(WORDS, luck.randint(1, 3)))
    spoken = [an_estimate(person, truth, luck) for person in people if luck.random() < 0.8]
    return idea(number, title, *spoken, category=luck.choice(KINDS))


def an_estimate(person: Person, truth: float, luck: Random) -> Estimate:
    """What one person says of it: chances in steps of five per cent, now and then a number left out."""
    odds = person.insight * (truth - BASE) + person.optimism + luck.gauss(0, 0.7) - 0.4
    chance = min(1.0, max(0.0, round(20 * sigmoid(odds)) / 20))
    stated: dict[str, float] = {
        "likelihood": chance,
        "hours": round(exp(luck.gauss(1.0, 0.9) - person.haste), 2) + 0.05,
        "complexity": float(luck.randint(0, 4)),
        "gain": round(exp(luck.gauss(1.0, 0.8)), 1) + 0.1,
    }
    return said(person.name, **{name: number for name, number in stated.items() if luck.random() < 0.85})


def an_outcome(number: int, truth: float, luck: Random) -> Outcome:
    """What became of it: judged by seeds, or inconclusive, given up, a bug, or a win somebody reports."""
    hours, fate = round(exp(luck.gauss(1.2, 0.9)), 2), luck.random()
    if fate < 0.06:
        return outcome(number, "invalid", hours=hours)
    if fate < 0.10:
        return outcome(number, "no gain", hours=hours)
    if fate < 0.18:
        return outcome(number, "inconclusive", q=luck.uniform(0.11, 0.89), gain=0.4, hours=hours)
    if luck.random() < sigmoid(truth):
        kept, gain = luck.random() < 0.8, exp(luck.gauss(0.7, 1.0))
        reported = fate > 0.96
        return outcome(
            number,
            "improved",
            q=None if reported else luck.uniform(0.9, 1.0),
            gain=gain,
            kept=kept,
            hours=hours if luck.random() < 0.8 else None,
        )
    return outcome(number, "no gain", q=luck.uniform(0.0, 0.1), gain=0.1, hours=hours)


def nobodys_runs(made: Ledger, luck: Random) -> dict[str, Run]:
    """Runs that failed, crashed, were stopped, lost their GPU or were struck out: two of every idea."""
    ends: tuple[tuple[RunStatus, str], ...] = (
        ("failed", "ValueError: the head has 10 outputs and the labels 7 classes"),
        ("crashed", "ended by signal 9"),
        ("crashed", "GPU 0 lost"),
        ("stopped", "stopped by ana"),
        ("finished", ""),
    )
    runs: dict[str, Run] = {}
    for number in [*made.ideas, *made.ideas]:
        status, cause = luck.choice(ends)
        run = Run(
            id=f"n{len(runs)}-{number}",
            idea=number,
            baseline=1,
            rung="full",
            seed=0,
            params={},
            queued_at="2026-11-16T10:00:00.000Z",
            order=0.0,
            status=status,
            cause=cause,
            hours=luck.uniform(0.1, 50.0),
            struck="a typo in the params" if status == "finished" else None,
        )
        runs[run.id] = replace(run, value=0.9, metrics={"accuracy": 0.9}) if run.struck else run
    return runs
