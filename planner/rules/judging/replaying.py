"""Whether a run that was made once more came out the same, within the noise that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.domain.goal import Goal
from planner.domain.ledger import Ledger
from planner.domain.run import LIVE, Run
from planner.rules.judging.comparison import measured_noise, seed_groups
from planner.rules.wording import numbers

CLOSE = 1e-6
"""Relative difference up to which two values count as the same: rounding in another order, no more."""
SHARE = 1.0
"""Seed-to-seed deviations that two runs of one seed may be apart.

Two runs of two seeds are 1.1 of them apart on average. What has the same seed and is as far apart as that
has nothing in common with the first but its settings.
"""

Answer = Literal["exactly", "closely", "within the noise", "not", "open"]
"""How a replay came out; `open` while it has not ended, or was stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A replay beside the run that it repeats."""

    run: str
    """The replay's id."""
    of: str
    """The id of the run that it repeats."""
    answer: Answer
    """How it came out."""
    was: float | None
    """The goal's metric of the run that was repeated."""
    value: float | None
    """The goal's metric of the replay."""
    noise: float | None
    """Seed-to-seed standard deviation in the metric's own unit; None before two seeds of anything ran."""
    sentence: str
    """It, in a sentence."""

    @property
    def reproduced(self) -> bool | None:
        """Whether it came out the same; None while nobody can say."""
        return None if self.answer == "open" else self.answer != "not"


def replayed(again: Run, ledger: Ledger, goal: Goal) -> Replayed:
    """What a replay says of the run that it repeats."""
    first = ledger.runs.get(again.replay_of or "")
    known = any(len(values) > 1 for values in seed_groups(ledger))
    noise = measured_noise(ledger, goal)
    answer, sentence = _judged(first, again, noise, known)
    return Replayed(
        run=again.id,
        of=again.replay_of or "",
        answer=answer,
        was=first.value if first else None,
        value=again.value,
        noise=noise if known else None,
        sentence=sentence,
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What two runs ran on that is not the same, as their contexts tell it; a few words each."""
    found = [
        f"{words}: {_shown(old)} → {_shown(new)}"
        for words, place in PLACES.items()
        if (old := _at(before, place)) != (new := _at(after, place)) and None not in (old, new)
    ]
    packages = [
        f"{name} {_shown(old)} → {_shown(new)}" for name, old, new in _parts(before, after, "packages")
    ]
    imported = [
        f"{name} {_shown(old)} → {_shown(new)}"
        for name, old, new in _parts(before, after, "imported")
        if old and new and KNOWN_AS.get(name, name) not in (before.get("packages") or {})
    ]
    variables = [
        f"{name} {_shown(old)} → {_shown(new)}"
        for name, old, new in _parts(before, after, "environment")
        if not name.startswith("PLANNER_")
    ]
    data = ["the data are others"] if _data(before) != _data(after) else []
    code = [f"{name} is another" for name, old, new in _parts(before, after, "code_files") if old and new]
    return (*data, *packages, *imported, *found, *variables, *code)


KNOWN_AS = {"sklearn": "scikit-learn", "planner": "experiment-planner"}
"""What a package is called, where it is imported by another name."""
PLACES = {
    "python": ("python",),
    "backend": ("backend",),
    "precision": ("dtype_policy",),
    "device": ("device_name",),
    "driver": ("driver",),
    "processor": ("processor",),
    "processors": ("processors",),
    "machine": ("hostname",),
    "system": ("platform",),
    "deterministic operations": ("determinism", "operations"),
}
"""What is compared of two contexts, by what it is called."""


def _judged(first: Run | None, again: Run, noise: float, known: bool) -> tuple[Answer, str]:
    if again.status in LIVE:
        return "open", f"{again.id} is {again.status}: nobody can say yet"
    if again.status in ("stopped", "crashed"):
        return "open", f"{again.id} {again.cause or again.status}: it says nothing of {again.replay_of}"
    if first is None:
        return "open", f"run {again.replay_of} is no longer there to compare with"
    if first.status != again.status or first.value is None or again.value is None:
        return _without_values(first, again)
    return _by_value(first, again, noise, known)


def _without_values(first: Run, again: Run) -> tuple[Answer, str]:
    """Of runs that have no value: how they ended, and why."""
    one, other = _ending(first), _ending(again)
    if one == other:
        return "exactly", f"reproduced: {one} as before"
    return "not", f"not reproduced: {other}, and {one} before"


def _by_value(first: Run, again: Run, noise: float, known: bool) -> tuple[Answer, str]:
    assert first.value is not None
    assert again.value is not None
    apart = abs(again.value - first.value)
    was, now = numbers.metric(first.value), numbers.metric(again.value)
    if again.metrics == first.metrics and apart == 0:
        return "exactly", f"reproduced exactly: {now}, and every other metric is the same"
    if apart <= CLOSE * max(1.0, abs(first.value)):
        return "closely", f"reproduced: {now}, the same to {CLOSE:g}"
    share = apart / noise if noise else float("inf")
    of_what = "the noise of seeds" if known else "what is taken for the noise of seeds before two have run"
    if share <= SHARE:
        return "within the noise", f"reproduced within {of_what}: {now} against {was}, {share:.2g} of it"
    return "not", f"not reproduced: {now} against {was}, {share:.1f} times {of_what}"


def _ending(run: Run) -> str:
    """How a run ended, without what is another at each time."""
    if run.status == "failed":
        return f"failed ({run.cause})"
    return "finished" if run.value is None else f"finished with {numbers.metric(run.value)}"


def _parts(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> list[tuple[str, Any, Any]]:
    """The parts of a table in two contexts that are not the same, those that only one has too."""
    old, new = before.get(name) or {}, after.get(name) or {}
    return [
        (part, old.get(part), new.get(part))
        for part in sorted({*old, *new})
        if old.get(part) != new.get(part)
    ]


def _data(context: Mapping[str, Any]) -> tuple[object, ...]:
    data = context.get("data") or {}
    files = context.get("data_files") or {}
    parts = [(data.get(name) or {}).get("sha256") for name in ("train", "validation")]
    return (files.get("sha256"), *parts)


def _at(context: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    value: Any = context
    for name in place:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
