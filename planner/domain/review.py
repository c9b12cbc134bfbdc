"""The weekly look back and the plan forward, as facts."""

from __future__ import annotations

from dataclasses import field

from planner.domain.fact import fact
from planner.domain.goal import Goal
from planner.domain.outcome import Overruled
from planner.domain.record import Record
from planner.domain.remark import Comeback, Concentration, Doubt, Outlook, Stop
from planner.domain.verdict import Verdict
from planner.domain.view import IdeaStatus


@fact
class Tried:
    """An idea that came to an outcome in the week."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    verdict: Verdict
    """What it came to."""
    reason: str
    """The verdict in one sentence."""
    gain: float | None
    """Its gain in MEI, shrunk against the winner's curse; None without evidence."""
    kept: bool
    """Whether later work builds on it."""
    worth: bool | None
    """Whether the gain pays for the complexity; None without a win."""
    imported: str | None = None
    """The file its outcome was imported from; None when its runs were made here."""
    overruled: Overruled | None = None
    """What the seeds had said, where a person overruled them; None where they stand."""
    declined: str | None = None
    """Why a win was not adopted, in a person's words; None when nobody declined it."""


@fact
class Standing:
    """How far the project is on its way to the goal."""

    best: float | None
    """The best mean of the goal's metric, in its own unit; None before any."""
    holder: str
    """What reached it: `baseline 2`, or the idea's title; empty before any."""
    first: float | None
    """The mean of the oldest baseline that ran: where the way began; None before any."""
    reached: bool
    """Whether the best is good enough."""
    share: float | None
    """Share of the way from the first to the target, below 0 after a step back; None without a way."""


@fact
class Cost:
    """What a stretch of time took, in the two currencies and in energy."""

    human_hours: float
    """Implementation hours of the ideas that came to an outcome."""
    gpu_hours: float
    """Wall hours of every run that ended, the baseline's and the crashed ones too."""
    energy_wh: float | None
    """Energy of those runs, watt hours; None when none was measured."""
    wins: int
    """Ideas that improved."""

    def per_win(self, amount: float | None) -> float | None:
        """An amount of this cost divided among the wins; None without a win or without the amount."""
        return None if amount is None or not self.wins else amount / self.wins


@fact
class HitRate:
    """How many ideas improved, of those that gave evidence."""

    wins: int
    """Ideas that improved."""
    judged: int
    """Ideas with any verdict but `invalid`."""

    @property
    def rate(self) -> float | None:
        """Share of wins, 0 to 1; None before any verdict."""
        return self.wins / self.judged if self.judged else None


@fact
class Guess:
    """What was believed of an idea before it ran, beside what happened; None where nobody knows."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    verdict: Verdict
    """What it came to."""
    said_hours: float | None
    """Median of the stated hours to implement it."""
    hours: float | None
    """The hours it took."""
    said_chance: float | None
    """Median of the stated chances, 0 to 1."""
    chance: float | None
    """The planner's own P at the first dispatch."""
    q: float | None
    """What happened: the chance that its effect is real; None when it gave no evidence."""
    forecast_gain: float | None
    """The planner's own G at the first dispatch, in MEI."""
    gain: float | None
    """The measured gain in MEI, shrunk; None when it did not improve."""


@fact
class ChanceBin:
    """Ideas whose stated chances lay close together, and how many of them worked."""

    low: float
    """Lowest stated chance, 0 to 1, itself included."""
    high: float
    """Highest stated chance, itself left to the next bin, but for 1."""
    ideas: int
    """How many ideas."""
    said: float
    """Their mean stated chance."""
    planner: float
    """The planner's mean P of them at the first dispatch."""
    worked: float
    """Mean of what happened: of their q."""


@fact
class HoursRatio:
    """Actual over stated hours."""

    median: float
    """1 when people are right, above when work takes longer than they say."""
    tasks: int
    """How many ideas it rests on."""


@fact
class Moved:
    """A score that is elsewhere than where the week began."""

    idea: int
    """The idea's number."""
    title: str
    """Its title."""
    before: float
    """Score before; its unit is that of `Planned.score`."""
    after: float
    """Score after, in the same unit."""
    rank_before: int
    """Rank before, from 1."""
    rank_after: int
    """Rank after, from 1."""
    because: str
    """The cause and the factors that moved."""
    times: int = 1
    """How often it moved; `because` is of the largest move in that direction."""


