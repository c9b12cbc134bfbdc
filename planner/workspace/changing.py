"""What a person types of an idea's change: params, a ref, a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from planner.domain.idea import Change, Idea
from planner.domain.mistake import Mistake
from planner.domain.sweep import Sweep
from planner.rules.notation import limits, typed
from planner.rules.notation.limits import few_enough, short_enough
from planner.workspace.project import Project


class TypedChange(TypedDict, total=False):
    """The parts of a change as typed; None, or not there, for what was not given."""

    params: Sequence[str] | None
    """`lr=0.001` and the like."""
    fixed: Sequence[str] | None
    """More of them, named for what they are beside a sweep."""
    ref: str | None
    """A git branch or commit."""
    implemented: bool | None
    """Whether the recipe in the work tree already carries the idea."""
    sweep: Sequence[str] | None
    """`lr=1e-4..1e-1` and the like."""
    nuisance: Sequence[str] | None
    """Params of the sweep that are searched only to be fair to the others."""
    method: str | None
    """`grid`, `random` or `tpe`."""
    configs: str | None
    """At most so many configurations."""


SWEEPS = ("sweep", "nuisance", "method", "configs")
"""The parts that are a sweep's."""


def new_change(said: TypedChange) -> Change:
    """The change of a new idea."""
    params = _params([*(said.get("params") or ()), *(said.get("fixed") or ())])
    return Change(
        params=params,
        ref=_ref(said.get("ref")),
        implemented=bool(said.get("implemented")),
        sweep=_sweep(None, {name: part for name, part in said.items() if part}, params, since=0),
    )


def edited_change(project: Project, idea: Idea, said: TypedChange) -> Change:
    """The change of an idea with what was typed in place of what it had; empty texts take it away."""
    change, sets = idea.change, (said.get("params"), said.get("fixed"))
    given = [text for part in sets if part is not None for text in part]
    params = _params(given) if sets != (None, None) else change.params
    ref, implemented = said.get("ref"), said.get("implemented")
    return Change(
        params=params,
        ref=change.ref if ref is None else _ref(ref),
        implemented=change.implemented if implemented is None else implemented,
        sweep=_edited_sweep(project, idea, said, params),
    )


def alters(said: TypedChange) -> bool:
    """Whether anything of the change was typed."""
    return any(part is not None for part in said.values())


def _edited_sweep(project: Project, idea: Idea, said: TypedChange, params: dict[str, object]) -> Sweep | None:
    given = {name: part for name, part in said.items() if part is not None}
    if idea.change.sweep is None and not any(name in given for name in SWEEPS):
        return None
    from planner.rules.sweeping.tried import next_number

    since = next_number(project.store.read().runs.values(), idea.id)
    return _sweep(idea.change.sweep, given, params, since=since)


def _sweep(
    old: Sweep | None, said: dict[str, object], params: dict[str, object], *, since: int
) -> Sweep | None:
    if old is None and not any(name in said for name in SWEEPS):
        return None
    from planner.rules.notation.sweeping import resweep  # few ideas sweep, and capture is to be quick

    parts: TypedChange = said  # type: ignore[assignment]  # parts of one, without those not given
    return resweep(
        old,
        parts.get("sweep"),
        nuisance=parts.get("nuisance"),
        method=parts.get("method"),
        configs=parts.get("configs"),
        params=params,
        since=since,
    )


def _params(texts: Sequence[str]) -> dict[str, object]:
    few_enough(texts, "params", limits.PARAMS)
    return dict(typed.param(text) for text in texts)


def _ref(text: str | None) -> str | None:
    if not text:
        return None
    if text.startswith("-") or any(character.isspace() for character in text):
        raise Mistake(
            f"--ref {text!r} is no git branch or commit: write its name, such as --ref cosine-schedule"
        )
    return short_enough(text, "git ref", limits.REF)
