"""A sweep as a person types it: `lr=1e-4..1e-1`, `width=32,64,128`, `dropout=0..0.5:0.1`, and back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import get_close_matches

from planner.domain.mistake import Mistake
from planner.domain.sweep import METHODS, Axis, Method, Sweep
from planner.rules.notation.axis import LIKE, axis, shown
from planner.rules.notation.limits import few_enough
from planner.rules.sweeping.grid import least, natural
from planner.rules.sweeping.values import combinations

MOST_AXES = 20
"""Params a sweep may have."""
MOST_CONFIGS = 1_000
"""Configurations a round may have."""
USUAL_CONFIGS = 20
"""Configurations of a round where nobody says."""


def sweep(
    texts: Sequence[str],
    *,
    nuisance: Sequence[str] = (),
    method: str | None = None,
    configs: str | None = None,
    params: Collection[str] = (),
    since: int = 0,
) -> Sweep:
    """A new sweep from what was typed; `params` are those that the idea sets, and can't be searched over."""
    few_enough(texts, "params to sweep", MOST_AXES)
    axes = tuple(map(axis, texts))
    names = [one.name for one in axes]
    for name in names:
        if names.count(name) > 1:
            raise Mistake(f"sweep names {name} twice; write all its values together")
        if name in params:
            raise Mistake(f"{name} is both set and swept; leave out its --set (or --fixed), or its --sweep")
    if combinations(axes) == 1:
        raise Mistake(f"there is nothing to search: each param has one value; write --set {texts[0]}")
    how = _method(method) if method else _usual_method(axes, configs)
    many = _configs(configs) if configs else _usual_configs(axes, how)
    found = Sweep(axes=_with_nuisance(axes, nuisance), method=how, configs=many, since=since)
    return checked(found)


def resweep(
    old: Sweep | None,
    texts: Sequence[str] | None,
    *,
    nuisance: Sequence[str] | None,
    method: str | None,
    configs: str | None,
    params: Collection[str],
    since: int,
) -> Sweep | None:
    """A sweep with what is given changed; empty `texts` take it away.

    Its rounds are counted anew where its axes change.
    """
    if texts is not None and not texts:
        if nuisance or method or configs:
            raise Mistake("the sweep is taken away, so it has no method, configs or nuisance params")
        return None
    if texts is not None:
        roles = [one.name for one in old.axes if one.nuisance] if old and nuisance is None else nuisance or ()
        names = [text.partition("=")[0].strip() for text in texts]
        kept = roles if nuisance is not None else [name for name in roles if name in names]
        how = method or (old.method if old else None)
        many = configs or (str(old.configs) if old else None)
        return sweep(texts, nuisance=kept, method=how, configs=many, params=params, since=since)
    if old is None:
        if nuisance or method or configs:
            raise Mistake(f"the idea sweeps nothing yet: give --sweep too; {LIKE}")
        return None
    for name in old.names:
        if name in params:
            raise Mistake(f"{name} is swept, so it can't be set as well; leave out its --set (or --fixed)")
    axes = old.axes if nuisance is None else _with_nuisance(old.axes, nuisance)
    how = _method(method) if method else old.method
    return checked(replace(old, axes=axes, method=how, configs=_configs(configs) if configs else old.configs))


def many_configs(text: str, option: str = "") -> int:
    """How many configurations, as typed; a Mistake that names the option where there is one."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_CONFIGS):
        raise Mistake(f"{option}{shown(text)} is no number of configurations; give 1 to {MOST_CONFIGS:,}")
    return int(typed)


# -- parts of it ------------------------------------------------------------------------------


def _method(text: str) -> Method:
    for method in METHODS:
        if text.strip().lower() == method:
            return method
    raise Mistake(f"no method {shown(text)}{_nearest(text, METHODS)}; there are {', '.join(METHODS)}")


def _configs(text: str) -> int:
    return many_configs(text, "--configs ")


def _usual_method(axes: Sequence[Axis], configs: str | None) -> Method:
    """All of them where there are few, else at random."""
    many = combinations(axes)
    return (
        "grid" if many is not None and many <= (_configs(configs) if configs else USUAL_CONFIGS) else "random"
    )


def _usual_configs(axes: Sequence[Axis], method: Method) -> int:
    return min(natural(axes), MOST_CONFIGS) if method == "grid" else USUAL_CONFIGS


def _with_nuisance(axes: Sequence[Axis], names: Sequence[str]) -> tuple[Axis, ...]:
    """The axes with their roles; a Mistake names the param that is none of them."""
    wanted = [name.strip() for name in names if name.strip()]
    known = [one.name for one in axes]
    for name in wanted:
        if name not in known:
            raise Mistake(
                f"--nuisance {shown(name)} is not swept{_nearest(name, known)}; there are {', '.join(known)}"
            )
    return tuple(replace(one, nuisance=one.name in wanted) for one in axes)


def checked(found: Sweep) -> Sweep:
    """The sweep itself, once it can be done; a Mistake says what would be right."""
    if found.method == "grid" and (fewest := least(found.axes)) > found.configs:
        fits = f"give --configs {fewest}, or" if fewest <= MOST_CONFIGS else "write fewer values, or"
        raise Mistake(
            f"the coarsest grid of {', '.join(found.names)} has {fewest:,} configurations, "
            f"more than {found.configs}; {fits} --method random"
        )
    return found


def _nearest(word: str, known: Sequence[str]) -> str:
    found = get_close_matches(word.strip(), known, n=1)
    return f": did you mean {found[0]}?" if found else ""
