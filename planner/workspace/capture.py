"""One line that captures an idea: a title, and the options of `planner add` anywhere around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict

from planner.domain.mistake import Mistake

if TYPE_CHECKING:
    from planner.domain.settings import Settings

LINE_LIMIT = 32_000
"""Characters a line may have."""

ONE = {
    "-t": "hours",
    "--hours": "hours",
    "-c": "complexity",
    "--complexity": "complexity",
    "-i": "impact",
    "--impact": "impact",
    "-l": "likelihood",
    "--likelihood": "likelihood",
    "--by": "by",
    "--category": "category",
    "--hypothesis": "hypothesis",
    "--ref": "ref",
    "--run-hours": "run_hours",
    "--method": "method",
    "--configs": "configs",
}
"""Options with one value; the last one counts."""
MANY = {
    "--tag": "tags",
    "--set": "params",
    "--after": "after",
    "--sweep": "sweep",
    "--nuisance": "nuisance",
    "--fixed": "fixed",
}
"""Options that may be repeated."""
FLAGS = {"--implemented": "implemented"}
"""Options without a value."""


class Capture(TypedDict, total=False):
    """What `IdeaVerbs.add` takes, as typed; only what the line says is there."""

    title: str
    hours: str
    complexity: str
    impact: str
    likelihood: str
    by: str
    category: str
    tags: list[str]
    hypothesis: str
    params: list[str]
    ref: str
    implemented: bool
    after: list[int]
    run_hours: str
    sweep: list[str]
    nuisance: list[str]
    fixed: list[str]
    method: str
    configs: str


def parse_capture(line: str) -> Capture:
    """What a line says, ready for `IdeaVerbs.add`; a Mistake names the word that can't be understood."""
    if len(line) > LINE_LIMIT:
        raise Mistake(f"the line has {len(line):,} characters; at most {LINE_LIMIT:,} fit")
    words = iter(split(line))
    found: dict[str, object] = {}
    title: list[str] = []
    for word in words:
        if word == "--":
            title.extend(words)
        elif re.match(r"--?[A-Za-z]", word):  # `-`, `->` and `-5` are words of a title
            _take(word, words, found)
        else:
            title.append(word)
    if not any(title):
        raise Mistake("an idea needs a title, such as: label smoothing 0.1 -t 15m -i +0.3pp --tag loss")
    return {"title": " ".join(title), **found}  # type: ignore[typeddict-item]  # its keys are those of the tables


def hint(line: str, settings: Settings) -> str:
    """What `add` would make of the line, in a sentence; a Mistake when it would refuse it."""
    from planner.rules.notation import typed

    said = parse_capture(line)
    parts = [f"“{said['title']}”"]
    if "hours" in said:
        parts.append(f"{_told(*typed.hours_range(said['hours']))} h to implement")
    if "complexity" in said:
        parts.append(f"complexity {_told(*typed.complexity_range(said['complexity']))}")
    if "impact" in said:
        typed.impact_range(said["impact"], settings.goal)
        parts.append(f"{said['impact']} {settings.goal.metric}")
    if "likelihood" in said:
        parts.append(f"chance {_told(*typed.likelihood_range(said['likelihood']), 100)} %")
    if "run_hours" in said:
        parts.append(f"runs of {typed.hours(said['run_hours']):g} h")
    return " · ".join(parts + _plain_parts(said))


def _told(middle: float, ends: tuple[float, float] | None, times: float = 1) -> str:
    """A number, or both ends of a range with the middle that is reckoned with."""
    if ends is None:
        return f"{times * middle:g}"
    low, high = ends
    return f"{times * low:g}–{times * high:g} (middle {times * middle:.2g})"


def _plain_parts(said: Capture) -> list[str]:
    """What needs no unit: params, tags and names."""
    from planner.rules.notation import typed

    sets = dict(map(typed.param, [*said.get("params", []), *said.get("fixed", [])]))
    parts = [f"{name} = {value}" for name, value in sets.items()] + _swept(said, sets)
    parts += [f"#{tag}" for tag in said.get("tags", [])]
    parts += [f"after #{idea}" for idea in said.get("after", [])]
    words = {"category": said.get("category"), "ref": said.get("ref"), "by": said.get("by")}
    return parts + [f"{name} {value}" for name, value in words.items() if value]


def _swept(said: Capture, sets: dict[str, object]) -> list[str]:
    """What is searched over, and how."""
    if not any(part in said for part in ("sweep", "nuisance", "method", "configs")):
        return []
    from planner.rules.notation.sweeping import resweep
    from planner.rules.wording.sweeps import sweep_in_words

    found = resweep(
        None,
        said.get("sweep"),
        nuisance=said.get("nuisance"),
        method=said.get("method"),
        configs=said.get("configs"),
        params=sets,
        since=0,
    )
    return [sweep_in_words(found)] if found else []


def split(line: str) -> list[str]:
    """Words as a shell sees them, but a quote opens only where a word or value begins: don't is a word."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    characters = iter(line)
    for character in characters:
        if quote and character == quote:
            quote = ""
        elif character == "\\" and quote != "'":
            word = (word or "") + _after_backslash(next(characters, ""))
        elif quote:
            word = (word or "") + character
        elif character.isspace():
            words += [] if word is None else [word]
            word = None
        elif character in "\"'" and (word is None or word.endswith("=")):
            quote, word = character, word or ""
        else:
            word = (word or "") + character
    if quote:
        raise Mistake(f"a quote is never closed: {quote}{word}")
    return words if word is None else [*words, word]


def _after_backslash(character: str) -> str:
    """Quotes, blanks and backslashes lose theirs; before anything else it is just a backslash."""
    return character if character in "\"'\\ " and character else f"\\{character}"


def _take(word: str, rest: Iterator[str], found: dict[str, object]) -> None:
    """Take one option and its value, which hangs on it or is the next word."""
    name, value = _name_and_value(word)
    if name in FLAGS:
        if value is not None:
            raise Mistake(f"{name} takes no value: write {name} alone")
        found[FLAGS[name]] = True
        return
    value = next(rest, None) if value is None else value
    if value is None:
        raise Mistake(f"{name} needs a value after it")
    if name in ONE:
        found[ONE[name]] = value
    else:
        entries = found.setdefault(MANY[name], [])
        assert isinstance(entries, list)
        entries.append(_idea_number(value) if name == "--after" else value)


def _name_and_value(word: str) -> tuple[str, str | None]:
    """An option and what hangs on it: `--tag=loss`, `-t15m`."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
    else:
        name, equals, value = word[:2], word[2:], word[2:]
    known = [*ONE, *MANY, *FLAGS]
    if name not in known:
        raise Mistake(f"no option {name!r}; there are {', '.join(known)}")
    return name, value if equals else None


def _idea_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Mistake(f"--after {text!r} is no idea: give its number as the list shows it, such as --after 3")
    return int(text)
