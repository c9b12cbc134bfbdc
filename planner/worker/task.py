"""What every step of a run needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.domain.run import Spec
from planner.store.runfolder import RunFolder
from planner.worker.nearest import did_you_mean
from planner.worker.report import Report
from planner.worker.signals import Signals


@dataclass(frozen=True, slots=True)
class Task:
    """One run as its worker sees it."""

    spec: Spec
    """What was asked."""
    folder: RunFolder
    """Where everything goes."""
    report: Report
    """Says what happens."""
    signals: Signals
    """Hears who wants it to stop."""

    @property
    def project(self) -> Path:
        """The folder whose code runs."""
        return Path(self.spec.project)

    @property
    def checking(self) -> bool:
        """Whether this run only asks if the code works."""
        return self.spec.rung == "check"

    @property
    def asking(self) -> bool:
        """Whether this run only asks questions, and measures nothing, as on the rungs `check` and `tiny`."""
        return self.spec.rung in ("check", "tiny", "lr")

    @property
    def goes_on(self) -> bool:
        """Whether the rung `tiny` comes next in this very process."""
        return self.spec.through == "tiny" and "tiny" not in self.report.covers

    def on_tiny(self) -> Task:
        """The same run one rung further up."""
        self.report.rung, self.report.covers = "tiny", ("check",)
        return replace(self, spec=replace(self.spec, rung="tiny", skip=()))

    def demand_metric(self, reported: set[str]) -> None:
        """Mistake when the goal's metric is not among the names reported."""
        metric = self.spec.metric
        if metric not in reported:
            names = ", ".join(sorted(reported)) or "no metrics"
            raise Mistake(
                f"the run reports {names}; planner.toml's metric {metric} is not among them"
                f"{did_you_mean(metric, reported)}"
            )
