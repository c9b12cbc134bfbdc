"""A line that a command prints: the metrics in it, or why it holds none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from planner.worker.cause import STYLE
from planner.worker.report import number_of

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
"""A number that stands in quotes, as also those must that JSON has no spelling for."""
WITHIN = frozenset({"step", "steps", "global_step", "batch", "iteration", "iter", "it", "update"})
"""Keys of a line that tells of a part of an epoch."""
BARE = re.compile(r"([:\[,]\s*)([+-]?)(nan|inf|infinity)(?=\s*[,}\]])", re.IGNORECASE)
"""What C, awk and Perl print of a value that is no number, for which JSON has no spelling."""
BLANK = b"\0 \t\r\n"
"""Bytes of which nothing is seen."""
SHOWN = 80
"""Characters of a line, or of a value, in a sentence."""

Document = dict[str, object]
"""A JSON object."""


def document_of(line: bytes) -> Document | None:
    """The JSON object that a terminal would show in this line; None for every other line."""
    if b"{" not in line or b"}" not in line:  # most lines are none, and may be long
        return None
    text = _seen(line)
    if not (text.startswith("{") and text.endswith("}")):
        return None
    for spelt in (text, BARE.sub(_spelt, text)):
        try:
            document: Document = json.loads(spelt)
        except (ValueError, RecursionError):
            continue
        return document
    return None


def metrics_of(document: Document) -> dict[str, float]:
    """Its values that are numbers, also those in quotes."""
    return {str(name): value for name, raw in document.items() if (value := _number(raw)) is not None}


def is_narration(document: Document, metric: str) -> bool:
    """Whether it is a line of a log that happens to be JSON: neither an epoch nor the metric, but words."""
    if "epoch" in document or metric in document:
        return False
    return any(isinstance(value, str) and _number(value) is None for value in document.values())


def is_within(document: Document, metric: str) -> bool:
    """Whether it tells of a part of the coming epoch, such as a batch."""
    return "epoch" not in document and metric not in document and not WITHIN.isdisjoint(document)


def no_number(document: Document, metric: str) -> str:
    """How the metric stands in it, where that is no number; empty where it is one, or is not there."""
    if metric not in document or _number(document[metric]) is not None:
        return ""
    return f"{metric} is {short(json.dumps(document[metric]))}, which is no number"


def fault_of(lines: Sequence[str], metric: str) -> str:
    """What is wrong with the last of the lines that was meant as metrics, to be appended to a sentence."""
    for line in reversed(lines):
        if fault := _fault(_seen(line.encode()), metric):
            return f"; {fault}"
    return ""


def lost(line: bytes, metric: str, longest: int) -> str:
    """Why nothing is read in a line that begins as metrics do, in a clause; empty for others.

    One of `longest` bytes is a piece of a line, in which no metrics can be found.
    """
    if not line.lstrip(b"\xef\xbb\xbf" + BLANK).startswith(b"{") or document_of(line) is not None:
        return ""
    if len(line) >= longest:
        return f"a line of it is longer than {longest >> 20} MiB, and in such no metrics are looked for"
    text = _seen(line)
    return _fault(text, metric) if f'"{metric}"' in text else ""


def last_words(printed: bytes) -> str:
    """What stands at the end of an output in which nothing was meant as metrics, likewise."""
    lines = [text for line in printed.split(b"\n") if (text := _seen(line))]
    if not lines:
        return "; it printed nothing"
    if not is_text(lines[-1]):
        return "; what it printed is no text"
    return f"; its last line, {short(lines[-1])}, is no JSON object"


def is_text(line: str) -> bool:
    """Whether a line is for people to read."""
    return sum(letter.isprintable() and letter != "\ufffd" for letter in line) > 0.8 * len(line)


def short(text: str) -> str:
    """The beginning of a text, where it is long."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _seen(line: bytes) -> str:
    """What a terminal would show of it: no colours, and nothing that a carriage return has taken back."""
    text = line.decode("utf-8", "replace").strip("\ufeff\0 \t\r\n")
    return STYLE.sub("", text.rpartition("\r")[2]).strip()


def _spelt(found: re.Match[str]) -> str:
    """A value that is no number, as Python's JSON has it."""
    before, sign, word = found.groups()
    if word.casefold() == "nan":
        return f"{before}NaN"
    return f"{before}{sign.replace('+', '')}Infinity"


def _number(raw: object) -> float | None:
    if isinstance(raw, str):
        return float(raw) if NUMBER.fullmatch(raw) else None
    return number_of(raw)


def _fault(text: str, metric: str) -> str:
    """Why the metrics in a line of the log were not taken for such; empty where it holds none."""
    if text in ("{", "}"):
        return "its JSON stands on several lines, and each object must stand on one"
    if not (text.startswith("{") and text.endswith("}")):
        return _wrapped(text, metric)
    document = document_of(text.encode())
    if document is None:
        return f"its line {short(text)} is no JSON ({_complaint(text)})"
    if is_narration(document, metric):
        return f"its line {short(text)} has neither epoch nor {metric}"
    if metrics_of(document):
        return "it printed such lines to its standard error, and only standard output is read"
    return f"its line {short(text)} holds no number"


def _wrapped(text: str, metric: str) -> str:
    """Of a JSON object with something around it."""
    begins, ends = text.find("{"), text.rfind("}")
    inner = document_of(text[begins : ends + 1].encode()) if 0 <= begins < ends else None
    if inner is None or not (metrics_of(inner) or metric in inner):
        return ""
    return f"its line {short(text)} holds more than the object, which must stand alone"


def _complaint(text: str) -> str:
    if text[1:].lstrip().startswith("'"):
        return "its quotes are single ones; Python's json.dumps writes double ones"
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return getattr(error, "msg", "nested too deeply")
    return ""
