"""What a run was, so that it can be understood and repeated a year later: context.json and code.patch."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from planner.clock import utc_now
from planner.domain.mistake import Mistake
from planner.domain.run import Spec
from planner.provenance import git
from planner.provenance.digest import of_bytes
from planner.store import encoding, files
from planner.store.redact import redacted, redacted_arguments, without_secrets
from planner.trial import Trial
from planner.worker import hardware, jax, pytorch, tensorflow
from planner.worker.modules import modules, scripts, versions
from planner.worker.recipe import is_keras
from planner.worker.repeatable import settings
from planner.worker.task import Task

PACKAGES = (
    "experiment-planner", "keras", "tensorflow", "jax", "torch", "numpy", "scikit-learn", "scipy", "pandas",
)  # fmt: skip
"""Packages whose versions are written down, where they are installed."""
VARIABLES = (
    "CUDA_", "TF_", "KERAS_", "XLA_", "JAX_", "NCCL_", "OMP_", "SLURM_JOB_", "NVIDIA_VISIBLE_DEVICES",
    "PYTHONHASHSEED", "PLANNER_",
)  # fmt: skip
"""How the names of the environment variables begin that are written down; no others are."""
LONGEST = 200
"""Characters of a value that has no form of its own in JSON."""


class Context:
    """Gathers facts about one run, and keeps context.json up to date with them."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._facts: dict[str, object] = {}
        self._files: dict[str, str] = {}
        self._failed = False

    def begin(self) -> None:
        """What is known before any of the project's code runs."""
        spec = self._task.spec
        packages = _packages()
        self._add(
            at=utc_now(),
            run=spec.run,
            **_wanted(spec),
            planner=packages.get("experiment-planner"),
            argv=redacted_arguments(list(sys.orig_argv)),
            python=platform.python_version(),
            executable=sys.executable,
            platform=platform.platform(),
            hostname=socket.gethostname(),
            processors=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            packages=packages,
            backend=None,
            environment=_environment(),
            device=spec.device,
            **hardware.described(spec.device),
            code=self._code(),
            data_files=self._data_files(),
            data=None,
        )
        if spec.command is not None:
            self.code_in_use()

    def code_in_use(self) -> None:
        """The files of code in use, each as it was when first seen."""
        task, seen = self._task, self._files
        found = scripts(task.spec.command, task.project) if task.spec.command else modules(task.project)
        self._files = {**dict(found), **seen}
        if self._files != seen:  # each writing waits for the disk
            self._add(code_files=dict(sorted(self._files.items())))

    def climbed(self, task: Task) -> None:
        """The run goes on as `task`, one rung further up; what it has passed is covered."""
        self._add(rung=task.spec.rung, covers=list(task.report.covers))

    def trial(self, trial: Trial) -> None:
        """What the recipe returned: the data's fingerprints, the model, how it is to be fitted."""
        from planner.worker import describe

        self._add(
            data=describe.data(trial),
            model=describe.model(trial.model),
            fit=redacted(_plain(dict(trial.fit or {}))),
            **settings(keras=is_keras(trial.model)),
        )

    def end(self) -> None:
        """What is only known once the model has been trained: the GPUs that were really used."""
        self.code_in_use()
        self._add(imported=versions())
        if "determinism" not in self._facts:  # what has a loop of its own may have used anything
            self._add(**settings(keras=self._task.spec.command is None))
        asked = {"tensorflow": tensorflow, "jax": jax, "torch": pytorch}
        told = {f"{name}_devices": library.device_facts() for name, library in asked.items()}
        if used := {name: facts for name, facts in told.items() if facts}:
            self._add(**used)

    def _add(self, **facts: object) -> None:
        self._facts.update(facts)
        try:
            files.write_whole(self._task.folder.context, encoding.encode(_plain(self._facts)))
        except (OSError, Mistake) as error:
            if not self._failed:
                self._task.report.alert(f"what the run ran on could not be written down ({error})")
            self._failed = True

    def _code(self) -> dict[str, Any] | None:
        """The state of the project's repository; the uncommitted changes go to code.patch."""
        try:
            found = git.look(self._task.project, git.LONGER)
            if found is None:
                return None
            code, patch = found
            if patch:
                files.write_whole(self._task.folder.patch, patch)
            told = {"patch": self._task.folder.patch.name, "patch_sha256": of_bytes(patch)} if patch else {}
            return {**asdict(code), "patch": None, "patch_sha256": None, **told}
        except OSError as error:  # a slow git is one too
            self._task.report.alert(f"the code that runs could not be written down ({error})")
            return None

    def _data_files(self) -> dict[str, object] | None:
        """The fingerprint of the files that planner.toml names as the data set's."""
        patterns = self._task.spec.data
        if not patterns:
            return None
        from planner.provenance import fingerprint

        try:
            found = fingerprint.of_files(self._task.project, patterns)
        except OSError as error:
            self._task.report.alert(f"the data's fingerprint could not be taken ({error})")
            return None
        if not found["files"]:
            self._task.report.alert(f"recipe.data in planner.toml matches no file: {', '.join(patterns)}")
        return found


def _wanted(spec: Spec) -> dict[str, object]:
    """What was asked for, of whom it came and what was believed of it, without the secrets in it."""
    baseline = None
    if spec.baseline is not None:
        baseline = {"version": spec.baseline, "params": redacted(encoding.plain(spec.baseline_params))}
    return {
        "idea": spec.idea,
        "title": without_secrets(spec.title),
        "hypothesis": without_secrets(spec.hypothesis),
        "category": without_secrets(spec.category),
        "tags": [without_secrets(tag) for tag in spec.tags],
        "estimates": spec.estimates,
        "rung": spec.rung,
        "step": spec.step,
        "config": spec.config,
        "seed": spec.seed,
        "fraction": spec.fraction,
        "params": redacted(spec.params),
        "baseline": baseline,
        "entry": spec.entry,
        "command": None if spec.command is None else redacted_arguments(spec.command),
        "metric": spec.metric,
        "direction": spec.direction,
        "ref": spec.ref,
        "retry_of": spec.retry_of,
        "replay_of": spec.replay_of,
        "queued_at": spec.queued_at,
    }


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _environment() -> dict[str, object]:
    return {
        name: redacted(value, name)
        for name, value in sorted(os.environ.items())
        if name.startswith(VARIABLES)
    }


def _plain(value: object) -> object:
    """A value in JSON's own kinds; what has no such form as a short text."""
    if isinstance(value, str):  # a file's name may hold bytes that no text has
        return value.encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return repr(value)[:LONGEST]