@fact
class Attention:
    """An idea that a person should look at."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    since: str
    """Since when, UTC, ISO 8601."""
    reason: str
    """Why, in a sentence; empty where the list it stands in says so."""


@fact
class Planned:
    """One of the ideas to try next."""

    idea: int
    """Its number."""
    title: str
    """Its title."""
    status: IdeaStatus
    """`ready` can run, `open` is still to be written."""
    score: float
    """Its score, in MEI per hour; in MEI where the review's `per_hour` is False."""
    chance: float
    """P."""
    gain: float
    """G, in MEI."""
    hours: float
    """Hours left to implement it."""
    gpu_hours: float
    """Expected GPU hours until its verdict."""
    after: tuple[int, ...] = ()
    """Undecided ideas it follows from; they stand before it in the plan."""


@fact
class Review:
    """One ISO week of a project."""

    week: str
    """Its name, such as `2026-W47`."""
    start: str
    """Its Monday at 0:00, UTC, ISO 8601."""
    end: str
    """The Monday after it at 0:00, UTC, ISO 8601."""
    goal: Goal
    """Metric, direction, minimum effect, target."""
    per_hour: bool
    """Whether hours divide the scores; False where training, not people, is scarce."""
    tried: tuple[Tried, ...]
    """Ideas that came to an outcome, in that order; an idea judged twice stands as it was judged last."""
    verdicts: dict[Verdict, int]
    """How many of each verdict; every verdict is there."""
    gain_kept: float
    """Sum of the shrunk gains of the kept ideas, in MEI."""
    standing: Standing
    """How far the project is at the week's end."""
    cost: Cost
    """What the week took."""
    cost_so_far: Cost
    """What the project took until the week's end."""
    hits: HitRate
    """Wins of the week."""
    hits_so_far: HitRate
    """Wins until the week's end."""
    base_before: float
    """The base rate as the week began: the chance the planner gave an idea nobody had spoken about."""
    base: float
    """The base rate at the week's end."""
    drought: int
    """Ideas that gave evidence since the last win, until the week's end."""
    after_drought: float
    """Share of ideas that improved after as long a drought in public logs of other projects."""
    moved: tuple[Moved, ...]
    """Scores that moved in the week, the largest change first."""
    guesses: tuple[Guess, ...]
    """What was believed of the ideas tried, beside what happened."""
    hours_ratio: HoursRatio | None
    """Actual over stated hours until the week's end; None before any was measured."""
    chances: tuple[ChanceBin, ...]
    """Stated chances against what happened, until the week's end; empty bins are left out."""
    record: Record
    """How good all guesses were until the week's end; the calibration in it is today's."""
    concentration: Concentration
    """Whether effort and gain came from few places."""
    past: bool
    """Whether a later week is over too: what to do next, below, is then left to that week's own review."""
    stale: tuple[Attention, ...] = ()
    """Ideas of the backlog that nobody has touched for four weeks, oldest first."""
    repair: tuple[Attention, ...] = ()
    """Invalid ideas that wait to be repaired, oldest first."""
    halted: tuple[Attention, ...] = ()
    """Dispatched ideas that climb no further until a person acts."""
    timers: tuple[Attention, ...] = ()
    """Ideas whose timer has run longer than a working day, oldest first."""
    doubts: tuple[Doubt, ...] = ()
    """Stated numbers that outcomes have contradicted since, the farthest off first."""
    comebacks: tuple[Comeback, ...] = ()
    """Discarded ideas, one of whose reasons no longer holds, the most promising first."""
    stop: Stop | None = None
    """A reason to stop; None while there is none."""
    plan: tuple[Planned, ...] = ()
    """What to try next, best first: at most five ideas to run and five to implement."""
    outlook: Outlook = field(default_factory=Outlook)
    """What the plan costs and promises."""

    @property
    def gain_kept_metric(self) -> float:
        """The gain kept as a signed change of the goal's metric, in its own unit."""
        return self.gain_kept * self.goal.minimum_effect * self.goal.sign
