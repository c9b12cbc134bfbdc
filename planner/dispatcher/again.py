"""What a replay is told: what the run that it repeats was told, for another folder."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.mistake import Mistake
from planner.domain.run import Run, Spec
from planner.store.redact import REDACTED, redacted_arguments
from planner.store.withheld import restored
from planner.workspace.project import Project


def told_again(project: Project, run: Run, *, code: str = "", device: str | None = None) -> Spec:
    """The recorded spec of the run that is repeated, secrets put back; Mistake where that can't be done."""
    first = project.layout.run(run.replay_of or "").read_spec()
    return replace(
        first,
        run=run.id,
        project=code,
        device=device,
        commit=run.commit,
        params=restored(first.params, run.params) if first.withheld else first.params,
        beside=None if first.beside is None else restored(first.beside, run.params),
        command=_whole_command(first, project.settings.recipe.command) if first.withheld else first.command,
        withheld=False,
        queued_at=run.queued_at,
        resume_from=None,
        retry_of=None,
        replay_of=run.replay_of,
    )


def _whole_command(first: Spec, now: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The command with the secrets in it, as planner.toml has it now."""
    if first.command is None or REDACTED not in "".join(first.command):
        return first.command
    if now is not None and tuple(redacted_arguments(now)) == first.command:
        return now
    raise Mistake(
        f"the command of run {first.run} held a secret, which is not kept, and planner.toml has another "
        "command now"
    )
