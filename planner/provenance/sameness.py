"""Whether the code and the data that a run saw are those that stand there now."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from planner.domain.mistake import Mistake
from planner.provenance import fingerprint, git
from planner.provenance.digest import of_bytes, of_file
from planner.provenance.meaning import does_the_same
from planner.provenance.patch import applied, is_new, sections
from planner.store import files
from planner.store.runfolder import RunFolder

NOTES = frozenset((".md", ".rst", ".ipynb", ".log"))
"""Endings of files that no training reads."""
NOT_READ = frozenset(("planner.toml", ".gitignore", ".gitattributes", "LICENSE"))
"""Files that no training reads."""
CODE = frozenset(
    (
        ".py", ".pyx", ".pyi", ".c", ".cc", ".cpp", ".cu", ".h", ".r", ".jl", ".lua",
        ".sh", ".bash", ".toml", ".yaml", ".yml", ".cfg", ".ini",
    )
)  # fmt: skip
"""Endings of files that count even where nobody has added them to git; any other may be what a run wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run left behind of the code and the data it saw."""

    commit: str | None
    """The commit that was checked out; None outside git."""
    patch: bytes
    """What had not been committed."""
    files: Mapping[str, str]
    """The files of code it used, from the project's folder or absolute, and the digest of each."""
    at: str | None
    """When it began, UTC, ISO 8601."""
    data: str | None
    """The fingerprint of the data files; None where none were named."""
    size: tuple[object, object]
    """How many data files there were, and their bytes together; None for what nobody says."""
    command: bool
    """Whether its recipe was a command, which may have used more files than are known."""


def seen(folder: RunFolder) -> Seen | None:
    """What a run's folder tells; None where it tells nothing of its code."""
    try:
        told = folder.read_context() or {}
        code, data = _section(told, "code"), _section(told, "data_files")
        patch = files.read(folder.patch) if code.get("patch") else b""
    except (OSError, Mistake):  # what is damaged tells nothing
        return None
    used = {str(name): str(digest) for name, digest in _section(told, "code_files").items()}
    commit, sha = code.get("commit"), data.get("sha256")
    if not used and commit is None:
        return None
    return Seen(
        commit=None if commit is None else str(commit),
        patch=patch,
        files=used,
        at=str(told["at"]) if "at" in told else None,
        data=None if sha is None else str(sha),
        size=(data.get("files"), data.get("bytes")),
        command=bool(told.get("command")),
    )


class DataFiles:
    """The data files as they stand now, read once and only where somebody has to know."""

    def __init__(self, project: Path, patterns: tuple[str, ...]) -> None:
        self._project = project
        self._patterns = patterns

    @property
    def named(self) -> bool:
        """Whether planner.toml names any."""
        return bool(self._patterns)

    @cached_property
    def names(self) -> list[str]:
        """The files, as paths from the project."""
        return fingerprint.matches(self._project, self._patterns)

    def same(self, seen: Seen) -> bool:
        """Whether a run saw the files that are there now; true where planner.toml names none."""
        return not self._patterns or (seen.data is not None and not self.changed(seen))

    def changed(self, seen: Seen) -> bool:
        """Whether they have changed since a run began; read only where one was touched since then."""
        if not self._patterns or seen.data is None:
            return False
        return self._touched_since(seen) and self._fingerprint != seen.data

    @cached_property
    def _fingerprint(self) -> str | None:
        try:
            return str(fingerprint.of_files(self._project, self._patterns)["sha256"])
        except OSError:
            return None

    def _touched_since(self, seen: Seen) -> bool:
        try:
            many, size, newest = self._touched
            return seen.size != (many, size) or newest >= datetime.fromisoformat(seen.at or "").timestamp()
        except (OSError, ValueError):  # a file that has just gone, a run that does not say when it began
            return True

    @cached_property
    def _touched(self) -> tuple[int, int, float]:
        return fingerprint.touched(self._project, self._patterns)


