"""What `planner.toml` says, with the defaults filled in."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Literal

from planner.domain.fact import fact
from planner.domain.goal import Goal

Backend = Literal["tensorflow", "jax", "torch"]
"""What Keras computes with."""
SILENCE = 30.0
"""Minutes in which a run of a cheap rung has to say something, where planner.toml does not say."""


@fact
class RecipeSettings:
    """Which function or command builds a trial."""

    entry: str | None = None
    """`module:function` in the project's folder."""
    command: tuple[str, ...] | None = None
    """A command with `{param}` places, for any script that writes metrics as JSON lines."""
    data: tuple[str, ...] = ()
    """Globs of the files whose fingerprint counts as the data set's."""
    backend: Backend | None = None
    """Keras's backend; None to leave it to the environment, Keras's own file and what is installed."""


@fact
class BaselineSettings:
    """What ideas are compared with."""

    params: dict[str, object] = field(default_factory=dict)
    """Params the recipe is given."""


@fact
class RungSettings:
    """What makes one rung what it is."""

    params: dict[str, object] = field(default_factory=dict)
    """Params that replace the trial's own on this rung."""
    fraction: float | None = None
    """Share of the training data, above 0 to 1; None for all."""
    seeds: int = 5
    """At most this many seeds of an idea, and how many the baseline has."""
    hours: float = 1.0
    """Hours one run is thought to take before any was measured."""
    undo: tuple[str, ...] = ()
    """Simplifications of the rung that are undone one after another: names of its params, or `fraction`."""
    skip: tuple[str, ...] = ()
    """Questions of the rung that are not asked, by name, such as `gradients`."""
    test: tuple[str, ...] | None = None
    """A command of the project's own that the rung runs, and that must end with 0."""
    silence: float | None = None
    """Minutes without a word after which a run of it is given up, 0 for never; None for the usual."""

    def undone(self, many: int) -> RungSettings:
        """The rung with the first `many` of its simplifications undone."""
        gone = self.undo[:many]
        params = {name: value for name, value in self.params.items() if name not in gone}
        return replace(self, params=params, fraction=None if "fraction" in gone else self.fraction)

    @property
    def simplifies(self) -> bool:
        """Whether a run of it differs at all from a full one."""
        return bool(self.params) or (self.fraction is not None and self.fraction < 1)


@fact
class DispatchSettings:
    """Where and when runs start."""

    executor: Literal["local", "inline", "slurm", "ray"] = "local"
    """Where runs go."""
    slots: Literal["auto"] | int = "auto"
    """Runs at a time; `auto` is one per free GPU, one on a CPU box."""
    night: str | None = None
    """The hours a plan for the night fills, `22:00-07:00`; nothing waits for them yet."""
    python: str = "auto"
    """The interpreter that trains, if it is not this one."""
    grace: float = 20.0
    """Seconds a polite stop may take before force."""
    standby: bool = True
    """Whether a worker waits for the next run with Keras imported, where the last runs have used it."""


@fact
class ScoreSettings:
    """The few numbers of the score that a project may set."""

    gpu_hour: float = 0.25
    """What an hour of GPU costs in hours of a person."""
    horizon: float = 160.0
    """Hours of later work that added complexity slows down."""
    overhead: float = 1.0
    """Fixed hours every idea costs."""
    bottleneck: Literal["hours", "runs"] = "hours"
    """`runs` ranks by P·G when training, not people, is scarce."""


@fact
class Settings:
    """All of `planner.toml`."""

    goal: Goal
    """Metric, direction, minimum effect, target."""
    recipe: RecipeSettings = field(default_factory=RecipeSettings)
    """What builds a trial."""
    baseline: BaselineSettings = field(default_factory=BaselineSettings)
    """What ideas are compared with."""
    rungs: dict[Literal["check", "tiny", "small", "full"], RungSettings] = field(default_factory=dict)
    """The rungs that differ from their defaults."""
    dispatch: DispatchSettings = field(default_factory=DispatchSettings)
    """Where and when runs start."""
    score: ScoreSettings = field(default_factory=ScoreSettings)
    """Numbers of the score."""

    def silence(self, name: str) -> float | None:
        """Minutes without a word after which a run of the rung is given up; None for never."""
        said = self.rung(name).silence
        if said is None:
            return SILENCE if name in ("check", "tiny") else None
        return said or None

    def rung(self, name: str) -> RungSettings:
        """The settings of one rung, defaults where the file says nothing."""
        return self.rungs.get(name) or RungSettings()  # type: ignore[call-overload]  # any name is a lookup
