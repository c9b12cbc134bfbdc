"""Files from outside as text: size limits, encodings, and what is no text at all."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

from planner.domain.mistake import Mistake

FILE_LIMIT = 64 * 2**20
"""Bytes a file may have."""
ROW_LIMIT = 50_000
"""Rows, runs, trials or issues a source may hold."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_KNOWN_BINARIES = {b"PK\x03\x04": "a spreadsheet or archive: save its sheet as CSV", b"%PDF": "a PDF"}


def read_text(path: Path) -> str:
    """The text of a file, `-` for stdin; a Mistake when it is missing, empty, too large or no text."""
    return decoded(_read_bytes(path), path.name if str(path) != "-" else "stdin")


def _read_bytes(path: Path) -> bytes:
    if str(path) == "-":
        data = sys.stdin.buffer.read(FILE_LIMIT + 1)
    else:
        require_file(path)
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        name = "stdin" if str(path) == "-" else path.name
        raise Mistake(
            f"{name} has more than {FILE_LIMIT // 2**20} MiB; split it, and import the parts in order"
        )
    return data


def require_file(path: Path) -> None:
    """A Mistake unless `path` is a file."""
    if not path.exists():
        raise Mistake(f"there is no file {path}")
    if not path.is_file():
        raise Mistake(f"{path} is no file; give a table, a list, or what a tracker wrote")


def decoded(data: bytes, name: str) -> str:
    """Bytes as text: by their byte order mark, else UTF-8, else Latin-1."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _not_empty(data[len(mark) :].decode(encoding, "replace"), name)
    _refuse_binary(data, name)
    try:
        return _not_empty(data.decode("utf-8"), name)
    except UnicodeDecodeError:
        return _not_empty(data.decode("latin-1"), name)


def _refuse_binary(data: bytes, name: str) -> None:
    for begins, what in _KNOWN_BINARIES.items():
        if data.startswith(begins):
            raise Mistake(f"{name} is no text but {what}")
    head = data[:65536]
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b\x00" for byte in head)
    if head.count(0) > len(head) // 100 or odd > len(head) // 20:
        raise Mistake(f"{name} is no text; an import reads CSV or TSV, and with --ideas Markdown or JSON")


def _not_empty(text: str, name: str) -> str:
    if not text.strip().strip("\x00"):
        raise Mistake(f"{name} is empty")
    return text
