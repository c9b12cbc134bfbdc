"""The project of the screen tests two weeks on: outcomes of three people's ideas, and open questions."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Baseline, Evidence, Outcome, Pair
from planner.domain.verdict import Verdict
from planner.rules.learning.calibrate import calibrate
from planner.rules.learning.freeze import freeze
from planner.rules.scoring.score import score
from tests.screens import project
from tests.screens.fake import FakeEngine
from tests.screens.project_runs import PARAMS

TRIED: tuple[tuple[str, str, Verdict, float, float, str], ...] = (
    # title, category, verdict, gain in MEI, hours it took, when
    ("weight decay 1e-4", "regularisation", "improved", 2.4, 1.0, "2026-11-10T15:00:00.000Z"),
    ("ranger optimizer", "optimizer", "no gain", 0.1, 6.0, "2026-11-11T11:00:00.000Z"),
    ("colour jitter", "augmentation", "worse", -1.6, 1.5, "2026-11-12T10:00:00.000Z"),
    ("shifts of 2 px", "augmentation", "improved", 3.1, 0.5, "2026-11-13T16:00:00.000Z"),
    ("focal loss", "loss", "no gain", -0.2, 2.0, "2026-11-16T12:00:00.000Z"),
    ("swish activations", "architecture", "no gain", 0.2, 0.5, "2026-11-17T09:30:00.000Z"),
    ("test-time augmentation of 8 shifts", "evaluation", "improved", 1.8, 3.0, "2026-11-18T14:00:00.000Z"),
    ("squeeze-and-excitation", "architecture", "inconclusive", 0.7, 5.0, "2026-11-19T18:00:00.000Z"),
)
SAID = (0.6, 0.5, 0.35, 0.4, 0.3, 0.5, 0.7, 0.45)
"""What ana said of each; bo says .15 less, and cleo nothing."""


def engine() -> FakeEngine:
    """Eight ideas resolved, one stale, one invalid, one halted."""
    made = project.engine()
    made.ledger = ledger()
    return made


def forgetful() -> FakeEngine:
    """The same with a timer that ran over night."""
    made = engine()
    ideas = made.ledger.ideas
    forgotten = replace(ideas[2], timer_since="2026-11-19T07:00:00.000Z")
    made.ledger = replace(made.ledger, ideas={**ideas, 2: forgotten})
    return made


def ledger() -> Ledger:
    """Every number in it follows from the rules."""
    now = project.ledger()
    ideas = dict(now.ideas)
    before = Ledger(ideas=ideas, calibration=now.calibration)
    outcomes = []
    for number, (row, chance) in enumerate(zip(TRIED, SAID, strict=True), 21):
        idea, outcome = _tried(number, row, chance, before)
        ideas[number] = idea
        outcomes.append(outcome)
    ideas[10] = replace(
        ideas[10],
        created_at="2026-10-01T09:00:00.000Z",
        estimates={"cleo": replace(ideas[10].estimates["cleo"], at="2026-10-02T09:00:00.000Z")},
    )
    halted = "its full run asks for more memory than the GPU has"
    ideas[4] = replace(ideas[4], dispatch=Dispatch(at="2026-11-19T10:00:00.000Z", by="bo", halted=halted))
    broken = Outcome(
        idea=3,
        at="2026-11-18T08:00:00.000Z",
        verdict="invalid",
        reason="ValueError: erase must lie within 28 px (experiment.py, line 31)",
        rung="check",
        baseline=1,
    )
    whole = replace(
        now,
        ideas=ideas,
        outcomes=(*outcomes, *now.outcomes, broken),
        baselines=(Baseline(version=1, params=dict(PARAMS), at="2026-11-09T09:00:00.000Z"),),
    )
    anew = calibrate(whole, project.SETTINGS, at="2026-11-19T22:10:00.000Z", because="outcome of #11")
    return replace(whole, calibration=replace(anew, number=9, reference=0.9712, run_hours=0.15))


def _tried(
    number: int, row: tuple[str, str, Verdict, float, float, str], chance: float, before: Ledger
) -> tuple[Idea, Outcome]:
    title, category, verdict, gain, took, at = row
    said = "2026-11-09T10:00:00.000Z"
    estimates = {
        "ana": Estimate(by="ana", at=said, hours=1.0, complexity=1, impact=0.006, likelihood=chance),
        "bo": Estimate(by="bo", at=said, hours=2.0, impact=0.004, likelihood=chance - 0.15),
    }
    idea = Idea(
        id=number,
        title=title,
        created_at=said,
        created_by="ana",
        category=category,
        change=Change(params={f"p{number}": 1}),
        estimates=estimates,
    )
    frozen = freeze(
        idea,
        score(idea, before.calibration, project.SETTINGS),
        before.calibration,
        at="2026-11-10T09:00:00.000Z",
    )
    outcome = Outcome(
        idea=number,
        at=at,
        verdict=verdict,
        reason=f"{verdict}: {gain:+.1f} MEI [{gain - 1:.1f}, {gain + 1:.1f}] on 3 paired seeds".replace(
            "-", "−"
        ),
        rung="full",
        baseline=1,
        evidence=_evidence(gain, verdict),
        kept=verdict == "improved",
        worth=True if verdict == "improved" else None,
        hours=took,
        run_hours=0.6,
        complexity=1,
    )
    return replace(idea, frozen=frozen, spent_hours=took), outcome


def _evidence(gain: float, verdict: Verdict) -> Evidence:
    return Evidence(
        pairs=tuple(Pair(seed=seed, idea=0.9712 + gain * 0.002, baseline=0.9712) for seed in range(3)),
        seeds=3,
        baseline_seeds=5,
        effect=gain,
        error=0.5,
        low=gain - 1,
        high=gain + 1,
        q={"improved": 0.97, "inconclusive": 0.5}.get(verdict, 0.04),
        gain=gain,
        noise=0.0004,
        paired=True,
    )
