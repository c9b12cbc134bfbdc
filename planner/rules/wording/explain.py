"""Why an idea stands where it stands: its score, factor by factor, as what was said, used, and because."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor

from planner.domain.calibration import Calibration
from planner.domain.estimate import Estimate
from planner.domain.score import Chance, Hours, Opinion, Relative
from planner.domain.view import RankedIdea
from planner.rules.defaults import ENOUGH_TASKS
from planner.rules.scoring.leaning import leaning
from planner.rules.scoring.ranking import alike
from planner.rules.scoring.tipping import chance_at, hours_at
from planner.rules.wording import numbers
from planner.rules.wording.people import people, stated


def why(
    row: RankedIdea, ranked: Sequence[RankedIdea], calibration: Calibration, *, reader: str = ""
) -> tuple[str, ...]:
    """The why-panel: five lines of plain text; people's words in them are as they were typed.

    A factor of which several people spoke has a line more, below these, with what each of them said.
    `ranked` is the whole ranking, in which `row` may stand elsewhere while a change is not written yet;
    `reader` is spoken to as `you`, and so is a lone estimator when there is no reader.
    """
    above, below = _neighbours(row, ranked)
    return (
        _header(row, above, below),
        _line("chance", numbers.chance(row.score.chance.used), _because_chance(row, calibration, reader)),
        _line("gain", f"{numbers.compact(row.score.gain.used)} MEI", _because_gain(row, calibration, reader)),
        _line("hours", numbers.compact(row.score.hours.used), _because_hours(row, calibration, reader)),
        f" would change it: {_what_would_change_it(row, above, below)}",
        *people(row),
    )


def _line(label: str, value: str, because: Sequence[str]) -> str:
    return f" {label:<7} {value:<8} {' · '.join(because)}"


# -- the header -------------------------------------------------------------------------------


def _neighbours(row: RankedIdea, ranked: Sequence[RankedIdea]) -> tuple[RankedIdea | None, RankedIdea | None]:
    """The ideas one rank above and one below where `row` stands, itself left out of `ranked`."""
    if row.rank is None:
        return None, None
    others = [other for other in ranked if other.rank is not None and other.idea.id != row.idea.id]
    above = others[row.rank - 2] if 1 < row.rank <= len(others) + 1 else None
    return above, others[row.rank - 1] if row.rank <= len(others) else None


def _header(row: RankedIdea, above: RankedIdea | None, below: RankedIdea | None) -> str:
    name = f"rank {row.rank}" if row.rank else _standing(row)
    worth = prospect(row)
    told = [
        f"{label}: {_beside(row, other)}" for label, other in (("above", above), ("next", below)) if other
    ]
    named = f"{name}  {row.idea.title}" + (f"        {worth}" if worth else "")
    return named + (f"        ({' · '.join(told)})" if told else "")


def prospect(row: RankedIdea) -> str:
    """Its score with the unit; of a settled idea what it gained, since it has nothing left to expect."""
    if row.status == "done":
        gain = row.outcome.gain if row.outcome else None
        return "" if gain is None else f"gained {numbers.compact(gain)} MEI"
    return f"{numbers.score(row.score.value, row.score.per_hour)} {numbers.score_unit(row.score.per_hour)}"


def _beside(row: RankedIdea, other: RankedIdea) -> str:
    same = ", ≈" if alike(row.score.value, other.score.value) else ""
    return f"{other.idea.title} {numbers.score(other.score.value, other.score.per_hour)}{same}"


def _standing(row: RankedIdea) -> str:
    return row.outcome.verdict if row.status == "done" and row.outcome else row.status


def _settled(row: RankedIdea) -> str:
    return f"settled: {row.outcome.verdict}" if row.status == "done" and row.outcome else row.status


# -- chance -----------------------------------------------------------------------------------


def _because_chance(row: RankedIdea, calibration: Calibration, reader: str) -> list[str]:
    chance = row.score.chance
    said = "nobody said: the base rate stands"
    if chance.said is not None:
        who = _who(row, "likelihood", reader)
        number = _said(chance.people, chance.said, numbers.chance)
        said = f"{who} said {number} · {_usually(who)} {numbers.chance(chance.usual)}"
    learned = _trusted(chance, calibration)
    base = f"base rate {numbers.chance(chance.base)} ({_rests_on(calibration.outcomes)})"
    return [said, *learned, base, f"relatives ×{chance.relatives:.2f} ({_named(chance)})"]


def _trusted(chance: Chance, calibration: Calibration) -> list[str]:
    """How far stated odds are believed, and a word where a higher chance moves P the other way."""
    signed, lean = _signed(chance.trust), leaning(chance, calibration)
    if lean < 0:
        return [f"stated odds point the wrong way here (trust {signed}), so a higher chance lowers it"]
    trust = f"trust in what is said {signed}"
    if lean > 0 and chance.trust < 0:
        return [trust, "yet here a higher chance still raises it"]
    return [trust] if calibration.outcomes else []


def _signed(value: float) -> str:
    """Two decimals, with a minus that is one."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _rests_on(outcomes: int) -> str:
    if not outcomes:
        return "prior, no outcome yet"
    return f"from {outcomes} outcome" + ("s" if outcomes > 1 else "")


def _named(chance: Chance) -> str:
    return ", ".join(map(_verdict_of, chance.nearest)) or "none finished"


def _verdict_of(relative: Relative) -> str:
    return f"{relative.title}: {relative.verdict}"


# -- gain -------------------------------------------------------------------------------------


