"""A JSON object that carries the checksum of all its other bytes, so that damage is never read as data."""

from __future__ import annotations

try:
    # CPython's own BLAKE2; going through hashlib would load OpenSSL, 6 ms of every command.
    from _blake2 import blake2b
except ImportError:  # another Python
    from hashlib import blake2b

from planner.store import encoding

BEFORE = b'{"sum":"'
"""What every sealed object begins with."""
"""What a sealed object begins with."""
_AFTER = b'",'
_DIGITS = 32
_BODY = len(BEFORE) + _DIGITS + len(_AFTER)


def digest(data: bytes | memoryview) -> str:
    """The checksum of some bytes: BLAKE2b, 128 bits, as 32 hexadecimal digits."""
    return blake2b(data, digest_size=_DIGITS // 2).hexdigest()


def seal(document: bytes) -> bytes:
    """The JSON object with its checksum as the first key."""
    body = document[1:]
    return BEFORE + digest(body).encode() + _AFTER + body


def unseal(data: bytes) -> encoding.Document:
    """The object under a seal, without the checksum; ValueError when a byte is not as it was written."""
    if not data:
        raise ValueError("it is empty")
    if not data.startswith(BEFORE) or data[_BODY - len(_AFTER) : _BODY] != _AFTER:
        raise ValueError("it does not begin with a checksum")
    if digest(memoryview(data)[_BODY:]).encode() != data[len(BEFORE) : _BODY - len(_AFTER)]:
        raise ValueError("its checksum does not fit its content")
    document: encoding.Document = encoding.load(data)
    del document["sum"]
    return document
