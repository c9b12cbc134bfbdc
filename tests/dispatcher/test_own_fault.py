"""A planner that can't run where it is stops, and goes on with the same run once it is mended."""

from __future__ import annotations

from pathlib import Path

from planner.dispatcher.dispatcher import Dispatcher
from planner.worker import fault
from planner.workspace.workspace import Workspace
from tests.dispatcher.conftest import run_dry

BROKEN = f"""

whole = train
own = {str(Path(fault.__file__))!r}


def train(params, run):
    if params.get("broken"):
        exec(compile("import what_an_upgrade_has_lost", own, "exec"))
    whole(params, run)
"""


def test_what_the_planner_can_not_run_counts_for_nothing_and_stops_the_dispatch(
    work: Workspace, dispatcher: Dispatcher
) -> None:
    recipe = next(work.layout.project.glob("*.py"))
    sound = recipe.read_text()
    recipe.write_text(sound + BROKEN)
    work.ideas.add("mixup", params=["broken=true"])
    work.queue.dispatch([1])
    run_dry(dispatcher)
    ledger = work.view().ledger
    assert [run.status for run in ledger.runs.values() if run.ended_at] == ["crashed"]
    assert (ledger.paused or "").startswith("the planner itself can't run here: ModuleNotFoundError")
    assert not ledger.outcomes
    recipe.write_text(sound + BROKEN.replace("import what_an_upgrade_has_lost", "pass"))
    work.queue.resume()
    run_dry(dispatcher)
    (outcome,) = work.view().ledger.outcomes
    assert outcome.verdict not in ("invalid", "improved")
