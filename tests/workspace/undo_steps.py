"""What is done to a project and undone: each verb, and what dispatchers and runs do beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planner.dispatcher.climb import climb
from planner.dispatcher.measuring import Measurements
from planner.dispatcher.searching import Searches
from planner.domain.ledger import Ledger
from planner.domain.outcome import Outcome
from planner.domain.run import Run
from planner.workspace.learning import learn
from planner.workspace.project import Project
from planner.workspace.records import calibrate_now
from planner.workspace.workspace import Workspace

Do = Callable[[Workspace], object]


def now(work: Workspace) -> Ledger:
    """Everything decided, whatever number of writes it took."""
    return replace(work.project.store.read(), generation=0)


def again(work: Workspace) -> Workspace:
    """The same project after a restart."""
    return Workspace(work.layout, now=work.project.now, who=work.project.who)


def tick(work: Workspace) -> None:
    """What the dispatcher decides by itself: runs are queued, and ideas settled or halted."""
    climb(Project(work.layout, work.project.now, "dispatcher"), Searches(), Measurements(work.layout.project))


def queued(work: Workspace) -> list[Run]:
    return [run for run in now(work).runs.values() if run.status == "queued"]


def become(work: Workspace, run: Run, **fields: object) -> None:
    """Let a run go on as the dispatcher writes it down."""
    with work.project.store.transaction(f"run {run.id}", by="dispatcher", undoable=False) as tables:
        current = tables.get(Run, run.id)
        assert current is not None
        tables.put(replace(current, **fields))  # type: ignore[arg-type]  # fields of a run by name


def begin(work: Workspace, run: Run) -> None:
    become(work, run, status="running", started_at=work.project.now(), waits="")


def finish(work: Workspace, run: Run, value: float) -> None:
    at = work.project.now()
    become(
        work,
        run,
        status="finished",
        started_at=at,
        ended_at=at,
        value=value,
        hours=0.5,
        waits="",
        covers=("tiny",),
    )


def land(work: Workspace, found: Outcome) -> None:
    """Let an outcome land as the dispatcher does."""
    landed = replace(found, at=work.project.now())
    with work.project.store.transaction("verdict", by="dispatcher", undoable=False) as tables:
        tables.put(landed)
        if landed.verdict != "invalid":
            learn(tables, work.settings, at=landed.at, because="it landed", outcome_of=landed.idea)


def to_verdict(work: Workspace, lift: float = 0.02) -> None:
    """Let every dispatched idea climb to its verdict: its runs bring `lift`, the baseline's nothing."""
    while any(idea.dispatch and not idea.dispatch.halted for idea in now(work).ideas.values()):
        tick(work)
        for run in queued(work):
            finish(work, run, 0.9 + (lift if run.idea else 0.0) + run.seed / 5000)


def full_run(work: Workspace) -> str:
    return next(run.id for run in now(work).runs.values() if run.idea == 1 and run.rung == "full")


VERBS: dict[str, tuple[Do, str]] = {
    "add": (lambda w: w.ideas.add("ema"), "add #5 “ema”"),
    "retitle": (
        lambda w: w.ideas.edit(3, title="smoothing", tags=["loss"]),
        "edit #3 “label smoothing”: title “label smoothing” → “smoothing”, tags loss",
    ),
    "params": (
        lambda w: w.ideas.edit(3, params=["smooth=0.2", "eps=1"]),
        "edit #3 “label smoothing”: smooth 0.1 → 0.2, eps 1",
    ),
    "ref": (
        lambda w: w.ideas.edit(2, ref="cutmix", hypothesis="it blends", category="loss", run_hours="2h"),
        "edit #2 “cutmix”: hypothesis, category augmentation → loss, ref cutmix, run hours 2h",
    ),
    "estimate": (
        lambda w: w.ideas.estimate(2, hours="4h", likelihood="20%"),
        "estimate #2 “cutmix”: hours 3h → 4h, likelihood 40% → 20%",
    ),
    "estimate of another": (
        lambda w: w.ideas.estimate(2, by="bo", impact="+0.3pp", complexity="2"),
        "estimate by bo of #2 “cutmix”: complexity 2, impact +0.003",
    ),
    "range": (
        lambda w: w.ideas.estimate(2, hours="2h-8h"),
        "estimate #2 “cutmix”: hours 3h → 2h-8h",
    ),
    "nudge": (lambda w: w.ideas.nudge(2, "hours", 1), "raise #2 “cutmix”: hours 3h → 3.75h"),
    "nudge down": (
        lambda w: w.ideas.nudge(2, "likelihood", -1),
        "lower #2 “cutmix”: likelihood 40% → 35%",
    ),
    "start": (lambda w: w.ideas.start_timer(3), "start the timer of #3 “label smoothing”"),
    "stop": (
        lambda w: w.ideas.stop_timer(3, hours="90m"),
        "add to the hours of #3 “label smoothing”: hours spent 1.5h",
    ),
    "spent": (
        lambda w: w.ideas.set_spent(1, "3h"),
        "say what was spent on #1 “mixup”: hours spent 3h",
    ),
    "park": (lambda w: w.ideas.park(2), "park #2 “cutmix”"),
    "restore": (lambda w: w.ideas.restore(4), "restore #4 “mixture of experts”"),
    "drop": (lambda w: w.ideas.drop(2), "drop #2 “cutmix”"),
    "keep": (lambda w: w.ideas.keep(2), "keep #2 “cutmix”"),
    "dispatch": (lambda w: w.queue.dispatch([2, 3]), "dispatch #2 “cutmix”, #3 “label smoothing”"),
    "overrule": (
        lambda w: w.corrections.overrule(1, "worse", "the split leaked"),
        "overrule the verdict on #1 “mixup”: improved → worse",
    ),
    "overrule as invalid": (
        lambda w: w.corrections.overrule(1, "invalid", "the split leaked"),
        "overrule the verdict on #1 “mixup”: improved → invalid",
    ),
    "adopt": (lambda w: w.corrections.adopt(1), "adopt #1 “mixup”"),
    "decline": (lambda w: w.corrections.decline(1, "memory"), "decline #1 “mixup”"),
    "give up": (
        lambda w: w.corrections.give_up(3, "no labels", hours="2h"),
        "give up #3 “label smoothing”",
    ),
    "strike": (
        lambda w: w.corrections.strike(full_run(w), "the disk was full"),
        "strike out run {run} of #1 “mixup”",
    ),
    "calibrate": (lambda w: calibrate_now(w.project), "calibrate anew: no score moved"),
    "import history": (
        lambda w: w.import_history(w.layout.project / "log.csv"),
        "import log.csv: 2 new ideas, 2 outcomes",
    ),
    "import ideas": (
        lambda w: w.import_ideas(w.layout.project / "ideas.md"),
        "import ideas of ideas.md: 2 new ideas, 1 estimate",
    ),
}
"""Everything a person can do to the store, and what undo says of it."""
