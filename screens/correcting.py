"""What a person says over the planner, asked for with its reason; where it was said already, taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, get_args

from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.outcome import Outcome
from planner.domain.review import Tried
from planner.domain.run import Run
from planner.domain.verdict import Verdict
from planner.rules.reviewing.timers import has_run
from screens.ask import AskScreen, Field

if TYPE_CHECKING:
    from screens.app import PlannerApp
    from screens.engine import Engine

Target = TypeVar("Target")
SEEDS = "as the seeds say"
"""The choice that takes an overruling back."""
IF_WORTH, ANYWAY = "if nothing speaks against it", "anyway"
"""How a win may be adopted."""
WHY = Field(name="because", label="because", hint="why, in a few words: it is kept beside the numbers")
"""The reason that every correction needs."""


def overrule(planner: PlannerApp, idea: int, title: str, judged: Outcome | Tried) -> None:
    """Ask for another verdict and why; of an overruled one also whether that of the seeds shall stand."""
    verdicts = tuple(each for each in get_args(Verdict) if each != judged.verdict)
    back = (SEEDS,) if judged.overruled else ()
    planner.push_screen(
        AskScreen(
            f"overrule the verdict on #{idea}",
            f"“{title}” · {judged.verdict}: {judged.reason.removeprefix(f'{judged.verdict}: ')}",
            (Field(name="verdict", label="verdict", choices=(*back, *verdicts)), WHY),
            partial(_overrule, planner.engine, idea),
        )
    )


def adopt(planner: PlannerApp, idea: int, title: str, judged: Outcome | Tried) -> None:
    """Ask whether a win shall be the next version of the baseline, whatever speaks against it."""
    about = (
        f"“{title}” becomes what later ideas are compared with: its params go into [baseline] of "
        f"planner.toml. {judged.reason}"
    )
    how = Field(name="how", label="adopt it", choices=(IF_WORTH, ANYWAY))
    planner.push_screen(AskScreen(f"adopt #{idea}", about, (how,), partial(_adopt, planner.engine, idea)))


def decline(planner: PlannerApp, idea: int, title: str, judged: Outcome | Tried) -> None:
    """Ask why a win is not adopted; keep it after all when it was declined."""
    if judged.declined is not None:
        planner.tell(partial(planner.engine.decline_back, idea))
        return
    about = f"“{title}” stays a win, and later work does not build on it. {judged.reason}"
    planner.push_screen(
        AskScreen(f"decline #{idea}", about, (WHY,), partial(_with_reason, planner.engine.decline, idea))
    )


def give_up(planner: PlannerApp, idea: Idea, outcome: Outcome | None) -> None:
    """Ask why an idea is unworkable and what it has cost; take it up again when it was given up."""
    if outcome is not None and outcome.given_up is not None:
        planner.tell(partial(planner.engine.give_up_back, idea.id))
        return
    hours = Field(name="hours", label="more hours", hint="besides those so far, such as 2h; may stay empty")
    planner.push_screen(
        AskScreen(
            f"give up #{idea.id} as unworkable",
            f"“{idea.title}” counts as a failure, with the hours it has cost. Drop it if it was not tried.",
            (WHY, hours),
            partial(_give_up, planner.engine, idea.id),
        )
    )


def strike(planner: PlannerApp, run: Run, title: str) -> None:
    """Ask why a run is nobody's evidence; let it count again when it was struck out."""
    if run.struck is not None:
        planner.tell(partial(planner.engine.strike_back, run.id))
        return
    about = f"Seed {run.seed} of “{title}” is no evidence any more; what rests on it is judged anew."
    planner.push_screen(
        AskScreen(
            f"strike out run {run.id}", about, (WHY,), partial(_with_reason, planner.engine.strike, run.id)
        )
    )


def ask_hours(planner: PlannerApp, idea: Idea) -> None:
    """Ask what the work took, of a timer that nobody watched."""
    hours = Field(name="hours", label="it took", hint="such as 3h; the timer's own hours are not used")
    planner.push_screen(
        AskScreen(
            f"stop the timer of #{idea.id}",
            f"{has_run(idea, planner.now())}.",
            (hours,),
            partial(_stop_timer, planner.engine, idea),
        )
    )


def import_file(planner: PlannerApp) -> None:
    """Ask for a file with history or ideas."""
    planner.push_screen(
        AskScreen(
            "import a file",
            "History: what was tried, with its outcomes. Ideas: what to try, with anybody's estimates. "
            "--map says what a column means where its name does not.",
            (
                Field(name="what", label="it holds", choices=("ideas", "history")),
                Field(name="path", label="file", hint="ideas.csv, issues.json, mlruns, study.db"),
                Field(name="columns", label="--map", hint="may stay empty, or Run time=run_hours, Who=by"),
            ),
            partial(_import, planner.engine),
        )
    )


def _overrule(engine: Engine, idea: int, *, verdict: str, because: str) -> str:
    if verdict == SEEDS:
        return engine.overrule_back(idea)
    return engine.overrule(idea, verdict, _reason(because))


def _adopt(engine: Engine, idea: int, *, how: str) -> str:
    return engine.adopt(idea, anyway=how == ANYWAY)


def _give_up(engine: Engine, idea: int, *, because: str, hours: str) -> str:
    return engine.give_up(idea, _reason(because), hours.strip() or None)


def _stop_timer(engine: Engine, idea: Idea, *, hours: str) -> str:
    if not hours.strip():
        raise Mistake("say what the work took, such as 3h")
    engine.stop_timer(idea.id, hours)
    return f"“{idea.title}” took {hours.strip()} more"


def _import(engine: Engine, *, what: str, path: str, columns: str) -> str:
    if not path.strip():
        raise Mistake("say which file, by its path from the project's folder")
    return engine.import_file(path.strip(), what, mapped_columns(columns))


def mapped_columns(text: str) -> tuple[str, ...]:
    """Each `column=field` of a line, parted by commas; as the command line has them, too: `--map 'A=b'`."""
    from csv import reader

    parts = next(reader([text.replace("--map", ",")], skipinitialspace=True), [])
    return tuple(bare for part in parts if (bare := part.strip().strip("'\"")))


def _with_reason(verb: Callable[[Target, str], str], about: Target, *, because: str) -> str:
    return verb(about, _reason(because))


def _reason(text: str) -> str:
    """Why; a Mistake that says so in the words of the form when it is missing."""
    if not text.strip():
        raise Mistake("say why, in a few words")
    return text
