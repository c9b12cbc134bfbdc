"""One execution of one rung with one seed, as it was decided and as it ended."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from planner.domain.fact import fact
from planner.domain.sweep import Sweep

Rung = Literal["check", "tiny", "small", "full", "lr"]
"""A step of the ladder; beside it `lr`, a search for the learning rate, which is nobody's evidence."""
RUNGS: tuple[Rung, ...] = ("check", "tiny", "small", "full")
"""The ladder, cheapest first."""

RunStatus = Literal["queued", "running", "finished", "failed", "stopped", "crashed"]
LIVE: tuple[RunStatus, ...] = ("queued", "running")
"""States of a run that has not ended."""


@fact
class Run:
    """One execution of one rung with one seed."""

    id: str
    """Generated, such as `r12-3fa9`; also the name of its folder."""
    idea: int | None
    """The idea it belongs to; None for a run of the baseline itself."""
    baseline: int
    """Version of the baseline it starts from."""
    rung: Rung
    """The step of the ladder: the one it begins with while it is live, the one it has come to at its end."""
    seed: int
    """The seed of every random generator in the worker."""
    params: dict[str, object]
    """Everything the recipe is given: the baseline's params with the idea's over them."""
    queued_at: str
    """When it was queued, UTC, ISO 8601."""
    order: float
    """Place in the queue; the smallest starts first."""
    ref: str | None = None
    """The git ref whose code it runs; None for the work tree."""
    status: RunStatus = "queued"
    """Where it stands."""
    waits: str = ""
    """Why a queued run has not started, in a few words."""
    job: str | None = None
    """The executor's name for the process that runs it; see `executors`."""
    device: str | None = None
    """UUID of the GPU it was given; None on the CPU."""
    started_at: str | None = None
    """When it was handed to the executor, UTC, ISO 8601."""
    ended_at: str | None = None
    """When it was settled, UTC, ISO 8601."""
    stop_requested: bool = False
    """Whether a person has asked it to stop."""
    cause: str = ""
    """Why it ended as it did, in one sentence; empty when it simply finished."""
    value: float | None = None
    """The goal's metric at the end; None when it was never reported or is not finite."""
    metrics: dict[str, float] = field(default_factory=dict)
    """Every finite metric at the end."""
    hours: float = 0.0
    """Wall hours of the worker."""
    energy_wh: float | None = None
    """Energy of its GPU over the run, watt hours; None when not measured."""
    retry_of: str | None = None
    """The run this one repeats after a crash, a stop or a failure."""
    struck: str | None = None
    """Why a person struck it out, in a sentence: it is nobody's evidence; None while it counts."""
    resumed_from: str | None = None
    """The run whose training it went on with, as known at its end; None when it trained from the start."""
    inherited: int = 0
    """Epochs that run had trained for it."""
    step: int = 0
    """How many simplifications of its rung were undone for it; always 0 but on `small`."""
    covers: tuple[Rung, ...] = ()
    """Further rungs that need not be climbed after it: it has passed them, or they mean nothing for it."""
    commit: str | None = None
    """The commit its ref stood for; None for the work tree, and in records that do not say."""
    config: int | None = None
    """Which configuration of its idea's sweep it tries, from 0; None where no sweep chose its params."""
    replay_of: str | None = None
    """The run it repeats to see whether it comes out the same; such a run is nobody's evidence."""
    rung_params: dict[str, object] | None = None
    """Params that its rung puts over `params`; None in records that do not say."""
    fraction: float | None = None
    """Share of the training data that its rung leaves it; None for all, and in records that do not say."""
    rate: float | None = None
    """The learning rate that a search suggests; None for any other run, and where it found none."""

    @property
    def comparable(self) -> bool:
        """Whether it can be evidence: no replay can, nor a sweep's configuration, nor one struck out."""
        return self.replay_of is None and self.config is None and not self.struck


