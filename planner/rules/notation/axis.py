"""One param of a sweep as it is typed: `lr=1e-4..1e-1`, `width=32,64,128`, `dropout=0..0.5:0.1`, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from planner.domain.mistake import Mistake
from planner.domain.sweep import Axis
from planner.rules.notation.literal import value_of
from planner.rules.notation.typed import LONGEST, param_name
from planner.rules.sweeping.grid import FEWEST, FINEST
from planner.rules.sweeping.values import ROUNDING, canonical

MOST_CHOICES = 200
"""Values to choose from that one param may have."""
FAR_APART = 30.0
"""A range of positive values is searched on a log scale where its ends are so many times apart."""
LIKE = "write it like lr=1e-4..1e-1, width=32,64,128 or dropout=0..0.5:0.1"
"""What a sweep looks like, for whoever has typed something else."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.{{2,3}}|…)\s*({_NUMBER})((?:\s*:[^:]*)*)", re.ASCII | re.IGNORECASE)
_LIKE_RANGE = re.compile(rf"{_NUMBER}\s*(?:\.{{2,3}}|…)", re.ASCII | re.IGNORECASE)
_TWO_NUMBERS = re.compile(rf"\(?{_NUMBER}\s*(?:[:;~–-]|to)\s*{_NUMBER}\)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_POINTS = re.compile(r"(\d+)\s*(?:p|pts?|points?)", re.ASCII)


def axis(text: str) -> Axis:
    """One param and its values; a Mistake says what would be right.

    After a range may stand, each behind a colon: a step, `log` or `linear`, and `5points` for a grid.
    """
    name, equals, values = text.partition("=")
    name, values = name.strip(), values.strip()
    if not equals or not name or not values:
        raise Mistake(f"sweep {shown(text)} has no param and values; {LIKE}")
    param_name(name)
    found = _RANGE.fullmatch(values)
    if found:
        return _range(name, found, text)
    if _LIKE_RANGE.match(values):
        raise Mistake(f"sweep {shown(text)} is no range of two numbers; {LIKE}")
    return _choices(name, values)


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


def shown(text: str) -> str:
    """What was typed, as an error quotes it: no longer than a line."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


# -- a range ----------------------------------------------------------------------------------


def _range(name: str, found: re.Match[str], text: str) -> Axis:
    low, high = float(found[1]), float(found[2])
    if not (isfinite(low) and isfinite(high)) or max(abs(low), abs(high)) > 1e300:
        raise Mistake(f"sweep {shown(text)} has an end that is not a finite number; {LIKE}")
    if low > high:
        raise Mistake(f"sweep {shown(text)}: the range is upside down; write {name}={found[2]}..{found[1]}")
    if low == high:
        raise Mistake(f"sweep {shown(text)} has one value; write --set {name}={found[1]}")
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
            raise Mistake(f"sweep {shown(text)}: a grid takes {FEWEST} to {FINEST} points of one param")
        return replace(one, points=many)
    if re.fullmatch(_NUMBER, word, re.ASCII | re.IGNORECASE):
        return _with_step(one, word, text)
    raise Mistake(
        f"sweep {shown(text)}: {word!r} is no step and no scale; "
        f"write {one.name}=0..0.5:0.1, or :log, :linear, :5points"
    )


def _scaled(one: Axis, log: bool, text: str) -> Axis:
    if log and one.low is not None and one.low <= 0:
        raise Mistake(f"sweep {shown(text)}: a log scale needs both ends above 0")
    if log and one.step is not None:
        raise Mistake(f"sweep {shown(text)} has a step and a log scale; leave one of them out")
    return replace(one, log=log)


def _with_step(one: Axis, word: str, text: str) -> Axis:
    step = float(word)
    assert one.low is not None, one
    assert one.high is not None, one
    if not 0 < step <= (one.high - one.low) * (1 + ROUNDING):
        raise Mistake(f"sweep {shown(text)}: the step {word} is not between 0 and the width of the range")
    whole = one.whole and _WHOLE.fullmatch(word) is not None
    if (one.high - one.low) / step > 1e6:
        raise Mistake(f"sweep {shown(text)}: the step {word} makes more than a million values; leave it out")
    return replace(one, step=step, whole=whole, log=False)


# -- choices ----------------------------------------------------------------------------------


def _choices(name: str, values: str) -> Axis:
    words = [word.strip() for word in _words(values)]
    if any(map(_misread, words)) or (len(words) == 1 and _TWO_NUMBERS.fullmatch(values)):
        raise Mistake(f"sweep {name}={values} is neither a range nor a list of values; {LIKE}")
    found = [value_of(word, name) for word in words]
    if len(found) > MOST_CHOICES:
        raise Mistake(f"sweep {name} has {len(found):,} values; at most {MOST_CHOICES} fit, or write a range")
    known: set[str] = set()
    for value in found:
        if canonical(value) in known:
            raise Mistake(f"sweep {name} names {_choice_typed(value)} twice; write each value once")
        known.add(canonical(value))
    return Axis(name=name, choices=tuple(found))


def _misread(word: str) -> bool:
    """Whether a word is left of something else, such as `(0.1` of `(0.1, 0.2)`, or dots between commas."""
    if word[:1] in ("'", '"', "[", "{"):
        return False
    return word.count("(") != word.count(")") or re.fullmatch(r"\.{2,}|…", word) is not None


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
    if _LIKE_RANGE.match(text) or _TWO_NUMBERS.fullmatch(text) or _misread(text):
        return False
    return value_of(text, "value") == text


# -- parts ------------------------------------------------------------------------------------


def _far_apart(low: float, high: float) -> bool:
    return low > 0 and high / low >= FAR_APART


def _real_ends(low: float, high: float) -> list[str]:
    """Both ends, so that they are not taken for whole numbers."""
    short = [_real(low), _real(high)]
    return [f"{end:.1f}" for end in (low, high)] if all(map(_WHOLE.fullmatch, short)) else short


def _real(value: float) -> str:
    return repr(value).removesuffix(".0")
