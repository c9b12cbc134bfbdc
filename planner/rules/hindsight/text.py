"""The record of the guesses as lines of plain text, 80 columns wide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from planner.domain.record import (
    ChanceRecord,
    ComplexityRecord,
    GainRecord,
    GroupRecord,
    Habit,
    HoursRecord,
    InForce,
    Record,
)
from planner.rules.hindsight.words import between, missed, not_enough, ratio
from planner.rules.wording import numbers
from planner.rules.wording.display import cells, clean, fit
from planner.rules.wording.numbers import NOTHING

WIDTH = 80
"""Columns that every line fits."""
NAME = 18
"""Columns of a row's name."""
Row = tuple[str, Sequence[str]]
"""A row: its name, and its figures; a single one may run on."""


def record_lines(record: Record) -> tuple[str, ...]:
    """The whole record, a theme at a time, with the worst misses and the calibration in force."""
    if not record.everybody.ideas:
        return (f"No idea{_whose(record)} is resolved yet, so no guess can be judged.", *_force(record))
    return (
        *wrapped(
            f"How good the guesses were: {_count(record.everybody.ideas, 'resolved idea')}{_whose(record)}"
        ),
        *_chances("Chances that people stated", record, lambda group: group.stated),
        *_chances("Chances that the planner gave before the runs", record, lambda group: group.planner),
        *_legend(record.everybody),
        *_hours(record),
        *_gain(record),
        *_complexity(record),
        *_misses(record),
        *_force(record),
    )


def wrapped(text: str, indent: str = "") -> list[str]:
    """The text in lines of at most 80 columns, broken between words; further lines are indented."""
    lines: list[str] = []
    for word in clean(text).split():
        joined = f"{lines[-1]} {word}" if lines else ""
        if lines and cells(joined) <= WIDTH:
            lines[-1] = joined
        else:
            lines.append(fit(f"{indent if lines else ''}{word}", WIDTH))
    return lines


# -- themes ---------------------------------------------------------------------------------------


def _chances(title: str, record: Record, pick: Callable[[GroupRecord], ChanceRecord]) -> Iterator[str]:
    rows: list[Row] = []
    for name, group in _groups(record):
        rows += _chance_rows(name, pick(group), record.enough, bins=group is record.everybody)
    heads = ("ideas", "said", "real", "Brier", "rel.", "res.", "unc.", "log-loss", "skill")
    yield from _section(title, heads, (6, 6, 6, 7, 7, 7, 7, 9, 7), rows)


def _chance_rows(name: str, one: ChanceRecord, enough: int, *, bins: bool) -> Iterator[Row]:
    if one.brier is None:
        yield from _too_few(name, one.ideas, enough)
        return
    scores = (one.brier, one.reliability, one.resolution, one.uncertainty, one.log_loss)
    figures = (
        str(one.ideas),
        _share(one.said),
        _share(one.happened),
        *map(_score, scores),
        _signed(one.skill),
    )
    yield name, figures
    for each in one.bins if bins else ():
        low, high = 100 * each.low, 100 * each.high
        yield f"  {low:.0f} to {high:.0f} %", (str(each.ideas), _share(each.said), _share(each.happened))


def _legend(group: GroupRecord) -> Iterator[str]:
    """What the columns of the chances mean, where there are any."""
    if group.stated.brier is not None or group.planner.brier is not None:
        yield ""
        yield from wrapped(
            "real: mean chance that the effects are real. Brier = reliability − resolution + uncertainty, "
            "lower is better, as is log-loss; skill: above 0 beats saying the base rate each time."
        )


def _hours(record: Record) -> Iterator[str]:
    rows = [row for name, group in _groups(record) for row in _hours_rows(name, group.hours, record.enough)]
    heads = ("ideas", "took/said", "80 % of them", "off by", "planner's", "in its band")
    yield from _section("Hours to implement", heads, (6, 11, 14, 8, 11, 12), rows)


def _hours_rows(name: str, one: HoursRecord, enough: int) -> Iterator[Row]:
    if one.ratio is None and one.inside is None:
        yield from _too_few(name, max(one.ideas, one.planner_ideas), enough)
        return
    spread = NOTHING if one.ratio is None else between(one.low, one.high)
    yield (
        name,
        (
            str(one.ideas),
            _times(one.ratio),
            spread,
            _times(one.off),
            _times(one.planner_off),
            _share(one.inside),
        ),
    )


def _gain(record: Record) -> Iterator[str]:
    rows = [row for name, group in _groups(record) for row in _gain_rows(name, group.gain, record.enough)]
    heads = ("wins", "of forecast", "80 % of them", "of said", "ideas", "expected", "kept")
    yield from _section("Gain in MEI, measured against forecast", heads, (5, 12, 13, 8, 6, 9, 7), rows)


def _gain_rows(name: str, one: GainRecord, enough: int) -> Iterator[Row]:
    if one.ratio is None and one.said_ratio is None and one.expected is None:
        yield from _too_few(name, max(one.ideas, one.said_wins), enough)
        return
    spread = NOTHING if one.ratio is None else between(one.low, one.high)
    totals = (str(one.ideas), numbers.compact(one.expected), numbers.compact(one.kept))
    yield name, (str(one.wins), _times(one.ratio), spread, _times(one.said_ratio), *totals)


