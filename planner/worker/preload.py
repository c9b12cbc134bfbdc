"""Libraries imported before the run is known, which come to light where the project's code imports them.

Until then the project's code can't tell them from libraries that nobody has imported. When it imports them it
gets them as they would be: what they read while they are imported must still be what they have read.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

WHOLE = ("keras", "tensorflow")
"""Libraries whose import brings everything else that was imported before."""
LATE = frozenset((
    "CUDA_VISIBLE_DEVICES", "XLA_PYTHON_CLIENT_PREALLOCATE", "TF_FORCE_GPU_ALLOW_GROWTH",
    "TF_CPP_MIN_LOG_LEVEL", "PWD", "OLDPWD",
    "ENABLE_RUNTIME_UPTIME_TELEMETRY", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK",
))  # fmt: skip
"""Variables that are read when a device is first used, change nothing but the log, or that libraries set."""
OURS = "PLANNER_"
"""How the names of the variables begin that no library reads."""

Signature = tuple[int, int, int] | None
"""What tells a file from an edited one; None where there is none."""


class StartAnew(BaseException):
    """This run needs libraries imported afresh: the process has to begin again, before any harm is done."""


class Preloaded(MetaPathFinder):
    """Modules taken out of sight, each put back when it is imported."""

    def __init__(self, modules: Mapping[str, ModuleType], environment: Mapping[str, str]) -> None:
        """`environment` is what they found when they were imported."""
        self._hidden = dict(modules)
        self._left = {name: value for name, value in os.environ.items() if environment.get(name) != value}
        self._specs = {name: module.__spec__ for name, module in modules.items()}
        self._environment = dict(environment)
        self._files = _signatures(modules.values())
        self._backend = _backend(environment)
        self.reason = ""
        """Why the run has to begin anew; empty while nothing says so."""

    def hide(self) -> None:
        """Take the modules out of sight, and stand by for whoever imports one."""
        for name in self._hidden:
            sys.modules.pop(name, None)
        sys.meta_path.insert(0, self)

    @contextlib.contextmanager
    def in_sight(self) -> Iterator[None]:
        """Within the block all of them are there, for the planner's own hand."""
        before = set(sys.modules)
        sys.modules.update(self._hidden)
        try:
            yield
        finally:
            found = [name for name in sys.modules if name not in before and _foreign(name)]
            for name in found:
                self._hidden[name] = sys.modules.pop(name)
                self._specs.setdefault(name, self._hidden[name].__spec__)

    def stale(self, project: Path) -> str:
        """Why a run of this project must not begin in this process; empty when it may."""
        changed = next((path for path, was in self._files.items() if _signature(path) != was), None)
        if changed is not None:
            return f"{changed} has changed since it was imported"
        if twin := next((name for name in _names_in(project) if name in sys.modules), None):
            return f"{twin} of {project} has the name of a module that is imported already"
        return ""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  # importlib's signature
        target: ModuleType | None = None,  # noqa: ARG002  # likewise
    ) -> ModuleSpec | None:
        """Where to get a module that is out of sight; None for one that is not, or that is another now."""
        if fullname not in self._hidden:
            return None
        library = fullname.partition(".")[0]
        self._doubt(self._changed_variable() or (self._moved_any() if library in WHOLE else ""))
        return None if self._moved(library) else ModuleSpec(fullname, _Known(self, self._hidden[fullname]))

    def show(self, fullname: str) -> None:
        """Put a module back, with the rest of its library or, where it brings it along, everything."""
        library = fullname.partition(".")[0]
        if library in WHOLE:
            os.environ.update(self._left)
        for name in [one for one in self._hidden if library in (*WHOLE, one.partition(".")[0])]:
            module = self._hidden.pop(name)
            module.__spec__ = self._specs[name]
            sys.modules.setdefault(name, module)

    def obey(self) -> None:
        """Raise StartAnew once more, in case the project's code has swallowed it."""
        self._doubt(self.reason)

    def _doubt(self, reason: str) -> None:
        if reason:
            self.reason = reason
            raise StartAnew(reason)

    def _changed_variable(self) -> str:
        """What the project's code has set that the libraries read while they are imported."""
        if (now := _backend(os.environ)) != self._backend:
            return f"Keras is to compute with {now}, and was imported with {self._backend}"
        names = changed(self._environment)
        return f"{names[0]} was set before the import that may read it" if names else ""

    def _moved_any(self) -> str:
        libraries = {name.partition(".")[0] for name in self._hidden}
        moved = next((name for name in sorted(libraries) if self._moved(name)), None)
        return f"{moved} would be imported from another place" if moved else ""

    def _moved(self, library: str) -> bool:
        """Whether importing it now would find something else."""
        was = self._specs.get(library)
        if was is None or not was.has_location:
            return False
        now = PathFinder.find_spec(library)
        return now is not None and now.origin != was.origin


