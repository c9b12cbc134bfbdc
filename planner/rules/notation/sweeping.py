"""A sweep as a person types it: `lr=1e-4..1e-1`, `width=32,64,128`, `dropout=0..0.5:0.1`, and back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from math import isfinite

from planner.domain.mistake import Mistake
from planner.domain.sweep import METHODS, Axis, Method, Sweep
from planner.rules.notation.limits import few_enough
from planner.rules.notation.literal import value_of
from planner.rules.notation.typed import LONGEST, param_name
from planner.rules.sweeping.grid import FEWEST, FINEST, least, natural
from planner.rules.sweeping.values import ROUNDING, canonical, combinations

MOST_AXES = 20
"""Params a sweep may have."""
MOST_CHOICES = 200
"""Values to choose from that one param may have."""
MOST_CONFIGS = 1_000
"""Configurations a round may have."""
USUAL_CONFIGS = 20
"""Configurations of a round where nobody says."""
FAR_APART = 30.0
"""A range of positive values is searched on a log scale where its ends are so many times apart."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.{{2,3}}|…)\s*({_NUMBER})((?:\s*:[^:]*)*)", re.ASCII | re.IGNORECASE)
_LIKE_RANGE = re.compile(rf"{_NUMBER}\s*(?:\.{{2,3}}|…)", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_POINTS = re.compile(r"(\d+)\s*(?:p|pts?|points?)", re.ASCII)
_LIKE = "write it like lr=1e-4..1e-1, width=32,64,128 or dropout=0..0.5:0.1"


def axis(text: str) -> Axis:
    """One param and its values; a Mistake says what would be right.

    After a range may stand, each behind a colon: a step, `log` or `linear`, and `5points` for a grid.
    """
    name, equals, values = text.partition("=")
    name, values = name.strip(), values.strip()
    if not equals or not name or not values:
        raise Mistake(f"sweep {_shown(text)} has no param and values; {_LIKE}")
    param_name(name)
    found = _RANGE.fullmatch(values)
    if found:
        return _range(name, found, text)
    if _LIKE_RANGE.match(values):
        raise Mistake(f"sweep {_shown(text)} is no range of two numbers; {_LIKE}")
    return _choices(name, values)


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
            raise Mistake(f"the idea sweeps nothing yet: give --sweep too; {_LIKE}")
        return None
    for name in old.names:
        if name in params:
            raise Mistake(f"{name} is swept, so it can't be set as well; leave out its --set (or --fixed)")
    axes = old.axes if nuisance is None else _with_nuisance(old.axes, nuisance)
    how = _method(method) if method else old.method
    return checked(replace(old, axes=axes, method=how, configs=_configs(configs) if configs else old.configs))


def as_typed(one: Axis) -> str:
    """An axis as a person would type it: what is read back is the axis, but for its role."""
    return f"{one.name}={values_typed(one)}"


def values_typed(one: Axis) -> str:
    """The values of an axis as a person would type them."""
    if one.choices:
        return ",".join(map(_choice_typed, one.choices))
    assert one.low is not None, one
    assert one.high is not None, one
    ends = [f"{end:.0f}" for end in (one.low, one.high)] if one.whole else _real_ends(one.low, one.high)
    parts = ["..".join(ends)]
    if one.step is not None:
        parts.append(f"{one.step:.0f}" if one.whole else _real(one.step))
    elif one.log != _far_apart(one.low, one.high):
        parts.append("log" if one.log else "linear")
    if one.points is not None:
        parts.append(f"{one.points}points")
    return ":".join(parts)


# -- one axis ---------------------------------------------------------------------------------


def _range(name: str, found: re.Match[str], text: str) -> Axis:
    low, high = float(found[1]), float(found[2])
    if not (isfinite(low) and isfinite(high)) or max(abs(low), abs(high)) > 1e300:
        raise Mistake(f"sweep {_shown(text)} has an end that is not a finite number; {_LIKE}")
    if low > high:
        raise Mistake(f"sweep {_shown(text)}: the range is upside down; write {name}={found[2]}..{found[1]}")
    if low == high:
        raise Mistake(f"sweep {_shown(text)} has one value; write --set {name}={found[1]}")
    whole = bool(_WHOLE.fullmatch(found[1]) and _WHOLE.fullmatch(found[2]))
    one = Axis(name=name, low=low, high=high, whole=whole, log=_far_apart(low, high))
    for word in found[3].split(":")[1:]:
        one = _with_suffix(one, word.strip().lower(), text)
    return one


def _with_suffix(one: Axis, word: str, text: str) -> Axis:
    """An axis with what stands behind a colon."""
    if word in ("log", "linear", "lin"):
        return _scaled(one, word == "log", text)
    if points := _POINTS.fullmatch(word):
        many = int(points[1])
        if not FEWEST <= many <= FINEST:
            raise Mistake(f"sweep {_shown(text)}: a grid takes {FEWEST} to {FINEST} points of one param")
        return replace(one, points=many)
    if re.fullmatch(_NUMBER, word, re.ASCII | re.IGNORECASE):
        return _with_step(one, word, text)
    raise Mistake(
        f"sweep {_shown(text)}: {word!r} is no step and no scale; "
        f"write {one.name}=0..0.5:0.1, or :log, :linear, :5points"
    )


def _scaled(one: Axis, log: bool, text: str) -> Axis:
    if log and one.low is not None and one.low <= 0:
        raise Mistake(f"sweep {_shown(text)}: a log scale needs both ends above 0")
    if log and one.step is not None:
        raise Mistake(f"sweep {_shown(text)} has a step and a log scale; leave one of them out")
    return replace(one, log=log)


def _with_step(one: Axis, word: str, text: str) -> Axis:
    step = float(word)
    assert one.low is not None, one
    assert one.high is not None, one
    if not 0 < step <= (one.high - one.low) * (1 + ROUNDING):
        raise Mistake(f"sweep {_shown(text)}: the step {word} is not between 0 and the width of the range")
    whole = one.whole and _WHOLE.fullmatch(word) is not None
    if (one.high - one.low) / step > 1e6:
        raise Mistake(f"sweep {_shown(text)}: the step {word} makes more than a million values; leave it out")
    return replace(one, step=step, whole=whole, log=False)


def _choices(name: str, values: str) -> Axis:
    found = [value_of(word.strip(), name) for word in _words(values)]
    if len(found) > MOST_CHOICES:
        raise Mistake(f"sweep {name} has {len(found):,} values; at most {MOST_CHOICES} fit, or write a range")
    known: set[str] = set()
    for value in found:
        if canonical(value) in known:
            raise Mistake(f"sweep {name} names {_shown(str(value))} twice; write each value once")
        known.add(canonical(value))
    return Axis(name=name, choices=tuple(found))


def _words(text: str) -> Iterator[str]:
    """What stands between commas, but for those within brackets and quotes."""
    word, depth, quote = "", 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[place - 1] != "\\" else quote
        elif character in "\"'" and (depth or not word.strip()):
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth <= 0:
            yield word
            word = ""
            continue
        word += character
    yield word


def _choice_typed(value: object) -> str:
    from json import dumps

    if isinstance(value, str):
        return value if _plain(value) else dumps(value, ensure_ascii=False)
    return dumps(value, ensure_ascii=False)


def _plain(text: str) -> bool:
    """Whether a text is read back as itself without quotes."""
    if not text or text != text.strip() or any(sign in text for sign in ",[]{}\"'"):
        return False
    return _LIKE_RANGE.match(text) is None and value_of(text, "value") == text


# -- the whole --------------------------------------------------------------------------------


def _method(text: str) -> Method:
    for method in METHODS:
        if text.strip().lower() == method:
            return method
    raise Mistake(f"no method {_shown(text)}{_nearest(text, METHODS)}; there are {', '.join(METHODS)}")


def _configs(text: str) -> int:
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_CONFIGS):
        raise Mistake(f"--configs {_shown(text)} is no number of configurations; give 1 to {MOST_CONFIGS:,}")
    return int(typed)


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
                f"--nuisance {_shown(name)} is not swept{_nearest(name, known)}; there are {', '.join(known)}"
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


# -- parts ------------------------------------------------------------------------------------


def _far_apart(low: float, high: float) -> bool:
    return low > 0 and high / low >= FAR_APART


def _real_ends(low: float, high: float) -> list[str]:
    """Both ends, so that they are not taken for whole numbers."""
    short = [_real(low), _real(high)]
    return [f"{end:.1f}" for end in (low, high)] if all(map(_WHOLE.fullmatch, short)) else short


def _real(value: float) -> str:
    return repr(value).removesuffix(".0")


def _nearest(word: str, known: Sequence[str]) -> str:
    found = get_close_matches(word.strip(), known, n=1)
    return f": did you mean {found[0]}?" if found else ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
