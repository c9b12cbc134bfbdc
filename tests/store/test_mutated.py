"""A project whose files were changed at random: all its data, or a sentence and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from planner.store import seal, store
from planner.store.journal import Journal
from tests.drills.figure import Figure
from tests.drills.mutated import mutated

TIMES = 300
SEED = 20261121


def test_whatever_became_of_a_file_is_read_whole_or_refused_with_the_way_back(
    memory: Path, publish: Callable[[Figure], None]
) -> None:
    publish(mutated(TIMES, memory, SEED))


@pytest.mark.parametrize(
    ("room", "name", "careless"),
    [
        (store, "newest_after", lambda *_: None),
        (seal, "digest", lambda _: "0" * 32),
        (Journal, "only_begun", lambda _: True),
    ],
)
def test_the_drill_sees_a_store_that_looks_less_closely(
    room: object, name: str, careless: Callable[..., object], memory: Path
) -> None:
    def found(seed: int) -> bool:
        (folder := memory / str(seed)).mkdir()
        figure = mutated(200, folder, seed)
        return figure.held < figure.tried

    with patch.object(room, name, careless):
        assert any(found(seed) for seed in range(SEED, SEED + 10))  # some draws miss what is rare