def _complexity(record: Record) -> Iterator[str]:
    rows = [
        row
        for name, group in _groups(record)
        for row in _complexity_rows(name, group.complexity, record.enough)
    ]
    yield from _section("Complexity, 0 to 5", ("ideas", "measured − said", "within 1"), (6, 17, 10), rows)


def _complexity_rows(name: str, one: ComplexityRecord, enough: int) -> Iterator[Row]:
    if one.difference is None:
        yield from _too_few(name, one.ideas, enough)
        return
    yield name, (str(one.ideas), f"{one.difference:+.1f}".replace("-", "−"), _share(one.near))


def _misses(record: Record) -> Iterator[str]:
    yield ""
    if not record.misses:
        yield "No guess lost more than a coin toss would have."
        return
    yield "The worst misses, by the information they lost"
    for miss in record.misses:
        yield from wrapped(f"- {missed(miss)}; {miss.bits:.1f} bits lost", "  ")


# -- the calibration ------------------------------------------------------------------------------


def _force(record: Record) -> Iterator[str]:
    force = record.calibration
    made = f", of {force.at[:16].replace('T', ' ')} UTC" if force.at else ""
    yield ""
    yield from wrapped(f"Calibration {force.number} is in force{made}, because: {force.because}", "  ")
    for name, value, means in _learned(force):
        yield fit(f"{name:<16}{value:>14}  {means}", WIDTH)
    heads = ("usual chance", "usual gain", "ideas", "hours", "tasks")
    rows = [("everybody", _habit(force.everybody))]
    rows += [(who, _habit(habit)) for who, habit in force.people.items()]
    yield from _section("What people usually say", heads, (14, 12, 7, 10, 7), rows)
    if force.category_hours:
        ratios = ", ".join(f"{fit(name, NAME)} ×{value:.2f}" for name, value in force.category_hours.items())
        yield from wrapped(f"hours by category, on top of that: {ratios}", "  ")


def _learned(force: InForce) -> Iterator[tuple[str, str, str]]:
    """What was learned about all ideas, with what it means."""
    yield "outcomes", str(force.outcomes), "that it rests on"
    yield "base rate", numbers.chance(force.base), "the chance of an idea nobody has spoken about"
    yield "trust", f"{force.trust:.2f}".replace("-", "−"), trust_means(force.trust)
    wins = "no win yet: what is assumed" if not force.wins else f"from {_count(force.wins, 'win')}"
    yield "an average win", f"{numbers.compact(force.gain)} MEI", wins
    yield "complexity kept", numbers.compact(force.kept_complexity), f"makes work take ×{force.slow:.2f}"
    yield "a full run", numbers.hours(force.run_hours), "measured" if force.run_hours else "not measured yet"


def trust_means(trust: float) -> str:
    """What a mean slope of stated odds means, in a few words."""
    if trust < 0:
        return "stated odds point the wrong way: turned round"
    if trust < 0.25:
        return "stated odds hardly count beside the base rate"
    if trust < 0.8:
        return "stated odds count for less than they claim"
    return "stated odds are taken at their word" if trust <= 1.25 else "stated odds are too timid"


def _habit(habit: Habit) -> Sequence[str]:
    gain, hours = f"{numbers.compact(habit.gain)} MEI", f"×{habit.hours_ratio:.2f}"
    return numbers.chance(habit.chance), gain, str(habit.said), hours, str(habit.tasks)


# -- rows and figures -----------------------------------------------------------------------------


def _groups(record: Record) -> Iterator[tuple[str, GroupRecord]]:
    """Everybody, each person, each category; what only repeats everybody is left out."""
    yield record.by or "everybody", record.everybody
    if record.by is None:
        yield from record.people.items()
    if record.category is None:
        yield from ((f"in {name}", group) for name, group in record.categories.items())


def _section(title: str, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Row]) -> Iterator[str]:
    """A headed table; a theme without any row that has figures is one line."""
    if rows and len(rows[0][1]) == 1:
        yield f"{title}: {rows[0][1][0]}"
        return
    yield ""
    yield title
    yield _line("", heads, widths)
    yield from (_line(name, figures, widths) for name, figures in rows)


def _line(name: str, figures: Sequence[str], widths: Sequence[int]) -> str:
    shown = fit(name, NAME - 1)
    padded = shown + " " * (NAME - cells(shown))
    if len(figures) == 1:
        return padded + figures[0]
    aligned = (f"{figure:>{width}}" for figure, width in zip(figures, widths, strict=False))
    return fit((padded + "".join(aligned)).rstrip(), WIDTH)


def _too_few(name: str, count: int, enough: int) -> Iterable[Row]:
    return [(name, (not_enough(count, enough),))]


def _whose(record: Record) -> str:
    by = f" that {fit(record.by, 30)} spoke about" if record.by is not None else ""
    return f"{by} in {fit(record.category, 30)}" if record.category is not None else by


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _share(value: float | None) -> str:
    return NOTHING if value is None else numbers.chance(value)


def _score(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:+.0f} %".replace("-", "−")


def _times(value: float | None) -> str:
    return NOTHING if value is None else f"×{ratio(value)}"
