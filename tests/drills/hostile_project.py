"""A real project on the disk whose every stored text is a hostile string, runs and their folders included."""

from __future__ import annotations

from planner.domain.estimate import Estimate
from planner.domain.event import Alert, Check, Ended, Epoch, Event, Started
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.outcome import Baseline, Outcome, Revision
from planner.domain.run import SPEC_FORMAT, Run, RunStatus, Spec
from planner.domain.verdict import Verdict
from planner.store.eventlog import EventLog
from planner.store.layout import Layout
from planner.store.runfolder import RunFolder
from planner.store.store import Store
from tests.drills.hostile import SHORT, storable

AT = "2026-11-16T09:00:00.000Z"
TEXTS = tuple(dict.fromkeys(map(storable, SHORT)))
"""Every string that a file can hold."""
EVERY = 16
"""Of so many ideas, one has so many strings in its hypothesis: whoever tells those has told them all."""
RUN = "r1-h057"
"""The run whose folder tells all of them."""


def fill(layout: Layout) -> None:
    """An idea, a run, an outcome and a revision of each string, in a project that has none yet."""
    with Store(layout).transaction(" ".join(TEXTS[:40]), by=TEXTS[0]) as tables:
        for number, text in enumerate(TEXTS, 1):
            tables.put(_idea(number, text))
            tables.put(_run(number, text))
            tables.put(Revision(id=number, at=AT, idea=number, because=text, **_MOVED))
            if number % 2:
                tables.put(_outcome(number, text))
        tables.put(Baseline(version=1, params={text: text for text in TEXTS}, at=AT, because=TEXTS[1]))
        tables.set_paused(" ".join(TEXTS[:8]))
    _run_folder(RunFolder.create(layout.runs, _spec(layout)))


_MOVED = {"before": 1.0, "after": 2.0, "rank_before": 1, "rank_after": 2, "calibration": 0}


STATUSES: tuple[RunStatus, ...] = ("finished", "failed", "stopped", "crashed", "queued")
"""How its runs stand, in turn."""
VERDICTS: tuple[Verdict, ...] = ("improved", "no gain", "worse", "inconclusive", "invalid")
"""What its ideas came to, in turn."""


def _idea(number: int, text: str) -> Idea:
    said = Estimate(by=text, at=AT, hours=1.0, complexity=1, impact=0.004, likelihood=0.3)
    return Idea(
        id=number,
        title=text,
        hypothesis="\n".join(TEXTS[number - 1 : number + EVERY - 1]) if number % EVERY == 1 else text,
        category=text,
        tags=(text,),
        created_at=AT,
        created_by=text,
        change=Change(params={text: text}, ref=text),
        estimates={text: said},
        history=(said,),
        timer_since=AT if number == 1 else None,
        timer_by=text if number == 1 else None,
        dispatch=Dispatch(at=AT, by=text, halted=text) if number % 3 else None,
    )


def _run(number: int, text: str) -> Run:
    status = STATUSES[number % len(STATUSES)]
    ended = None if status == "queued" else AT
    return Run(
        id=RUN if number == 1 else f"r{number}-h057",
        idea=number,
        baseline=1,
        rung="full",
        seed=0,
        params={text: text},
        queued_at=AT,
        order=float(number),
        ref=text,
        status=status,
        waits=text,
        device=text,
        started_at=ended,
        ended_at=ended,
        cause=text,
        metrics={text: 0.5},
        struck=text if number % 7 == 0 else None,
    )


def _outcome(number: int, text: str) -> Outcome:
    verdict = VERDICTS[number % len(VERDICTS)]
    declined = text if verdict == "improved" else None
    return Outcome(
        idea=number,
        at=AT,
        verdict=verdict,
        reason=text,
        rung="full",
        baseline=1,
        declined=declined,
        imported=text,
    )


def _spec(layout: Layout) -> Spec:
    return Spec(
        format=SPEC_FORMAT,
        run=RUN,
        project=str(layout.project),
        rung="full",
        seed=0,
        params={text: text for text in TEXTS},
        metric="val_accuracy",
        direction="max",
        title=TEXTS[3],
        hypothesis=TEXTS[4],
    )


def _run_folder(folder: RunFolder) -> None:
    """Everything a worker may leave, in every string."""
    events: list[Event] = [Started(at=AT, pid=1, epochs=1)]
    events += [Alert(at=AT, text=text) for text in TEXTS]
    events += [Check(at=AT, name=text, passed=False, detail=text) for text in TEXTS]
    events.append(Epoch(at=AT, epoch=1, epochs=1, seconds=1.0, metrics=dict.fromkeys(TEXTS, 0.5)))
    events.append(Ended(at=AT, status="failed", seconds=1.0, cause=TEXTS[5]))
    with EventLog(folder.events) as log:
        for event in events:
            log.write(event)
    folder.log.write_text("\n".join(TEXTS), "utf-8")
