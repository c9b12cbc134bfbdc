"""What people say of the ideas of one replicate, as the product's own facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.foresight.truth import Flags, Floats, Luck, Numbers, Truth, centre, sigmoid, spread_of_chance
from benchmarks.foresight.world import World
from planner.domain.estimate import Estimate
from planner.domain.goal import Goal
from planner.domain.idea import Idea
from planner.domain.settings import RungSettings, ScoreSettings, Settings

_BARELY = 1e-12
"""Keeps errors that are wholly shared from being the same to the last bit, which could not be factored."""
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
GOAL = Goal(metric="metric", minimum_effect=1.0)
"""The metric is counted in MEI, so that an impact is a gain in MEI."""


def settings_of(world: World) -> Settings:
    """The project's settings that a careful team in this world would have."""
    return Settings(
        goal=GOAL,
        rungs={"full": RungSettings(seeds=world.seeds, hours=world.run_hours)},
        score=ScoreSettings(gpu_hour=world.gpu_hour),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said, in the middle of those who spoke; one place of each array an idea."""

    chance: Floats
    """Stated chance, 0 to 1."""
    gain: Floats
    """Stated gain in MEI."""
    hours: Floats
    """Stated hours to implement."""
    run_hours: Floats
    """Stated hours of one full run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """Everybody's statements; people by ideas, and whether that person speaks of that idea."""

    speaks: Flags
    chance: Floats
    gain: Floats
    hours: Floats
    complexity: Floats
    run_hours: Floats


def ask(world: World, truth: Truth, luck: Luck) -> tuple[tuple[Idea, ...], Said]:
    """The ideas as the product would hold them, numbered from 1 in order of arrival, and what was said."""
    spoken = _speak(world, truth, luck)
    return _ideas(world, truth, luck, spoken), _middle(spoken)


def _speak(world: World, truth: Truth, luck: Luck) -> _Spoken:
    noise = _Noise(world, luck)
    step, tails = world.said_step, (0.02, 0.98)
    chance = np.clip(np.round(_chances(world, truth, luck, noise) / step) * step, *tails)
    boast = world.gain_person * _by_person(world, luck, "boasting")
    gain = truth.gain * world.gain_bias * np.exp(boast + world.gain_noise * noise("gain"))
    haste = world.hours_person * _by_person(world, luck, "haste")
    haste = (
        haste + world.hours_category * luck.normal("haste of a category", world.categories)[truth.category]
    )
    hours = truth.hours / world.hours_bias * np.exp(-haste + world.hours_noise * noise("hours"))
    complexity = truth.complexity + world.complexity_noise * noise("complexity")
    run_error = world.run_noise * luck.normal("run hours said", world.ideas)
    return _Spoken(
        speaks=_speakers(world, luck),
        chance=chance,
        gain=gain,
        hours=hours,
        complexity=np.clip(np.round(complexity), 0, 5),
        run_hours=truth.run_hours * np.exp(run_error),
    )


def _chances(world: World, truth: Truth, luck: Luck, noise: _Noise) -> Floats:
    """Beliefs around the truth, spoken with less spread than they have and more hope."""
    fashion = world.chance_fashion * luck.normal("fashion", world.categories)[truth.category]
    optimism = world.chance_person * _by_person(world, luck, "optimism")
    true_spread = spread_of_chance(world)
    known = world.said_slope * (truth.log_odds - centre(world.base, true_spread))
    believed = known + fashion + optimism + world.chance_noise * noise("chance")
    spreads = (world.said_slope * true_spread, world.chance_fashion, world.chance_person, world.chance_noise)
    spread = world.said_compression * float(np.linalg.norm(spreads))
    return sigmoid(world.said_compression * believed + centre(world.said_chance, spread))


class _Noise:
    """Errors of everybody's estimates; people by ideas.

    An owner errs alike whether or not colleagues are asked, so that asking them can be compared with not
    asking; what they have in common is put into the colleagues' errors.
    """

    def __init__(self, world: World, luck: Luck) -> None:
        self._world, self._luck = world, luck
        self._in_turn = (_owners(world, luck) + np.arange(world.people)[:, None]) % world.people
        alike = np.full((world.people, world.people), world.shared_error)
        np.fill_diagonal(alike, 1.0 + _BARELY)
        self._mix = np.linalg.cholesky(alike)

    def __call__(self, of: str) -> Floats:
        people, ideas = range(self._world.people), self._world.ideas
        errors = np.stack([self._luck.normal(f"error of {of}, person {who}", ideas) for who in people])
        mixed = self._mix @ np.take_along_axis(errors, self._in_turn, axis=0)
        np.put_along_axis(errors, self._in_turn, mixed, axis=0)
        return errors


def _by_person(world: World, luck: Luck, habit: str) -> Floats:
    """One number a person, as a column."""
    return luck.normal(habit, world.people)[:, None]


def _speakers(world: World, luck: Luck) -> Flags:
    """Who speaks of which idea: its owner, and as many of the next colleagues as there are opinions."""
    turn = (np.arange(world.people)[:, None] - _owners(world, luck)) % world.people
    return np.asarray(turn < world.opinions)


def _owners(world: World, luck: Luck) -> Numbers:
    return luck.below("owner", world.people, world.ideas)


def _middle(spoken: _Spoken) -> Said:
    """Medians over those who spoke, who are as many for every idea."""
    opinions = int(spoken.speaks[:, 0].sum())

    def middle(stated: Floats) -> Floats:
        spoke = np.sort(np.where(spoken.speaks, stated, np.inf), axis=0)[:opinions]
        return np.asarray(np.median(spoke, axis=0))

    return Said(
        chance=middle(spoken.chance),
        gain=middle(spoken.gain),
        hours=middle(spoken.hours),
        run_hours=spoken.run_hours,
    )


def _ideas(world: World, truth: Truth, luck: Luck, spoken: _Spoken) -> tuple[Idea, ...]:
    tags = _tags(world, truth, luck)
    return tuple(_idea(place, tags[place], truth, spoken) for place in range(world.ideas))


def _tags(world: World, truth: Truth, luck: Luck) -> Sequence[str]:
    """The one word by which an idea is known: its family's, or one of its own.

    Ideas carry their family's word with the square root of `visible`, so that this share of its pairs do.
    Titles are numbers, which are no words, so the product finds two ideas of a word equal (1), others of
    one category alike (.3), and all others strangers (0).
    """
    shown = luck.uniform("visible", world.ideas) < np.sqrt(world.visible)
    families = zip(shown, truth.family, strict=True)
    return [f"family-{of}" if seen else f"idea-{place}" for place, (seen, of) in enumerate(families)]


def _idea(place: int, tag: str, truth: Truth, spoken: _Spoken) -> Idea:
    at = timestamp(float(truth.arrives[place]))
    speakers = [int(who) for who in np.flatnonzero(spoken.speaks[:, place])]
    return Idea(
        id=place + 1,
        title=str(place + 1),
        created_at=at,
        created_by=f"person-{speakers[0]}",
        category=f"category-{truth.category[place]}",
        tags=(tag,),
        estimates={f"person-{who}": _estimate(place, who, at, spoken) for who in speakers},
        run_hours=float(spoken.run_hours[place]),
    )


def _estimate(place: int, who: int, at: str, spoken: _Spoken) -> Estimate:
    return Estimate(
        by=f"person-{who}",
        at=at,
        hours=float(spoken.hours[who, place]),
        complexity=float(spoken.complexity[who, place]),
        impact=float(spoken.gain[who, place]),
        likelihood=float(spoken.chance[who, place]),
    )


def timestamp(hour: float) -> str:
    """A working hour of the programme as a moment, UTC, ISO 8601, as if work never paused."""
    return (_BEGINNING + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
