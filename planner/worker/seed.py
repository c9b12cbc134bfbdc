"""One seed for every random generator, also of the libraries that a recipe imports late.

Each generator begins with the seed and goes on undisturbed, whatever is imported when: importing a library
neither draws from the others nor seeds them again.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from planner.worker import tensorflow
from planner.worker.preload import changed, preloaded

Sower = Callable[[Any, int], None]
"""Seeds one library: given its module and the seed."""

SOWERS: dict[str, Sower] = {
    "numpy": lambda numpy, seed: numpy.random.seed(seed),
    "tensorflow": tensorflow.sow,
    "torch": lambda torch, seed: torch.manual_seed(seed),
    "keras": lambda keras, seed: keras.utils.set_random_seed(seed),
}
"""The libraries with a generator of their own."""


STATES: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], None]]] = {
    "random": (lambda module: module.getstate(), lambda module, state: module.setstate(state)),
    "numpy": (lambda numpy: numpy.random.get_state(), lambda numpy, state: numpy.random.set_state(state)),
    "torch": (lambda torch: torch.get_rng_state(), lambda torch, state: torch.set_rng_state(state)),
}
"""How the state of a generator is taken and put back, where another library's import may move it."""


EARLY: set[str] = set()
"""Variables that the project's code had set before it imported a library that may have read them."""


def sow(seed: int) -> None:
    """Seed Python's generator and those of the libraries that are loaded, in sight or not."""
    random.seed(seed)
    known = preloaded()
    if known is not None:
        known.obey()
    with contextlib.nullcontext() if known is None else known.in_sight():
        for name, sower in SOWERS.items():
            if name in sys.modules:
                sower(sys.modules[name], seed)


@contextlib.contextmanager
def sown(seed: int) -> Iterator[None]:
    """Seed what is loaded, and within the block each further library as soon as somebody imports it.

    Importing Keras takes seconds, so a run that never needs it must not pay for it.
    """
    EARLY.clear()
    sow(seed)
    finder = _OnArrival(seed)
    # Behind what was imported before the run was known, which is seeded already.
    sys.meta_path.insert(0 if preloaded() is None else 1, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _OnArrival(MetaPathFinder):
    """Seeds a library when it is imported for the first time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._waiting = {name for name in SOWERS if name not in sys.modules}
        self._there = {"random", *(name for name in SOWERS if name in sys.modules)}
        self._arrived: list[str] = []
        self._depth = 0
        self._environment = dict(os.environ)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The library's usual spec with a loader that seeds it afterwards; None for any other module."""
        if fullname not in self._waiting:
            return None
        self._waiting.remove(fullname)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Sowing(spec.loader, fullname, self)
        return spec

    @contextlib.contextmanager
    def arriving(self, name: str) -> Iterator[None]:
        """Around the import of one library: what came with it is seeded when the outermost is there."""
        kept = _taken(self._there) if self._depth == 0 else {}
        if self._depth == 0:
            EARLY.update(changed(self._environment))
        self._depth += 1
        try:
            yield
            self._arrived.append(name)
        finally:
            self._depth -= 1
            if self._depth == 0:
                for newcomer in self._arrived:
                    SOWERS[newcomer](sys.modules[newcomer], self._seed)
                self._there.update(self._arrived)
                self._arrived.clear()
                _put_back(kept)


def _taken(libraries: Collection[str]) -> dict[str, Any]:
    """The states of their generators."""
    return {name: STATES[name][0](sys.modules[name]) for name in STATES if name in libraries}


def _put_back(kept: dict[str, Any]) -> None:
    for name, state in kept.items():
        STATES[name][1](sys.modules[name], state)


class _Sowing(Loader):
    """Loads a module as its own loader would, then has it seeded."""

    def __init__(self, loader: Loader, name: str, arrivals: _OnArrival) -> None:
        self._loader = loader
        self._name = name
        self._arrivals = arrivals

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the module's own loader creates."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Hand the module back to its own loader, which others may ask for its resources, and seed it."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        with self._arrivals.arriving(self._name):
            self._loader.exec_module(module)
