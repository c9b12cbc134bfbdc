"""The simulated worlds: what is true of ideas, and what people say of them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Every number a research programme is drawn from.

    Gains in MEI, times in working hours; a spread is a standard deviation, of log-odds for chances and of
    natural logs for gains and times.
    """

    # -- the backlog ----------------------------------------------------------------------------

    ideas: int = 160
    """Ideas that ever arrive."""
    first: int = 40
    """Ideas on day one."""
    every: float = 4.0
    """Hours between the later ones."""
    horizon: float = 480.0
    """Hours the programme lasts."""
    categories: int = 8
    """Kinds of idea."""
    family: int = 4
    """Mean size of a family of near-duplicates; a family belongs to one category."""

    # -- what is true ---------------------------------------------------------------------------

    base: float = 0.15
    """Share of ideas that work on day one."""
    chance_category: float = 0.4
    """Spread of the chance between categories."""
    chance_family: float = 0.8
    """The same between families."""
    chance_idea: float = 0.6
    """The same between the ideas of a family."""
    drift: float = 0.006
    """Log-odds that every open idea loses per finished one: low-hanging fruit goes first."""
    gain: float = 2.0
    """Median gain of an idea that works."""
    gain_spread: float = 1.0
    """Spread of those gains, the categories' included."""
    gain_category: float = 0.3
    """Spread of those gains between categories."""
    gain_size: float = 0.25
    """Correlation of an idea's gain with its size, inside a category."""
    idle: float = 0.5
    """Share of the ideas that do not work which change next to nothing; the others hurt."""
    idle_spread: float = 0.2
    """Spread of their effect around 0, in MEI."""
    harm_spread: float = 1.5
    """Scale of the half-normal harm of the others, in MEI."""
    hours: float = 5.0
    """Median hours to implement an idea."""
    hours_spread: float = 0.9
    """Spread of those hours; this is what is meant by size."""
    complexity: float = 1.5
    """Mean complexity, before it is rounded and held within 0 to 5."""
    complexity_size: float = 0.7
    """Points that one standard deviation of size adds."""
    complexity_spread: float = 0.9
    """Spread of complexity among ideas of one size."""
    run_hours: float = 3.0
    """Median hours of one full run."""
    run_spread: float = 0.6
    """Spread of those hours."""
    gpu_hour: float = 0.25
    """What an hour of GPU costs in hours of a person."""
    slow: float = 0.02
    """Share by which one kept point of complexity slows later implementation."""
    overlap_family: float = 0.40
    """Share of its remaining gain that a kept idea takes from each of its family."""
    overlap_category: float = 0.12
    """The same from each of its category, its family included."""
    bugs: float = 0.05
    """Share of ideas whose implementation turns out broken: hours without evidence."""
    seed_noise: float = 1.0
    """Seed-to-seed standard deviation of the metric, in MEI."""
    seed_correlation: float = 0.0
    """Correlation of two configurations' results on the same seed."""
    seeds: int = 5
    """Seeds of the baseline, and at most of an idea."""

    # -- what people say ------------------------------------------------------------------------

    people: int = 3
    """People on the team; every idea is one person's."""
    opinions: int = 1
    """People who estimate each idea: its owner, then the colleagues in turn."""
    shared_error: float = 0.0
    """Share of the error variance of an idea's estimates that all who estimate it have in common."""
    said_chance: float = 0.40
    """Mean stated chance."""
    said_slope: float = 1.0
    """What a unit of true log-odds adds to what people believe; 0 knows nothing, below 0 has it backwards."""
    said_compression: float = 0.5
    """What is left of a belief's log-odds once it is spoken."""
    said_step: float = 0.05
    """Chances are said in steps of this, from .02 to .98."""
    chance_noise: float = 1.5
    """Error of one stated chance."""
    chance_fashion: float = 0.8
    """Spread of the shared optimism about a category, which nothing true is behind."""
    chance_person: float = 0.8
    """Spread of personal optimism."""
    gain_bias: float = 1.5
    """Median of stated over true gain."""
    gain_noise: float = 1.0
    """Error of one stated gain."""
    gain_person: float = 0.6
    """Spread of personal boasting."""
    hours_bias: float = 1.25
    """Median of true over stated hours."""
    hours_noise: float = 0.55
    """Error of one stated duration."""
    hours_person: float = 0.35
    """Spread of personal haste."""
    hours_category: float = 0.35
    """Spread of the haste about a category, shared by all."""
    complexity_noise: float = 0.7
    """Error of one stated complexity, in points."""
    run_noise: float = 0.15
    """Error of the stated run hours, which are the idea's and not a person's."""
    visible: float = 0.75
    """Share of the pairs of true near-duplicates that the planner can tell by words or tags."""


TEAM = World()
"""Three people, each estimating what is theirs: the default."""

WORLDS = {
    "team": TEAM,
    "solo": replace(
        TEAM,
        people=1,
        chance_noise=1.2,
        chance_fashion=0.5,
        chance_person=0.0,
        gain_noise=0.8,
        gain_person=0.0,
        hours_person=0.0,
    ),
    "messy": replace(
        TEAM,
        chance_noise=2.0,
        chance_fashion=1.2,
        chance_person=1.2,
        gain_noise=1.2,
        gain_person=0.9,
        hours_noise=0.8,
        hours_person=0.6,
        hours_category=0.6,
        chance_category=0.7,
    ),
    "contrary": replace(TEAM, said_slope=-1.0),
    "noise": replace(
        TEAM, said_slope=0.0, gain_noise=3.0, hours_noise=2.0, hours_person=1.0, hours_category=1.0
    ),
}
"""The worlds by name: a team, one careful person, loud people with strong fashions, people whose stated odds
point the wrong way, and people whose words mean nothing."""
