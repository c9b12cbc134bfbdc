"""Which ideas are relatives, and what finished relatives do to a score."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import pytest
from hypothesis import given

from planner.domain.calibration import Calibration
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.rules.scoring.relatives import Relatives
from planner.rules.scoring.score import score
from planner.rules.scoring.similarity import similarity, words
from tests.rules.scoring_facts import SETTINGS, finished, idea, some_idea, some_ledger, tried


def test_words_are_three_letters_or_more_without_stop_words() -> None:
    assert words("Try the new EMA of weights, with lr 0.1 and x2y") == {"ema", "weights", "x2y"}


def test_tags_count_as_words_whatever_their_case() -> None:
    assert words("mixup", ("Loss", "lr")) == {"mixup", "loss", "lr"}


def test_words_of_other_alphabets_are_words() -> None:
    assert words("größere Netze, потеря") == {"größere", "netze", "потеря"}


def test_similarity_is_the_share_of_common_words() -> None:
    assert similarity({"label", "smoothing"}, "loss", {"label", "noise"}, "data") == pytest.approx(1 / 3)


def test_a_category_ties_ideas_without_a_common_word() -> None:
    assert similarity({"mixup"}, "augmentation", {"cutmix"}, "augmentation") == 0.3


def test_the_category_other_ties_nothing() -> None:
    assert similarity({"mixup"}, "other", {"cutmix"}, "other") == 0


def test_ideas_without_words_are_no_relatives() -> None:
    assert similarity(words("a 1"), "loss", words("b 2"), "data") == 0


def naive(one: Idea, calibration: Calibration) -> tuple[float, float]:
    """M and overlap, straight from their definition."""
    others = [
        (similarity(words(one.title, one.tags), one.category, each.words, each.category), each)
        for each in calibration.finished
        if each.idea != one.id
    ]
    seen = sum(near * each.weight * each.q for near, each in others)
    expected = sum(near * each.weight * each.expected for near, each in others)
    return (2 + seen) / (2 + expected), prod(1 - 0.4 * near for near, each in others if each.kept)


@tried
@given(some_ledger(), some_idea(99))
def test_the_index_of_relatives_answers_like_the_formula(made: Ledger, stranger: Idea) -> None:
    for one in [*made.ideas.values(), stranger]:
        found = score(one, made.calibration, SETTINGS)
        multiplier, overlap = naive(one, made.calibration)
        assert found.chance.relatives == pytest.approx(multiplier, rel=1e-9)
        assert found.gain.overlap == pytest.approx(overlap, rel=1e-9)


def test_wins_of_relatives_raise_the_chance_and_lower_the_gain() -> None:
    won = Calibration(finished=(finished(1, "mixup alpha", category="augmentation", kept=True),))
    before, after = score(idea(2, "mixup"), Calibration(), SETTINGS), score(idea(2, "mixup"), won, SETTINGS)
    assert after.chance.used > before.chance.used
    assert after.gain.used < before.gain.used


def test_a_win_that_was_not_kept_leaves_its_relatives_their_gain() -> None:
    won = Calibration(finished=(finished(1, "mixup alpha", kept=False),))
    assert score(idea(2, "mixup"), won, SETTINGS).gain.overlap == 1


def test_a_finished_idea_is_not_its_own_relative() -> None:
    done = Calibration(finished=(finished(1, "mixup", category="loss", kept=True),))
    found = score(idea(1, "mixup", category="loss"), done, SETTINGS)
    assert found.chance.relatives == found.gain.overlap == 1
    assert found.chance.nearest == ()


def test_the_three_nearest_are_named_newest_first_among_equals() -> None:
    done = [
        finished(1, "label smoothing"),
        *[finished(number, f"other{number}", category="loss") for number in (2, 3, 4)],
        finished(5, "unrelated"),
    ]
    nearest = Relatives(done).of(idea(9, "label smoothing", category="loss")).nearest
    assert [(each.idea, each.similarity) for each in nearest] == [(1, 1.0), (4, 0.3), (3, 0.3)]


def test_what_is_long_forgotten_is_not_named_unless_it_was_kept() -> None:
    old = finished(1, "mixup", weight=1e-12)
    assert Relatives([old]).of(idea(2, "mixup")).nearest == ()
    assert Relatives([replace(old, kept=True)]).of(idea(2, "mixup")).overlap == pytest.approx(0.6)
