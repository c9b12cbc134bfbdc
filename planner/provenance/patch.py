"""Uncommitted changes as one patch: a part for each file, each as git would write it, without secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from planner.store.redact import without_secrets
from planner.store.secret import is_secret_file

LONGEST = 4_000_000
"""Bytes of a patch that are kept."""
CUT = b"\n[cut here: the diff is longer]\n"
"""How a patch ends that was longer."""
LARGEST_FILE = 100_000
"""Bytes of an untracked file that is kept with the patch, at most."""
FILE = re.compile(rb"^(?=diff --git |\[left out: )", re.MULTILINE)
"""Where a patch begins with the next file, or says that it has left one out."""
QUOTED = re.compile(rb'[\0-\x1f\x7f"\\]')
"""What git writes in octal in a name."""
HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@[^\n]*\n", re.MULTILINE)
"""Where a patch begins with the next place in a file: the line of the old file, and how many it is about."""
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
"""One line, the last one perhaps without an end."""
BINARY = b"\nBinary files "
"""What a patch says of a binary file, in place of how it differs."""


def sections(patch: bytes) -> dict[str, bytes]:
    """What a patch says of each file, by its name from the repository's top."""
    parts = (part for part in FILE.split(patch) if part.startswith(b"diff --git "))
    return {name_of(part): part for part in parts}


def is_new(section: bytes) -> bool:
    """Whether what a patch says of a file is that it was added."""
    return b"\nnew file mode " in section


def binaries(patch: bytes) -> list[str]:
    """The binary files that a patch says differ, and not how."""
    return [name for name, part in sections(patch).items() if BINARY in part]


def name_of(section: bytes) -> str:
    """The name that what a patch says of one file bears, from the repository's top."""
    names = section.partition(b"\n")[0].removeprefix(b"diff --git ")
    half = len(names) // 2
    name = names[half + 1 :]
    if names[:half].replace(b"a/", b"b/", 1) != name:  # it was moved: else the same twice, whatever is in it
        name = _last(names)
    return shown(os.fsdecode(_unquoted(name).removeprefix(b"b/")))


def shown(name: str) -> str:
    """A file's name as text that any file of ours can hold, whatever bytes are in it."""
    return os.fsencode(name).decode("utf-8", "replace")


def applied(section: bytes, before: bytes) -> bytes | None:
    """A file as what a patch says of it makes it; None where that does not fit on what it was `before`."""
    old, new, done = LINE.findall(before), list[bytes](), 0
    _, *parts = HUNK.split(section)
    for first, many, hunk in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        start = int(first) - (many != b"0")  # of no old lines it names the one before
        new += old[done:start]
        done = start
        for sign, line in _told(hunk):
            if sign in b" -":
                if old[done : done + 1] != [line]:
                    return None
                done += 1
            if sign in b" +":
                new.append(line)
    return b"".join(new + old[done:]) if parts else None


def _told(hunk: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each line of a hunk with its sign, without an end where the patch says that the file has none."""
    lines = LINE.findall(hunk)
    for line, following in zip(lines, [*lines[1:], b""], strict=True):
        if not line.startswith(b"\\"):
            yield line[:1], line[1:-1] if following.startswith(b"\\") else line[1:]


def discreet(patch: bytes) -> bytes:
    """The patch without the secrets in it: what it says of a file that usually holds some is left out whole.

    Where an unchanged or a removed line held one, the patch no longer applies.
    """
    return b"".join(_of_file(part) for part in FILE.split(patch))


def added(top: Path, name: str) -> bytes | None:
    """A patch that adds one file as git would write it; None for what is too large, secret or no text."""
    if is_secret_file(name):
        return None
    try:
        found = _content(top / name)
    except OSError:
        return None
    if found is None or b"\0" in found[1]:
        return None
    return discreet(_adding(os.fsencode(name), *found))


def _content(path: Path) -> tuple[bytes, bytes] | None:
    """A small file's mode as git has it, and what is in it; of a link, where it leads."""
    if path.is_symlink():
        return b"120000", os.fsencode(path.readlink())
    if not path.is_file() or path.stat().st_size > LARGEST_FILE:
        return None
    return (b"100755" if path.stat().st_mode & 0o100 else b"100644"), path.read_bytes()


def _adding(name: bytes, mode: bytes, content: bytes) -> bytes:
    one, other = _quoted(b"a/" + name), _quoted(b"b/" + name)
    head = b"diff --git %s %s\nnew file mode %s\n" % (one, other, mode)
    if not content:
        return head
    lines = content.removesuffix(b"\n").split(b"\n")  # a carriage return ends no line to git
    body = b"".join(b"+%s\n" % line for line in lines)
    ending = b"" if content.endswith(b"\n") else b"\\ No newline at end of file\n"
    return head + b"--- /dev/null\n+++ %s\n@@ -0,0 +1,%d @@\n" % (other, len(lines)) + body + ending


def _of_file(patch: bytes) -> bytes:
    name = name_of(patch)
    if is_secret_file(name):
        return f"[left out: {name} may hold secrets]\n".encode()
    text = patch.decode("utf-8", "surrogateescape")
    return without_secrets(text, code=name.endswith(".py")).encode("utf-8", "surrogateescape")


def _quoted(name: bytes) -> bytes:
    """A name as git writes it: in quotes where it holds what would end it."""
    if not QUOTED.search(name):
        return name
    return b'"%s"' % QUOTED.sub(lambda sign: b"\\%03o" % sign[0][0], name)


def _last(names: bytes) -> bytes:
    """The second of two names that are not the same."""
    if names.endswith(b'"'):
        return b'"' + names[:-1].rpartition(b' "')[2] + b'"'
    return b"b/" + names.rpartition(b" b/")[2]


def _unquoted(name: bytes) -> bytes:
    if not (name.startswith(b'"') and name.endswith(b'"')):
        return name
    return name[1:-1].decode("unicode_escape").encode("latin-1")  # C's escapes of bytes are Python's too
