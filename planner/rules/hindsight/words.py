"""The record of the guesses in sentences: the misses, and the short form that a review has."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.record import ChanceRecord, GroupRecord, Miss, Record
from planner.rules.wording import numbers
from planner.rules.wording.display import fit
from planner.rules.wording.numbers import chance

LONGEST_TITLE, LONGEST_NAME = 60, 24
"""Columns after which a title and a person's name are cut."""
WORKED, FAILED = 0.9, 0.1
"""From this q up an idea has worked; down to that one it has not."""


def short(record: Record) -> tuple[str, ...]:
    """The record in five or six sentences, everybody's; people's words in them are as they were typed."""
    group, enough = record.everybody, record.enough
    if group.ideas < enough:
        return (f"Too few ideas are resolved to judge the guesses by: {not_enough(group.ideas, enough)}.",)
    return (
        _stated(group.stated, enough),
        _planner(group.planner, enough),
        _hours(group, enough),
        _gain(group, enough),
        _complexity(group, enough),
        *_people(record),
    )


def missed(miss: Miss) -> str:
    """One miss in a sentence: the idea, who said what, and what it was."""
    return f"{miss.idea} · {fit(miss.title, LONGEST_TITLE)}: {fit(miss.by, LONGEST_NAME)} {_missed(miss)}"


def not_enough(count: int, enough: int) -> str:
    """Said instead of a figure that would rest on too little."""
    return f"not enough yet ({count} of {enough})"


def between(low: float | None, high: float | None) -> str:
    """Where four fifths of the ratios lie."""
    return f"{ratio(low)}–{ratio(high)}"


def ratio(value: float | None) -> str:
    """A ratio as short as it can be told."""
    return numbers.compact(value)


def _missed(miss: Miss) -> str:
    if miss.criterion == "likelihood":
        return f"gave it {chance(miss.said)}, and {_became(miss.was)} ({chance(miss.was)})"
    if miss.criterion == "hours":
        said, was = numbers.hours(miss.said), numbers.hours(miss.was)
        return f"said {said}, and it took {was}, {_factor(miss)}"
    said, was = numbers.compact(miss.said), numbers.compact(miss.was)
    return f"expected {said} MEI, and it brought {was}, {_factor(miss)}"


def _factor(miss: Miss) -> str:
    """How far an amount is off; nothing to be divided where there was no gain."""
    if miss.was <= 0:
        return "nothing at all"
    if miss.was > miss.said:
        return f"a factor of {ratio(miss.was / miss.said)} more"
    return f"a factor of {ratio(miss.said / miss.was)} less"


def _became(q: float) -> str:
    return "it worked" if q >= WORKED else "it did not work" if q <= FAILED else "it is undecided"


def _stated(stated: ChanceRecord, enough: int) -> str:
    if stated.said is None or stated.happened is None or stated.brier is None:
        return f"Stated chances: {not_enough(stated.ideas, enough)}."
    return (
        f"Stated chances: people said {chance(stated.said)} on average and {chance(stated.happened)} worked "
        f"({stated.ideas} ideas; Brier score {stated.brier:.2f}, {_against_base(stated)})."
    )


def _planner(planner: ChanceRecord, enough: int) -> str:
    if planner.said is None or planner.happened is None or planner.brier is None:
        return f"The planner's chances: {not_enough(planner.ideas, enough)}."
    return (
        f"The planner's chances: {chance(planner.said)} on average and {chance(planner.happened)} worked "
        f"({planner.ideas} ideas; Brier score {planner.brier:.2f}, {_against_base(planner)})."
    )


def _against_base(record: ChanceRecord) -> str:
    """The skill in words."""
    if record.skill is None or abs(record.skill) < 0.005:
        return "as good as saying the base rate each time"
    side = "better" if record.skill > 0 else "worse"
    return f"{chance(abs(record.skill))} {side} than saying the base rate each time"


def _hours(group: GroupRecord, enough: int) -> str:
    hours = group.hours
    if hours.ratio is None:
        return f"Hours: {not_enough(hours.ideas, enough)}."
    text = (
        f"Hours: work takes {ratio(hours.ratio)} times what people say (median of {hours.ideas} ideas; "
        f"80 % of them {between(hours.low, hours.high)} times)"
    )
    if hours.inside is None:
        return f"{text}."
    inside = round(hours.inside * hours.planner_ideas)
    return f"{text}; {inside} of {hours.planner_ideas} lay in the planner's 80 % band."


def _gain(group: GroupRecord, enough: int) -> str:
    gain = group.gain
    wins = f"wins: {not_enough(gain.wins, enough)}"
    if gain.ratio is not None:
        spread = f"80 % of them {between(gain.low, gain.high)} times"
        wins = f"a win brings {ratio(gain.ratio)} times its forecast (median of {gain.wins} wins; {spread})"
    if gain.expected is None or gain.kept is None:
        return f"Gain: {wins}."
    promised = f"{gain.ideas} ideas were to bring {numbers.compact(gain.expected)} MEI in all"
    return f"Gain: {wins}; {promised} and brought {numbers.compact(gain.kept)}."


def _complexity(group: GroupRecord, enough: int) -> str:
    complexity = group.complexity
    if complexity.difference is None or complexity.near is None:
        return f"Complexity: {not_enough(complexity.ideas, enough)}."
    side = "below" if complexity.difference < 0 else "above"
    return (
        f"Complexity: changes come out {abs(complexity.difference):.1f} points {side} what people say; "
        f"{chance(complexity.near)} within one point ({complexity.ideas} ideas)."
    )


def _people(record: Record) -> Iterator[str]:
    """What each person said and what happened, where several people have spoken."""
    told = [
        f"{fit(who, LONGEST_NAME)} {chance(one.said)} → {chance(one.happened)} ({one.ideas} ideas)"
        for who, one in ((who, group.stated) for who, group in record.people.items())
        if one.said is not None and one.happened is not None
    ]
    if told and len(record.people) > 1:
        yield f"By person, said → worked: {', '.join(told)}."
