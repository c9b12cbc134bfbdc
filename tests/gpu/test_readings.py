"""Whose memory it is, and which GPUs are read."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from planner.gpu.nvml import Door
from planner.gpu.readings import named, read
from tests.gpu.library import GIB, Card, FakeLibrary, two_cards

NOBODY = 2**22 + 7
"""No process has this number: Linux counts to 2^22."""


@pytest.fixture
def child() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    process.kill()
    process.communicate()


def own_memory(card: Card) -> int | None:
    with Door(FakeLibrary(card)) as door:
        (reading,) = read(door, pid=os.getpid()).readings
    return reading.memory_own


def test_own_memory_counts_the_process_and_its_children_and_no_stranger(child: int) -> None:
    card = Card(compute=[(os.getpid(), 2 * GIB), (child, GIB), (NOBODY, 40 * GIB)])
    assert own_memory(card) == 3 * GIB


def test_own_memory_is_unknown_where_the_driver_lists_no_processes() -> None:
    assert own_memory(Card(compute=None, graphics=None)) is None


def test_own_memory_is_unknown_where_the_driver_hides_the_sizes() -> None:
    assert own_memory(Card(compute=[(os.getpid(), None)])) is None


def test_own_memory_is_unknown_in_a_container_that_sees_other_numbers() -> None:
    assert own_memory(Card(compute=[(NOBODY, 2 * GIB)])) is None


def test_a_watched_process_that_is_gone_is_no_mistake() -> None:
    with Door(FakeLibrary(Card())) as door:
        assert len(read(door, pid=NOBODY).readings) == 1


def test_one_gpu_of_several_is_found_by_its_uuid() -> None:
    library = two_cards()
    with Door(library) as door:
        (reading,) = read(door, uuid=library.cards[1].uuid).readings
    assert reading.index == 1


def test_an_unknown_uuid_is_said_to_be_absent() -> None:
    with Door(two_cards()) as door:
        assert read(door, uuid="GPU-none").absent == "no GPU GPU-none on this machine"


def test_users_are_named_and_the_largest_comes_first(child: int) -> None:
    card = Card(compute=[(NOBODY, GIB), (child, 40 * GIB)], graphics=[(os.getpid(), None)])
    with Door(FakeLibrary(card)) as door:
        users = named(read(door)).users
    assert [user.pid for user in users] == [child, NOBODY, os.getpid()]
    assert users[0].name
    assert users[1].name is None
