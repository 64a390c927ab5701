"""Which part of a file a reader asks for (RFC 9110 section 14)."""

from __future__ import annotations

import re

Span = tuple[int, int]
_ONE = re.compile(r"\s*(\d*)-(\d*)\s*", re.ASCII)
_MOST_DIGITS = 18


def find_span(header: str, size: int) -> Span | None:
    """The first and the last byte but one that are asked for. None where the whole file is to be sent: for what is
    no range of bytes, and for several, which no feed reader needs. Raises ValueError where no byte lies in it."""
    unit, _, asked = header.partition("=")
    found = _ONE.fullmatch(asked)
    if unit.strip().lower() != "bytes" or not found or not any(found.groups()) or len(header) > 2 * _MOST_DIGITS:
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < begin:
            return None
    if begin >= size or begin >= end:
        raise ValueError(f"no byte of {size} lies in {header!r}")
    return begin, end
