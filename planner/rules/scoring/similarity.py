"""How much two ideas resemble each other: by their words and tags, and by their category."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from planner.rules.defaults import SAME_CATEGORY

_WORD = re.compile(r"[^\W\d_]\w{2,}")
_STOPPED = "the and for with from use using try add into than new more less"
STOP_WORDS = frozenset(_STOPPED.split())
"""Words that tie no two ideas together."""
NO_CATEGORY = "other"
"""The category that makes no two ideas relatives."""


def words(title: str, tags: Iterable[str] = ()) -> frozenset[str]:
    """The title's words of three letters or more and the tags, in lower case, without stop words."""
    return _words(title, tuple(tags))


@lru_cache(maxsize=32_768)
def _words(title: str, tags: tuple[str, ...]) -> frozenset[str]:
    """Remembered, since a ranking asks for the words of every title again and again."""
    named = [word for word in _WORD.findall(title.lower()) if word not in STOP_WORDS]
    return frozenset(named + [tag.lower() for tag in tags])


def similarity(words: Collection[str], category: str, other_words: Collection[str], other: str) -> float:
    """0 to 1: the larger of the Jaccard index of the words and 0.3 for the same category."""
    return max(jaccard(words, other_words), SAME_CATEGORY if same_category(category, other) else 0.0)


def jaccard(one: Collection[str], other: Collection[str]) -> float:
    """Words that both have over words that either has; 0 when neither has any."""
    either = frozenset(one).union(other)
    return len(frozenset(one).intersection(other)) / len(either) if either else 0.0


def same_category(one: str, other: str) -> bool:
    """Whether two categories tie their ideas together; `other` ties nothing."""
    return one == other and one != NO_CATEGORY