class _Known(Loader):
    """Gives back a module that is loaded already."""

    def __init__(self, preloaded: Preloaded, module: ModuleType) -> None:
        self._preloaded = preloaded
        self._module = module

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002  # importlib's signature
        """The module as it is."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to run; what belongs to it comes to light with it."""
        assert module.__spec__ is not None
        self._preloaded.show(module.__spec__.name)


def preload(names: Iterable[str]) -> Preloaded:
    """Import libraries and take them out of sight, with all that they have imported."""
    before, environment = set(sys.modules), dict(os.environ)
    for name in names:
        importlib.import_module(name)
    found = {name: module for name, module in sys.modules.items() if name not in before and _foreign(name)}
    return Preloaded(found, environment)


def preloaded() -> Preloaded | None:
    """What this process has imported before it knew its run; None where it began with the run."""
    return next((finder for finder in sys.meta_path if isinstance(finder, Preloaded)), None)


def changed(before: Mapping[str, str]) -> list[str]:
    """Variables that are no longer what they were, of those that a library may read while it is imported."""
    names = before.keys() | os.environ.keys()
    return sorted(
        name for name in names if before.get(name) != os.environ.get(name) and not _without_effect(name)
    )


def _foreign(name: str) -> bool:
    library = name.partition(".")[0]
    return library not in sys.stdlib_module_names and library not in ("planner", "__mp_main__")


def _without_effect(name: str) -> bool:
    # The backend is compared as Keras would choose it.
    return name in LATE or name.startswith(OURS) or name == "KERAS_BACKEND"


def _backend(environment: Mapping[str, str]) -> str:
    """The backend that Keras would choose, were it imported now."""
    if environment.get("KERAS_BACKEND"):
        return environment["KERAS_BACKEND"]
    try:
        return str(json.loads(_keras_file().read_text()).get("backend", "tensorflow"))
    except (OSError, ValueError, AttributeError):
        return "tensorflow"


def _keras_file() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json"


def _names_in(project: Path) -> list[str]:
    """The modules of Python's own that a file or a folder of the project would stand before."""
    try:
        found = sorted(entry.name for entry in os.scandir(project) if _is_module(entry))
    except OSError:
        return []
    return [name for name in map(_stem, found) if name in sys.stdlib_module_names]


def _is_module(entry: os.DirEntry[str]) -> bool:
    return Path(entry.path, "__init__.py").exists() if entry.is_dir() else entry.name.endswith((".py", ".so"))


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _signatures(modules: Iterable[ModuleType]) -> dict[Path, Signature]:
    """The files that were imported, the planner's own among them, and what Keras reads beside them."""
    loaded = [*modules, *(module for name, module in sys.modules.items() if name.startswith("planner"))]
    named = {file for module in loaded if isinstance(file := getattr(module, "__file__", None), str)}
    paths = [*map(Path, sorted(named)), Path(sys.executable), _keras_file()]
    return {path: _signature(path) for path in paths}


def _signature(path: Path) -> Signature:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
