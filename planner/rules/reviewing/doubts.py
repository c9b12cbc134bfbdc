"""Stated numbers that outcomes have contradicted since: ideas worth estimating again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.ledger import Ledger
from planner.domain.remark import Doubt
from planner.domain.score import Relative
from planner.domain.view import RankedIdea
from planner.rules.defaults import ENOUGH_TASKS, LEAST_SAID
from planner.rules.learning.settled import settled
from planner.rules.reviewing.attention import looked_at
from planner.rules.wording import numbers

FAR_OFF = 3.0
"""Factor between what is said and what is used from which a chance or a gain is far off."""
BESIDES_HABIT = 2.0
"""Factor that must be left of it once the person's habit, which is known and taken off, explains its part."""
AGAINST = 0.9
"""Or what relatives must multiply it by, against what was said."""
HOURS_OFF = 2.0
"""The same factor for hours, the record's own included."""
LOOKED_AT = 500
"""How many of the best ideas are looked at; far below them no number matters soon."""
WORTH_SAYING = 1.0
"""Hours by which they must differ for anybody to care."""


def doubts(ledger: Ledger, ranked: Iterable[RankedIdea]) -> tuple[Doubt, ...]:
    """Far-off numbers of the undecided ideas, the farthest first.

    Only what outcomes since the statement say counts, once there are enough of them; whoever has looked
    again since the newest outcome is left alone.
    """
    evidence = settled(ledger)
    if len(evidence) < ENOUGH_TASKS:
        return ()
    newest = max(one.outcome.at for one in evidence)
    found = [
        doubt
        for row in ranked
        if row.rank is not None and row.rank <= LOOKED_AT and not looked_at(row.idea, newest)
        for doubt in _of(row, ledger.calibration)
        if doubt.since < newest
    ]
    return tuple(sorted(found, key=lambda doubt: (-_distance(doubt.said, doubt.used), doubt.idea)))


def _of(row: RankedIdea, calibration: Calibration) -> Iterator[Doubt]:
    chance, gain, hours = row.score.chance, row.score.gain, row.score.hours
    stated = None if chance.said is None else max(LEAST_SAID, chance.said)
    if stated and _far_off(stated, chance.used, chance.usual, chance.base, chance.relatives):
        yield _doubt(row, "likelihood", stated, chance.used, _chance_reason(row))
    if gain.said and gain.used > 0 and _far_off(gain.said, gain.used, gain.usual, gain.scale, gain.overlap):
        yield _doubt(row, "impact", gain.said, gain.used, _gain_reason(row))
    if row.idea.change.runnable or not hours.said or _tasks(row, calibration) < ENOUGH_TASKS:
        return
    total = hours.implement_total
    far = _distance(hours.said, total) > log(HOURS_OFF)
    if far and abs(total - hours.said) >= WORTH_SAYING:
        yield _doubt(row, "hours", hours.said, total, _hours_reason(row, calibration))


def _far_off(said: float, used: float, usual: float, usually_used: float, relatives: float) -> bool:
    """Whether the two lie far apart, for another reason than what this person usually says."""
    if _distance(said, used) < log(FAR_OFF):
        return False
    besides = abs(log(said / used) - log(usual / usually_used))
    against = relatives if said > used else 1 / relatives
    return besides >= log(BESIDES_HABIT) or against <= AGAINST


def _distance(said: float, used: float) -> float:
    return abs(log(said / used))


def _doubt(row: RankedIdea, criterion: str, said: float, used: float, reason: str) -> Doubt:
    spoke = [one.at for one in row.idea.estimates.values() if _stated(one, criterion)]
    return Doubt(
        idea=row.idea.id,
        title=row.idea.title,
        criterion=criterion,  # type: ignore[arg-type]  # one of the three names above
        since=max(spoke, default=row.idea.created_at),
        said=said,
        used=used,
        reason=reason,
    )


def _stated(said: Estimate, criterion: str) -> bool:
    return getattr(said, criterion) is not None


def _tasks(row: RankedIdea, calibration: Calibration) -> int:
    """Measured tasks of the least measured of those who stated hours."""
    people = [who for who, one in row.idea.estimates.items() if one.hours is not None]
    return min((calibration.person_tasks.get(who, 0) for who in people), default=0)


# -- why ------------------------------------------------------------------------------------------


def _chance_reason(row: RankedIdea) -> str:
    chance = row.score.chance
    named = ", ".join(map(_verdict_of, chance.nearest))
    relatives = f"relatives ×{chance.relatives:.2f}" + (f" ({named})" if named else "")
    return (
        f"said {numbers.chance(chance.said or 0.0)}, the planner uses {numbers.chance(chance.used)}: "
        f"base rate {numbers.chance(chance.base)}, trust in what is said {chance.trust:.2f}, {relatives}"
    )


def _verdict_of(relative: Relative) -> str:
    return f"{relative.title}: {relative.verdict}"


def _gain_reason(row: RankedIdea) -> str:
    gain = row.score.gain
    taken = f"kept relatives take {1 - gain.overlap:.0%}".replace("%", " %")
    return (
        f"said {numbers.compact(gain.said)} MEI, the planner uses {numbers.compact(gain.used)}: "
        f"an average win is {numbers.compact(gain.scale)}, {taken}"
    )


def _hours_reason(row: RankedIdea, calibration: Calibration) -> str:
    hours = row.score.hours
    slow = f", complexity kept so far ×{hours.slow:.2f}" if hours.slow > 1 else ""
    return (
        f"said {numbers.hours(hours.said)}, the planner expects {numbers.hours(hours.implement_total)}: "
        f"record ×{hours.ratio:.2f} from {_tasks(row, calibration)} tasks{slow}"
    )
