"""The replay of some logs, and how it reads: every log, then their average, then what must hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.replay.forecasts import FORECASTERS, RIVALS
from benchmarks.replay.logs import Log
from benchmarks.replay.marks import Bin, Forecast, Marks, interval, marks, mean

PRODUCT = next(iter(FORECASTERS))
DEFINITIONS = """\
P(keep) of every idea before its outcome, in the order of the log; less is better for log-loss and Brier.
the product   its own rules on title and category: base rate, finished relatives; no stated chances
running rate  (1 + weighted ideas kept) / (6 + weighted ideas tried): the product's prior, 1 win in 6;
              half-life 20: an outcome counts half once 20 more have landed; all alike: it never fades
passed over   baselines, crashes, and what is neither kept nor discarded: not predicted, no evidence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One log with the marks of every forecaster."""

    log: Log
    """The log."""
    forecasts: dict[str, tuple[Forecast, ...]]
    """By forecaster, each chance with what happened."""
    marks: dict[str, Marks]
    """By forecaster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """The product's log-loss against a rival's, log by log."""

    rival: str
    """The other forecaster."""
    difference: float
    """Mean over the logs of the product's log-loss less the rival's; below 0 the product is better."""
    low: float
    """Lower end of its 95 % interval: a bootstrap over the logs."""
    high: float
    """Upper end."""
    better: int
    """Logs in which the product is better."""

    @property
    def holds(self) -> bool:
        """Whether the product's mean log-loss is below the rival's."""
        return self.difference < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """All logs together."""

    log_loss: dict[str, float]
    """By forecaster, mean over the logs of each log's log-loss."""
    brier: dict[str, float]
    """The same of the Brier score."""
    over_ideas: dict[str, Marks]
    """By forecaster, the marks of all ideas of all logs as if they were one."""
    duels: tuple[Duel, ...]
    """What must hold."""


def replay(log: Log) -> Replayed:
    """Every forecaster's chances for one log, and their marks."""
    forecasts = {
        name: tuple(zip(forecaster(log.tried), [idea.kept for idea in log.tried], strict=True))
        for name, forecaster in FORECASTERS.items()
    }
    return Replayed(
        log=log, forecasts=forecasts, marks={name: marks(each) for name, each in forecasts.items()}
    )


def average(replayed: Sequence[Replayed]) -> Average:
    """What at least one replayed log comes to."""
    return Average(
        log_loss={name: mean([each.marks[name].log_loss for each in replayed]) for name in FORECASTERS},
        brier={name: mean([each.marks[name].brier for each in replayed]) for name in FORECASTERS},
        over_ideas={
            name: marks([one for each in replayed for one in each.forecasts[name]]) for name in FORECASTERS
        },
        duels=tuple(_duel(replayed, rival) for rival in RIVALS),
    )


def _duel(replayed: Sequence[Replayed], rival: str) -> Duel:
    differences = [each.marks[PRODUCT].log_loss - each.marks[rival].log_loss for each in replayed]
    low, high = interval(differences)
    better = sum(difference < 0 for difference in differences)
    return Duel(rival=rival, difference=mean(differences), low=low, high=high, better=better)


# -- how it reads -------------------------------------------------------------------------------


def lines_of(replayed: Replayed) -> Iterable[str]:
    """One log: its size, then each forecaster's marks, then the bins of the product."""
    log = replayed.log
    over = ", ".join(f"{count} {what}" for what, count in sorted(log.passed_over.items())) or "nothing"
    yield f"{log.name}: {len(log.tried)} ideas, {_per_cent(log.share_kept)} kept; passed over: {over}"
    yield f"  {'':27} log-loss  Brier  said→kept (ideas)"
    for name, found in replayed.marks.items():
        yield f"  {name:27} {found.log_loss:8.4f} {found.brier:6.4f}  {_bins(found.bins)}"


def lines_of_average(found: Average, logs: int) -> Iterable[str]:
    """All logs together, and what must hold."""
    ideas = sum(each.count for each in found.over_ideas[PRODUCT].bins)
    yield f"average over {_logs(logs)}, each counted once; bins and last columns over their {ideas} ideas"
    yield f"  {'':27} log-loss  Brier  log-loss  Brier  said→kept (ideas)"
    for name in FORECASTERS:
        over = found.over_ideas[name]
        own = f"{found.log_loss[name]:8.4f} {found.brier[name]:6.4f}"
        yield f"  {name:27} {own}  {over.log_loss:8.4f} {over.brier:6.4f}  {_bins(over.bins)}"
    yield ""
    yield "the product's log-loss, mean over the logs, must be below (95 % interval: bootstrap over the logs)"
    for duel in found.duels:
        yield f"  {duel.rival:28} {_told(duel, logs)}"


def _told(duel: Duel, logs: int) -> str:
    holds = "holds" if duel.holds else "DOES NOT HOLD"
    numbers = f"{duel.difference:+.4f} [{duel.low:+.4f}, {duel.high:+.4f}]".replace("-", "−")
    return f"{numbers}, better in {duel.better} of {_logs(logs)}: {holds}"


def _bins(bins: Sequence[Bin]) -> str:
    return "  ".join(f"{_short(each.said)}→{_short(each.happened)} ({each.count})" for each in bins)


def _short(share: float) -> str:
    return f"{share:.2f}".removeprefix("0")


def _logs(count: int) -> str:
    return f"{count} log" + ("s" if count > 1 else "")


def _per_cent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