def _because_gain(row: RankedIdea, calibration: Calibration, reader: str) -> list[str]:
    gain = row.score.gain
    said = ["nobody said: what wins come to here"]
    if gain.said is not None:
        who = _who(row, "impact", reader)
        said = [f"{who} said {_said(gain.people, gain.said, numbers.compact)}"]
        said.append(f"{_possessive(who)} usual is {numbers.compact(gain.usual)}")
    wins = calibration.wins
    learned = [f"an average win is {numbers.compact(gain.scale)} (from {wins})"] if wins else []
    taken = [f"kept variants took {numbers.compact(gain.variants)}"] if gain.variants else []
    return [*said, *learned, f"kept relatives take {1 - gain.overlap:.0%}".replace("%", " %"), *taken]


# -- hours ------------------------------------------------------------------------------------


def _because_hours(row: RankedIdea, calibration: Calibration, reader: str) -> list[str]:
    hours = row.score.hours
    parts = [
        _implement(row, calibration, reader),
        f"runs {numbers.compact(hours.runs)}{_searching(hours)}",
        f"overhead {_short(hours.overhead)}",
        f"later cost {_short(hours.tax)}",
    ]
    return [" + ".join(parts)] if row.score.per_hour else [" + ".join(parts), "not counted: runs are scarce"]


def _searching(hours: Hours) -> str:
    """What a sweep takes of the runs; empty without one."""
    if not hours.configs or not hours.gpu:
        return ""
    searching = numbers.compact(hours.runs * hours.search / hours.gpu)
    return f" (of them {hours.configs} configurations {searching})"


def _implement(row: RankedIdea, calibration: Calibration, reader: str) -> str:
    hours = row.score.hours
    if row.idea.change.runnable:
        return "implement 0 (done)"
    said = "nobody said"
    if hours.said is not None:
        number = _said(hours.people, hours.said, numbers.compact)
        said = f"{_who(row, 'hours', reader)} said {number}"
    told = [f"{numbers.compact(hours.low)}–{numbers.compact(hours.high)}; {said}"]
    told.append(f"record ×{hours.ratio:.2f}{_record(row, calibration)}")
    told += [f"kept complexity ×{hours.slow:.2f}"] if hours.slow > 1 else []
    told += [_spent(hours)] if hours.spent else []
    return f"implement {numbers.compact(hours.implement)} ({', '.join(told)})"


def _record(row: RankedIdea, calibration: Calibration) -> str:
    """How many measured tasks the record rests on, of the least measured of those who spoke."""
    people = _people(row, "hours")
    tasks = min((calibration.person_tasks.get(who, 0) for who in people), default=0)
    if not tasks:
        return ""
    counted = f"from {tasks} task" + ("s" if tasks > 1 else "")
    return f" {counted}" + (", not enough yet" if tasks < ENOUGH_TASKS else "")


def _spent(hours: Hours) -> str:
    return f"{numbers.compact(hours.spent)} of {numbers.compact(hours.implement_total)} spent"


def _short(value: float) -> str:
    """One decimal at most, none where there is nothing behind the point."""
    return f"{round(value, 1):g}"


# -- what would change it ---------------------------------------------------------------------


def _what_would_change_it(row: RankedIdea, above: RankedIdea | None, below: RankedIdea | None) -> str:
    """The smallest change of chance and of hours that swaps the idea with its nearest neighbour."""
    near = _nearest(row, [other for other in (above, below) if other is not None])
    if near is None or row.rank is None:
        return "nothing, it stands alone" if row.rank else f"nothing, it is {_settled(row)}"
    up = near is above
    changes = [change for change in (_chance_change(row, near, up), _hours_change(row, near, up)) if change]
    rank = row.rank - 1 if up else row.rank + 1
    return " · ".join(f"{change} → rank {rank}" for change in changes) or "only a larger gain"


def _nearest(row: RankedIdea, others: Sequence[RankedIdea]) -> RankedIdea | None:
    return min(others, key=lambda other: abs(other.score.value - row.score.value), default=None)


def _chance_change(row: RankedIdea, near: RankedIdea, up: bool) -> str | None:
    """Rounded away from where it is, so that the change which is named suffices."""
    chance = chance_at(row.score, near.score.value)
    if chance is None:
        return None
    return f"chance over {ceil(chance * 100)} %" if up else f"chance under {floor(chance * 100)} %"


def _hours_change(row: RankedIdea, near: RankedIdea, up: bool) -> str | None:
    hours = hours_at(row.score, near.score.value)
    if hours is None:
        return None
    step = ceil(abs(hours - row.score.hours.used) * 10) / 10
    return f"hours {'−' if up else '+'} {_short(max(0.1, step))}"


# -- people -----------------------------------------------------------------------------------


def _people(row: RankedIdea, criterion: str) -> list[str]:
    return [who for who, said in row.idea.estimates.items() if _stated(said, criterion)]


def _said(people: Sequence[Opinion], pooled: float, write: Callable[[float], str]) -> str:
    """What was said: the median of several people; of one, a range as it was said."""
    return stated(people[0], write) if len(people) == 1 else write(pooled)


def _stated(said: Estimate, criterion: str) -> bool:
    return getattr(said, criterion) is not None


def _who(row: RankedIdea, criterion: str, reader: str) -> str:
    """Who said it: `you`, a name, or how many people, whose median it is."""
    people = _people(row, criterion)
    if len(people) > 1:
        return f"{len(people)} people"
    return "you" if not reader or people[0] == reader else people[0]


def _usually(who: str) -> str:
    if who == "you":
        return "you usually say"
    return "they usually say" if who.endswith(" people") else f"{who} usually says"


def _possessive(who: str) -> str:
    if who == "you":
        return "your"
    return "their" if who.endswith(" people") else f"{who}'s"
