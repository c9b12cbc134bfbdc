"""The project of the screen tests: a dozen ideas about handwritten digits, in every state."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome, Revision
from planner.domain.settings import Settings
from tests.screens.fake import NOW, FakeEngine
from tests.screens.project_runs import detail, runs

SETTINGS = Settings(goal=Goal(metric="val_accuracy", minimum_effect=0.002, target=0.99))


IDEAS = (
    # title, category, tags, chance, gain in MEI, hours, complexity, who, change
    ("mixup alpha 0.2", "augmentation", ("mix",), 0.50, 3, 2, 1, "ana", Change()),
    ("cutmix", "augmentation", ("mix",), 0.45, 3, 3, 1, "ana", Change()),
    (
        "random erasing of 4 px squares",
        "augmentation",
        (),
        0.30,
        1.5,
        1,
        0,
        "ana",
        Change(params={"erase": 4}),
    ),
    ("muon optimizer", "optimizer", (), 0.40, 5, 8, 2, "bo", Change(ref="muon")),
    (
        "cosine schedule with warm-up over two epochs",
        "optimizer",
        ("lr",),
        0.60,
        2,
        1,
        0,
        "bo",
        Change(params={"schedule": "cosine", "warmup": 2}),
    ),
    ("mixture of experts block", "architecture", (), 0.35, 10, 40, 5, "bo", Change()),
    (
        "label smoothing 0.1",
        "loss",
        ("loss",),
        0.40,
        2,
        0.5,
        0,
        "ana",
        Change(params={"label_smoothing": 0.1}),
    ),
    ("ema of weights", "optimizer", (), 0.55, 2.5, 2, 1, "ana", Change(implemented=True)),
    (
        "batch normalisation after every convolution",
        "architecture",
        ("norm",),
        0.5,
        4,
        1,
        1,
        "bo",
        Change(params={"norm": "batch"}),
    ),
    ("more sevens: relabel the 40 worst", "data", ("labels",), 0.35, 3, 3, 0, "cleo", Change()),
    (
        "dropout 0.3 before the last layer",
        "regularisation",
        (),
        0.4,
        1,
        0.25,
        0,
        "ana",
        Change(params={"dropout": 0.3}),
    ),
    (
        "宽 network 上采样 with twice the channels",
        "scale",
        (),
        0.3,
        3,
        0.5,
        1,
        "bo",
        Change(params={"channels": 64}),
    ),
)


def ideas() -> dict[int, Idea]:
    made = {}
    for number, (title, category, tags, chance, gain, hours, complexity, who, change) in enumerate(IDEAS, 1):
        estimate = Estimate(
            by=who, at=NOW, hours=hours, complexity=complexity, impact=gain * 0.002, likelihood=chance
        )
        made[number] = Idea(
            id=number,
            title=title,
            created_at="2026-11-17T09:00:00.000Z",
            created_by=who,
            category=category,
            tags=tags,
            change=change,
            estimates={who: estimate},
        )
    return made


def ledger() -> Ledger:
    made = ideas()
    made[5] = replace(
        made[5],
        hypothesis="Large steps at the start tear the first layer apart; a warm-up lets it settle.",
        estimates={**made[5].estimates, "ana": Estimate(by="ana", at=NOW, impact=0.006, likelihood=0.3)},
        history=(Estimate(by="bo", at="2026-11-17T09:00:00.000Z", hours=2, likelihood=0.4),),
    )
    made[9] = replace(made[9], dispatch=Dispatch(at=NOW, by="bo"), spent_hours=0.8)
    made[7] = replace(made[7], dispatch=Dispatch(at=NOW, by="ana"))
    made[2] = replace(made[2], timer_since="2026-11-20T09:12:00.000Z")
    made[6] = replace(made[6], place="parked")
    outcome = Outcome(
        idea=11,
        at="2026-11-19T22:10:00.000Z",
        verdict="no gain",
        rung="full",
        baseline=1,
        run_hours=0.4,
        hours=0.3,
        reason="no gain: −0.3 MEI [−1.4, 0.8] on 3 paired seeds, chance of a real gain 6 %",
    )
    moved = Revision(
        id=1,
        at="2026-11-19T22:10:00.000Z",
        idea=5,
        before=0.071,
        after=0.063,
        rank_before=1,
        rank_after=1,
        because='7.1 → 6.3: "dropout 0.3" gave no gain (base rate 17 → 15 %)',
        calibration=2,
        outcome_of=11,
    )
    return Ledger(
        generation=31,
        ideas=made,
        outcomes=(outcome,),
        revisions=(moved,),
        calibration=Calibration(
            number=2, at=NOW, because="outcome of #11", outcomes=1, reference=0.9712, run_hours=0.15
        ),
    )


def engine() -> FakeEngine:
    all_runs = runs({number: one.title for number, one in ideas().items()})
    details = {
        view.run.id: detail(view) for view in all_runs if view.run.started_at and view.run.status != "failed"
    }
    return FakeEngine(
        SETTINGS, ledger(), all_runs, details, gpu="GPU 0 RTX 2080 Ti  ▇ 87 %  4.1 of 11.0 GiB  61 °C  212 W"
    )


def empty() -> FakeEngine:
    return FakeEngine(SETTINGS, Ledger())
