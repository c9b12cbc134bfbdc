"""What may take long is done beside the loop: a later look finds what came of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def beside(work: Callable[[], T], soon: float) -> Future[T]:
    """What comes of the work, which is often there within `soon` seconds; later looks need not wait for it.

    Nobody waits for it when the dispatcher goes.
    """
    future = Future[T]()
    Thread(target=_do, args=(future, work), daemon=True).start()
    wait((future,), soon)
    return future


def _do(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # raised again where somebody asks for it
        future.set_exception(error)