class Standing:
    """The code as it stands now, in the work tree or at a commit; each file is looked at once.

    Unanswered where git does not answer in time: what is the same can't be told then.
    """

    def __init__(self, project: Path, data: DataFiles, commit: str | None = None) -> None:
        self._project = project
        self._data = data
        self._ref = commit
        self._commit = commit
        self._patch = b""
        self._looked = False
        self._digests: dict[str, str] = {}
        self._apart: dict[str, list[str] | None] = {}
        self._alike: dict[tuple[str, str], bool] = {}

    def changed(self, seen: Seen) -> tuple[str, ...] | None:
        """The files of code that no longer do what the run saw them do; None where nobody can tell."""
        stale = {name for name, digest in seen.files.items() if not self._is_as_it_was(name, digest, seen)}
        elsewhere = self._elsewhere(seen)
        if elsewhere is None and not seen.files:
            return None
        known = {os.path.normpath(self._place / name) for name in (*seen.files, *self._data.names)}
        stale.update(
            name
            for name, fresh in elsewhere or ()
            if name not in known
            and self._counts(name, fresh=fresh, all_code=seen.command or not seen.files)
            and not (name.endswith(".py") and self._does_the_same(name, seen))
        )
        return tuple(sorted(stale))

    def _is_as_it_was(self, name: str, digest: str, seen: Seen) -> bool:
        """Whether a file of code that the run used does what it did, by its bytes or as Python reads it."""
        if self._digest(name) == digest:
            return True
        if not name.endswith(".py") or Path(name).is_absolute():
            return False
        if (name, digest) not in self._alike:
            place = os.path.normpath(self._place / name)
            self._alike[name, digest] = self._does_the_same(place, seen, digest)
        return self._alike[name, digest]

    def _does_the_same(self, place: str, seen: Seen, digest: str | None = None) -> bool:
        """Whether a Python file, by its name from the repository's top, does what it did when the run began.

        What it was then is put together from commit and patch, and has to have the `digest` that is known.
        """
        then, now = _as_it_was(self._project, seen, place), self._content(place)
        if then is None or now is None or (digest is not None and of_bytes(then) != digest):
            return False
        return does_the_same(then, now)

    def _content(self, place: str) -> bytes | None:
        if self._ref is not None:
            return git.file_at(self._project, self._ref, place)
        try:
            return files.read(self._project / os.path.relpath(place, self._place))
        except OSError:
            return None

    def _counts(self, name: str, *, fresh: bool, all_code: bool) -> bool:
        """Whether a file that differs, and is not among those known to be in use, may matter."""
        path = PurePosixPath(name)
        if path.name in NOT_READ or path.suffix.lower() in NOTES:
            return False
        if path.suffix == ".py":  # what a recipe has imported is known; what a command does is not
            return all_code
        # Where the data are named, any other file of no code is what a run may have written itself.
        return path.suffix.lower() in CODE or not (fresh or self._data.named)

    def _elsewhere(self, seen: Seen) -> list[tuple[str, bool]] | None:
        """Every file that git sees differ, and whether it is in no commit; None where git can't say."""
        self._look()
        if seen.commit is None or self._commit is None:
            return None
        between = self._between(seen.commit)
        if between is None:
            return None
        then, now = sections(seen.patch), sections(self._patch)
        apart = [name for name in then.keys() | now.keys() if then.get(name) != now.get(name)]
        fresh = {name: is_new(now.get(name) or then[name]) for name in apart}
        return [*fresh.items(), *((name, False) for name in between)]

    def _between(self, commit: str) -> list[str] | None:
        assert self._commit is not None
        if commit == self._commit:
            return []
        if commit not in self._apart:
            self._apart[commit] = git.differing(self._project, commit, self._commit)
        return self._apart[commit]

    def _digest(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = self._digest_now(name)
        return self._digests[name]

    def _digest_now(self, name: str) -> str:
        if self._ref is None or Path(name).is_absolute():
            return of_file(self._project / name)
        content = git.file_at(self._project, self._ref, str(self._place / name))
        return "" if content is None else of_bytes(content)

    @cached_property
    def _place(self) -> PurePosixPath:
        """Where the project lies in its repository."""
        return PurePosixPath(git.place_of(self._project) or ".")

    def _look(self) -> None:
        """Ask git once how the work tree stands; the code of a commit is known by it."""
        if self._looked or self._ref is not None:
            return
        found = None
        with contextlib.suppress(PermissionError):  # somebody else's repository tells nothing
            found = git.look(self._project)
        self._looked = True
        if found is not None:
            self._commit, self._patch = found[0].commit, found[1]


def _as_it_was(project: Path, seen: Seen, place: str) -> bytes | None:
    """A file as it was when a run began, from commit and patch; None where they do not tell."""
    section = sections(seen.patch).get(place)
    if section is not None and is_new(section):
        return applied(section, b"")
    content = None if seen.commit is None else git.file_at(project, seen.commit, place)
    return content if content is None or section is None else applied(section, content)


def _section(told: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = told.get(name)
    return part if isinstance(part, Mapping) else {}
