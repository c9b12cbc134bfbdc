"""A small project in memory: real facts and real rules, no disk, a clock that stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.domain.estimate import Estimate
from planner.domain.idea import Change, Dispatch, Idea
from planner.domain.ledger import Ledger
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.outcome import Outcome
from planner.domain.repeat import Repeat
from planner.domain.review import Review
from planner.domain.run import Run
from planner.domain.settings import Settings
from planner.domain.view import RunDetail, RunView, View
from planner.rules.judging import correcting
from planner.rules.notation import typed
from planner.rules.notation.estimating import CRITERIA, nudge, typed_estimate, with_estimate
from planner.rules.reviewing.review import review
from planner.rules.reviewing.weeks import week_of
from planner.rules.scoring.ranking import rank
from planner.workspace.capture import hint, parse_capture

NOW = "2026-11-20T10:00:00.000Z"


class FakeEngine:
    """The engine's verbs over facts in memory."""

    name = "digits"
    who = "ana"

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        runs: Sequence[RunView] = (),
        details: dict[str, RunDetail] | None = None,
        gpu: str = "no GPU",
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self.runs = list(runs)
        self.details = details or {}
        self.gpu = gpu
        self.done: list[tuple[object, ...]] = []
        self.repeated: tuple[Repeat, ...] = ()
        self.refuse: str | None = None
        self.unreadable: str | None = None
        self.warning: str | None = None
        self.gate: threading.Event | None = None
        self._undone: list[Ledger] = []
        self._past: list[Ledger] = []
        self._seen: object = None
        self._view: View | None = None

    # -- looking --------------------------------------------------------------------------------

    def view(self) -> View:
        if self.unreadable:
            raise Mistake(self.unreadable)
        runs, now = tuple(self.runs), (self.ledger, self.warning)
        if self._view is None or self._seen != (now, runs):
            self._seen = (now, runs)
            whole = self._whole()
            self._view = View(
                settings=self.settings,
                ledger=whole,
                ranked=rank(whole, self.settings),
                runs=runs,
                dispatcher=True,
                warning=self.warning,
            )
        return self._view

    def gpu_line(self, width: int) -> str:
        return self.gpu[:width]

    def run_detail(self, run_id: str) -> RunDetail:
        return self.details.get(run_id) or RunDetail(run=self._run(run_id))

    def review(self, week: str | None = None) -> Review:
        view = self.view()
        return review(view.ledger, self.settings, week=week or week_of(NOW), now=NOW, ranked=view.ranked)

    def write_review(self, week: str | None = None) -> str:
        self._did("write_review", week)
        return f"wrote .planner/reviews/{week or '2026-W47'}.md"

    # -- ideas ----------------------------------------------------------------------------------

    def hint(self, line: str) -> str:
        return hint(line, self.settings)

    def add(self, line: str, by: str | None = None) -> Idea:
        said = parse_capture(line)
        number = max(self.ledger.ideas, default=0) + 1
        estimate = self._estimate(by or self.who, {name: said[name] for name in CRITERIA if name in said})
        change = Change(params=dict(map(typed.param, said.get("params", []))))
        idea = Idea(
            id=number,
            title=said["title"],
            created_at=NOW,
            created_by=self.who,
            change=change,
            tags=tuple(said.get("tags", ())),
            estimates={estimate.by: estimate},
        )
        return self._put(idea, "add", line)

    def edit(self, idea_id: int, **fields: object) -> Idea:
        idea = self._idea(idea_id)
        plain = {key: value for key, value in fields.items() if key in ("title", "hypothesis", "category")}
        if "title" in plain and not str(plain["title"]).strip():
            raise Mistake("the title is empty: it needs at least one word")
        if "tags" in fields:
            plain["tags"] = tuple(fields["tags"])  # type: ignore[arg-type]
        change = idea.change
        if "params" in fields:
            change = replace(change, params=dict(map(typed.param, fields["params"])))  # type: ignore[attr-defined]
        for key in ("ref", "implemented"):
            if key in fields:
                change = replace(change, **{key: fields[key] or None if key == "ref" else fields[key]})
        return self._put(replace(idea, change=change, **plain), "edit", idea_id, fields)  # type: ignore[arg-type]

    def estimate(self, idea_id: int, *, by: str | None = None, **texts: str | None) -> Idea:
        said = {key: text for key, text in texts.items() if text is not None}
        new = with_estimate(self._idea(idea_id), self._estimate(by or self.who, said))
        return self._put(new, "estimate", idea_id, by, said)

    def nudge(self, idea_id: int, criterion: str, step: int) -> Idea:
        if self.gate:
            self.gate.wait(10)
        goal, calibration = self.settings.goal, self.ledger.calibration
        moved = nudge(self._idea(idea_id), calibration, goal, criterion, step, by=self.who, at=NOW)
        return self._put(moved, "nudge", idea_id, criterion, step)

    def start_timer(self, idea_id: int) -> Idea:
        return self._put(replace(self._idea(idea_id), timer_since=NOW), "start_timer", idea_id)

    def stop_timer(self, idea_id: int, hours: str | None = None) -> Idea:
        said = () if hours is None else (typed.hours(hours),)
        return self._put(replace(self._idea(idea_id), timer_since=None), "stop_timer", idea_id, *said)

    def park(self, idea_id: int) -> Idea:
        return self._put(replace(self._idea(idea_id), place="parked"), "park", idea_id)

    def restore(self, idea_id: int) -> Idea:
        return self._put(replace(self._idea(idea_id), place="backlog"), "restore", idea_id)

    def drop(self, idea_id: int) -> Idea:
        return self._put(replace(self._idea(idea_id), place="dropped"), "drop", idea_id)

    def keep(self, idea_id: int) -> Idea:
        return self._put(replace(self._idea(idea_id), reviewed_at=NOW), "keep", idea_id)

    def import_file(self, path: str, what: str, columns: Sequence[str] = ()) -> str:
        if not path:
            raise Mistake("no file '': give its path")
        self._did("import_file", path, what, *columns)
        return f"{path}: 3 new ideas"

    # -- runs -----------------------------------------------------------------------------------

    def repeats(self, ids: Sequence[int]) -> tuple[Repeat, ...]:
        return tuple(one for one in self.repeated if one.idea in ids)

    def dispatch(
        self, ids: Sequence[int], seeds: int | None = None, anyway: Mapping[int, str] | None = None
    ) -> str:
        for number in ids:
            warned = (anyway or {}).get(number)
            wish = Dispatch(at=NOW, by=self.who, anyway=warned)
            said = (number, warned) if warned else (number,)
            self._put(replace(self._idea(number), dispatch=wish), "dispatch", *said)
        return f"queued {', '.join(f'#{number}' for number in ids)}"

    def sweep_on(self, idea_id: int, *, narrow: bool, more: str | None = None) -> str:
        self._did("sweep_on", idea_id, narrow, more)
        return f"dispatched #{idea_id}"

    def resume(self) -> str:
        self._did("resume")
        self._set(replace(self.ledger, paused=None))
        return "dispatch goes on"

    def stop_run(self, run_id: str) -> str:
        self._did("stop_run", run_id)
        self._change_run(run_id, lambda run: replace(run, stop_requested=True))
        return f"{run_id} stops at its next batch"

    def requeue(self, run_id: str) -> str:
        self._did("requeue", run_id)
        return f"{run_id} is queued once more"

    def replay(self, run_id: str) -> str:
        self._did("replay", run_id)
        return f"replays {run_id}"

    def move_run(self, run_id: str, step: int) -> str:
        self._did("move_run", run_id, step)
        queued = [run for run in self.runs if run.run.status == "queued"]
        others = [run for run in self.runs if run.run.status != "queued"]
        place = next(i for i, run in enumerate(queued) if run.run.id == run_id)
        queued.insert(max(0, place + step), queued.pop(place))
        running = [run for run in others if run.run.status == "running"]
        self.runs = [*running, *queued, *(run for run in others if run.run.status != "running")]
        return ""

    # -- outcomes -------------------------------------------------------------------------------

    def overrule(self, idea_id: int, verdict: str, because: str) -> str:
        wanted: Any = verdict
        self._did("overrule", idea_id, verdict, because)
        self._amend(idea_id, lambda one: correcting.overruled(one, wanted, because, by=self.who, at=NOW))
        return f"overruled the verdict on #{idea_id}: {verdict}"

    def overrule_back(self, idea_id: int) -> str:
        self._did("overrule_back", idea_id)
        self._amend(idea_id, correcting.let_stand)
        return f"the verdict on #{idea_id} is that of the seeds again"

    def adopt(self, idea_id: int, anyway: bool = False) -> str:
        self._did("adopt", idea_id, anyway)
        return f"adopted #{idea_id}"

    def decline(self, idea_id: int, because: str) -> str:
        self._did("decline", idea_id, because)
        self._amend(idea_id, lambda one: correcting.declined(one, because))
        return f"#{idea_id} improved and is not adopted"

    def decline_back(self, idea_id: int) -> str:
        self._did("decline_back", idea_id)
        self._amend(idea_id, correcting.not_declined)
        return f"#{idea_id} is kept after all"

    def give_up(self, idea_id: int, because: str, hours: str | None = None) -> str:
        self._did("give_up", idea_id, because, hours)
        return f"gave up #{idea_id}"

    def give_up_back(self, idea_id: int) -> str:
        self._did("give_up_back", idea_id)
        return f"#{idea_id} is open again"

    def strike(self, run_id: str, because: str) -> str:
        self._did("strike", run_id, because)
        self._change_run(run_id, lambda run: replace(run, struck=because))
        return f"struck out run {run_id}"

    def strike_back(self, run_id: str) -> str:
        self._did("strike_back", run_id)
        self._change_run(run_id, lambda run: replace(run, struck=None))
        return f"run {run_id} counts again"

    def calibrate_now(self) -> str:
        self._did("calibrate_now")
        return "calibrated anew: 3 scores moved"

    # -- undo -----------------------------------------------------------------------------------

    def undo(self) -> str:
        if not self._past:
            raise NothingToDo("nothing to undo")
        self._undone.append(self.ledger)
        self.ledger = self._past.pop()
        return "undone"

    def redo(self) -> str:
        if not self._undone:
            raise NothingToDo("nothing to redo")
        self._past.append(self.ledger)
        self.ledger = self._undone.pop()
        return "redone"

    # -- inside ---------------------------------------------------------------------------------

    def _whole(self) -> Ledger:
        return replace(self.ledger, runs={run.run.id: run.run for run in self.runs})

    def _estimate(self, by: str, said: dict[str, str]) -> Estimate:
        new = typed_estimate(self.settings.goal, by=by, at=NOW, **said)
        return new or Estimate(by=by, at=NOW)

    def _idea(self, idea_id: int) -> Idea:
        if idea_id not in self.ledger.ideas:
            raise Mistake(f"no idea {idea_id}")
        return self.ledger.ideas[idea_id]

    def _run(self, run_id: str) -> RunView:
        return next(run for run in self.runs if run.run.id == run_id)

    def _change_run(self, run_id: str, change: Callable[[Run], Run]) -> None:
        self.runs = [replace(run, run=change(run.run)) if run.run.id == run_id else run for run in self.runs]

    def _amend(self, idea_id: int, change: Callable[[Outcome], Outcome]) -> None:
        amended = [change(one) if one.idea == idea_id else one for one in self.ledger.outcomes]
        self._set(replace(self.ledger, outcomes=tuple(amended)))

    def _put(self, idea: Idea, *did: object) -> Idea:
        self._did(*did)
        self._set(replace(self.ledger, ideas={**self.ledger.ideas, idea.id: idea}))
        return idea

    def _did(self, *did: object) -> None:
        if self.refuse:
            raise Mistake(self.refuse)
        self.done.append(did)

    def _set(self, ledger: Ledger) -> None:
        self._past.append(self.ledger)
        self.ledger = ledger