@fact
class Spec:
    """What a worker is told: written once into the run folder before the run starts."""

    format: int
    """Version of this file's shape; see SPEC_FORMAT."""
    run: str
    """The run's id."""
    project: str
    """Absolute path of the folder whose code runs: the project, or a worktree of the idea's ref."""
    rung: Rung
    """The step of the ladder."""
    seed: int
    """The seed of every random generator."""
    params: dict[str, object]
    """Everything the recipe is given."""
    metric: str
    """The goal's metric, which the run must report."""
    direction: str
    """`max` or `min`."""
    entry: str | None = None
    """The recipe as `module:function`; None when `command` is given."""
    command: tuple[str, ...] | None = None
    """The recipe as a command, with `{param}` places still unfilled."""
    data: tuple[str, ...] = ()
    """Globs of the files whose fingerprint is the data set's."""
    fraction: float | None = None
    """Share of the training data to use, above 0 to 1; None for all."""
    idea: int | None = None
    """The idea's number; None for the baseline."""
    title: str = ""
    """The idea's title, for whoever reads the folder alone."""
    hypothesis: str = ""
    """The idea's hypothesis, likewise."""
    estimates: dict[str, object] = field(default_factory=dict)
    """The frozen estimates by person, likewise."""
    ref: str | None = None
    """The git ref that `project` is a worktree of; None for the user's own work tree."""
    device: str | None = None
    """UUID of the GPU to use; None to use none or the default."""
    grace: float = 20.0
    """Seconds a polite stop may take before the process is ended by force."""
    withheld: bool = False
    """Whether `params` or `command` hold secrets, which the worker is handed and this file leaves out."""
    resume_from: str | None = None
    """The run beside this one whose training it is to go on with; None to train from the start."""
    baseline: int | None = None
    """Version of the baseline it starts from, for a backlog that was lost; None where nobody says."""
    queued_at: str | None = None
    """When it was queued, UTC, ISO 8601, likewise."""
    retry_of: str | None = None
    """The run it repeats, likewise."""
    category: str = ""
    """The idea's category, likewise."""
    tags: tuple[str, ...] = ()
    """The idea's tags, likewise."""
    step: int = 0
    """How many simplifications of its rung were undone for it; `params` and `fraction` say it already."""
    beside: dict[str, object] | None = None
    """What the baseline is given on the same rung; None for the baseline, and in specs that do not say."""
    skip: tuple[str, ...] = ()
    """Questions of the rung that are not asked, by name."""
    test: tuple[str, ...] | None = None
    """A command of the project's own that the rung `check` runs first, and that must end with 0."""
    commit: str | None = None
    """The commit that `project` is a worktree of; None for the user's own work tree."""
    backend: str | None = None
    """Keras's backend as `planner.toml` has it; None to leave it to the worker's environment."""
    silence: float | None = None
    """Minutes without a word after which the worker gives the run up; None for never."""
    config: int | None = None
    """Which configuration of its idea's sweep it tries; None where no sweep chose its params."""
    sweep: Sweep | None = None
    """What its idea searches over, for a backlog that was lost; None without one, or with a secret in it."""
    replay_of: str | None = None
    """The run it repeats to see whether it comes out the same, for a backlog that was lost."""
    through: Rung | None = None
    """The rung up to which the run climbs by itself once it has passed its own; None to stay on its own."""
    baseline_params: dict[str, object] | None = None
    """What that version of the baseline gives the recipe, for whoever reads the folder alone."""


@fact
class Marker:
    """What a run has kept for one that goes on with its training."""

    format: int
    """Version of this shape; see MARKER_FORMAT."""
    epoch: int
    """The epoch at whose end the state was taken; 0 where the recipe keeps its state by itself."""
    file: str | None
    """Name of the file beside the marker that holds the state; None where the recipe keeps it by itself."""
    agrees: dict[str, str]
    """Digests of what must be the same for the run that goes on, by what it is."""


MARKER_FORMAT = 1
"""The shape of `resume.json` that this release writes and reads."""

SPEC_FORMAT = 1
"""The shape of `spec.json` that this release writes and reads."""

STOP_WISH = "stop.json"
"""The file in a run folder that says when a person asked the run to stop."""
