"""Content codings undone, within bounds. Pure."""

from __future__ import annotations

import zlib

_GZIP = 16 + zlib.MAX_WBITS


class CodingError(ValueError):
    """A body that is not coded as its header says; its text says how."""


class TooLargeError(ValueError):
    """A body that grows beyond the bound."""


def decode_body(data: bytes, coding: str, largest: int) -> bytes:
    """A body without its content coding (RFC 9110, section 8.4). Raises CodingError, TooLargeError."""
    codings = [name for part in coding.split(",") if (name := part.strip().casefold()) and name != "identity"]
    if not data or not codings:
        return data
    if codings not in (["gzip"], ["x-gzip"]):
        raise CodingError(f"coded as {coding}, which was not asked for")
    try:
        return _unzip(data, largest)
    except zlib.error:
        raise CodingError("said to be gzip, but is not") from None


def _unzip(data: bytes, largest: int) -> bytes:
    found = b""
    while data:
        unzip = zlib.decompressobj(_GZIP)
        found += unzip.decompress(data, largest - len(found) + 1)
        if len(found) > largest:
            raise TooLargeError
        if not unzip.eof:
            raise CodingError("its gzip ends early")
        data = unzip.unused_data
    return found
