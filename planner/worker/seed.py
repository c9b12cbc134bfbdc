"""One seed for every random generator, also of the libraries that a recipe imports late."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from planner.worker import tensorflow

Sower = Callable[[Any, int], None]
"""Seeds one library: given its module and the seed."""

SOWERS: dict[str, Sower] = {
    "numpy": lambda numpy, seed: numpy.random.seed(seed),
    "tensorflow": tensorflow.sow,
    "torch": lambda torch, seed: torch.manual_seed(seed),
    "keras": lambda keras, seed: keras.utils.set_random_seed(seed),
}
"""The libraries with a generator of their own."""


def sow(seed: int) -> None:
    """Seed Python's generator and those of the libraries that are loaded."""
    random.seed(seed)
    for name, sower in SOWERS.items():
        if name in sys.modules:
            sower(sys.modules[name], seed)


@contextlib.contextmanager
def sown(seed: int) -> Iterator[None]:
    """Seed what is loaded, and within the block each further library as soon as somebody imports it.

    Importing Keras takes seconds, so a run that never needs it must not pay for it.
    """
    finder = _OnArrival(seed)
    sow(seed)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _OnArrival(MetaPathFinder):
    """Seeds a library when it is imported for the first time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._waiting = {name: sower for name, sower in SOWERS.items() if name not in sys.modules}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The library's usual spec with a loader that seeds it afterwards; None for any other module."""
        sower = self._waiting.pop(fullname, None)
        spec = PathFinder.find_spec(fullname, path, target) if sower else None
        if spec is not None and spec.loader is not None and sower is not None:
            spec.loader = _Sowing(spec.loader, sower, self._seed)
        return spec


class _Sowing(Loader):
    """Loads a module as its own loader would, then seeds it."""

    def __init__(self, loader: Loader, sower: Sower, seed: int) -> None:
        self._loader = loader
        self._sower = sower
        self._seed = seed

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the module's own loader creates."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Hand the module back to its own loader, which others may ask for its resources, and seed it."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._sower(module, self._seed)
